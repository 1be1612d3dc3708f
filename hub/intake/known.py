"""What the hub tells those who design a workflow, and a workflow that asks how it went."""

from collections.abc import Sequence

from hub.contract import Known, Progress
from hub.store import callbacks, templates
from hub.store.database import Row
from hub.store.ground import Ground


def known_of(ground: Ground, connection: Row) -> Known:
    """This connection's templates, and what became of its requests."""
    workspace_id = connection["workspace_id"]
    with ground.database.begin() as db:
        found = templates.by_workspaces(db, [workspace_id]).values()
    named = sorted((str(t["slug"]), str(t["title"])) for t in found)

    def progress(references: Sequence[str]) -> list[Progress]:
        now = ground.clock()
        with ground.database.begin() as db:
            standing = callbacks.standing(db, connection["id"], references)
        unknown = "Nothing was asked under this reference."
        return [
            callbacks.progress_of(standing[name], now)
            if name in standing
            else Progress(name, "unknown", sentence=unknown)
            for name in references
        ]

    return Known(tuple(named), progress, ground.hook_url(connection))
