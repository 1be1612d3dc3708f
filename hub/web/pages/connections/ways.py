"""The connections of a workspace: how each is, and what to do where one is not well."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hub.automations.merchants import Live, read
from hub.connections import brochure
from hub.connections.health import Health, health_of
from hub.contract import Connector
from hub.store import automations, connections
from hub.store.automations import ON
from hub.store.database import Row
from hub.web.pages.connections import carrying, choosing, finding, installing, mending, one
from hub.web.pages.connections.wing import wing
from hub.web.pages.connections.words import HEALTHS
from hub.web.pages.states import State
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Shown

__all__ = ["carrying", "choosing", "finding", "installing", "mending", "one", "wing"]


@dataclass(frozen=True)
class Line:
    """One connection in the list. `go_on` is where installing it goes on, if it is not done."""

    row: Row
    title: str
    picture: str
    state: State
    health: Health
    go_on: str = ""


@wing.way("GET /connections", may="see")
def listing(visit: Visit) -> Shown:
    """Each connection with its state in words."""
    with visit.begin() as db:
        found = connections.listed(db, visit.workspace_id)
        kept = automations.by_workspaces(db, [visit.workspace_id])
    lives = [live for live in map(read, kept) if live and live.row["state"] in ON]
    lines = [_line(visit, row, lives) for row in found]
    needs = sum(line.health.state in ("degraded", "sign_in") for line in lines)
    return Shown("connections/page.html", {"lines": lines, "needs": needs})


def _line(visit: Visit, row: Row, lives: Sequence[Live]) -> Line:
    connector = visit.ground.connectors.get(row["connector"])
    health = health_of(row, visit.ground.clock())
    return Line(
        row=row,
        title=connector.title if connector else row["connector"],
        picture=brochure.picture(row["connector"]),
        state=HEALTHS[health.state],
        health=health,
        go_on=_go_on(row, connector, lives) if visit.may("connect") else "",
    )


def _go_on(row: Row, connector: Connector | None, lives: Sequence[Live]) -> str:
    """Nothing is kept of where somebody stopped: it is seen from what there is. A source whose
    events no automation answers is not installed to its end."""
    if connector is None:
        return ""
    if row["state"] == "installing":
        return f"/connections/new/{row['connector']}/connect"
    answered: Any = (live.answers(event) for live in lives for event in connector.emits)
    if connector.emits and not any(answered):
        return f"/connections/{row['id']}/found"
    return ""
