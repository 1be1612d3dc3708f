"""Opening: the way into a workspace's sandbox and out again, its first rows, and starting over."""

from contextlib import suppress
from pathlib import Path
from uuid import UUID

from hub.automations.seed import plant
from hub.connections import sandbox
from hub.store import automations, sandboxes, sessions
from hub.web.pages.visits import Visit


def is_inside(visit: Visit) -> bool:
    """Whether they are in a sandbox now."""
    return bool((visit.seat or {}).get("is_sandbox"))


def real_of(visit: Visit) -> UUID:
    """The real workspace: the one they are in, or whose sandbox they are in."""
    found: UUID = (visit.seat or {}).get("sandbox_of") or visit.workspace_id
    return found


def known(visit: Visit) -> UUID | None:
    """The sandbox of their workspace, if it has one."""
    with visit.ground.database.begin() as db:
        return sandboxes.of(db, real_of(visit))


def enter(visit: Visit) -> None:
    """Into the sandbox; made at first, with the automations that ship with Relais, all live."""
    with visit.ground.database.begin() as db:
        made = sandboxes.make(db, real_of(visit))
        if not automations.by_workspaces(db, [made]):
            plant(db, made, Path(visit.ground.settings.templates), visit.ground.clock())
        sessions.move(db, (visit.seat or {})["id"], made)
    sandbox.want(visit.ground)


def leave(visit: Visit) -> None:
    """Back to the real workspace."""
    with visit.ground.database.begin() as db:
        sessions.move(db, (visit.seat or {})["id"], real_of(visit))


def start_over(visit: Visit) -> None:
    """A new sandbox in place of this one: nothing has happened in it, its clock is ours; templates
    and automations are as they were. Everybody who is in the old one is in the new one."""
    old, real = visit.workspace_id, real_of(visit)
    with visit.ground.database.begin() as db:
        sandboxes.end(db, old, visit.ground.clock())
        new = sandboxes.make(db, real)
        sandboxes.carry_over(db, old, new, visit.ground.clock())
        sessions.move_all(db, old, new)
    with suppress(sandbox.Away, sandbox.Refused):
        sandbox.ask(visit.ground, old, "close")
    sandbox.want(visit.ground)
