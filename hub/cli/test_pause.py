"""`hub pause` and `hub resume`: one switch for all, or for one workspace."""

from typing import Any
from uuid import UUID

from hub.store import workspaces
from hub.store.database import new_id
from hub.store.ground import Ground


def _paused(ground: Ground) -> list[Any]:
    with ground.database.begin() as db:
        return [row["rules"].get("paused") for row in workspaces.listed(db)]


def test_all_is_paused_and_one_let_go(
    hub: Any, ground: Ground, workspace: UUID, other_workspace: UUID
):
    assert hub("pause").output.startswith("Paused")
    assert _paused(ground) == ["all", "all"]
    assert hub("resume", "--workspace", str(workspace)).output.startswith("Resumed")
    assert _paused(ground) == [None, "all"]
    assert hub("pause", "--workspace", str(workspace), "--only", "marketing").exit_code == 0
    assert _paused(ground) == ["marketing", "all"]
    assert "There is no workspace" in hub("pause", "--workspace", str(new_id())).output
