"""The wing that all settings are ways of, and what each of them does with the workspace's row."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.send.routing import Route, routes_of
from hub.store import spend, workspaces
from hub.store.database import Row
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Missing, Wing

wing = Wing("settings")


def shop_of(visit: Visit) -> Row:
    """The workspace's row."""
    with visit.begin() as db:
        found = workspaces.get(db, visit.workspace_id)
    if found is None:
        raise Missing
    return found


def change(visit: Visit, what: str, **columns: Any) -> None:
    """Change the workspace, note who did, and look again at what waited."""
    now = visit.ground.clock()
    with visit.ground.database.begin() as db:
        workspaces.change(db, visit.workspace_id, **columns)
        spend.wake(db, visit.workspace_id, now)
        visit.note(db, what, fields=", ".join(sorted(columns)))
    visit.ring("send_transactional", "send_marketing")


def carriers_of(visit: Visit, db: Connection) -> dict[UUID, Route]:
    """The workspace's connected carriers by id, oldest first."""
    found = routes_of(visit.ground, db, [visit.workspace_id])[visit.workspace_id]
    return {route.row["id"]: route for route in found.carriers}
