"""What all pages of automations share: their wing, whose hand writes, the sheet that is open."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import Connection

from hub.automations import drafting
from hub.automations.drafting import Author, Sheet
from hub.store import workspaces
from hub.store.database import Row
from hub.web.pages.states import State
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Missing, Wing

wing = Wing("automations")
HERE = "/automations"
STATES: Mapping[str, State] = {
    "draft": State(lazy_gettext("Draft"), "edit", "still"),
    "test": State(lazy_gettext("Test numbers only"), "flask", "waits"),
    "live": State(lazy_gettext("On"), "circle-check", "good"),
    "paused": State(lazy_gettext("Paused"), "player-pause", "still"),
}


def author(visit: Visit) -> Author:
    """Who writes, as others will read it."""
    return Author(visit.user_id, str((visit.seat or {})["name"]))


def sheet_of(visit: Visit, db: Connection, slug: str) -> Sheet:
    """The automation of this name. Raises Missing."""
    found = drafting.sheet(db, visit.workspace_id, slug)
    if found is None:
        raise Missing(slug)
    return found


def shop_of(visit: Visit, db: Connection) -> Row:
    """The workspace's own row."""
    found = workspaces.get(db, visit.workspace_id)
    if found is None:
        raise Missing(visit.workspace_id)
    return found


def whole(text: str, otherwise: int = 0) -> int:
    """A whole number from a form."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def framed(sheet: Sheet, **values: Any) -> dict[str, Any]:
    """What every page about one automation has in it."""
    own = {"here": HERE, "sheet": sheet, "state": STATES[sheet.state]}
    return {**own, "at": f"{HERE}/{sheet.slug}", **values}
