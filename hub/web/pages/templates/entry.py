"""The wing of templates, and what each of its ways asks first."""

from sqlalchemy import Connection

from hub.send.sheets import Author, Sheet, sheet
from hub.store import workspaces
from hub.store.database import Row
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Missing, Wing

wing = Wing("templates")


def found(visit: Visit, db: Connection, slug: str) -> Sheet:
    """The template of the address. Raises Missing."""
    known = sheet(db, visit.workspace_id, slug)
    if known is None:
        raise Missing(slug)
    return known


def shop_of(visit: Visit, db: Connection) -> Row:
    """The visitor's workspace. Raises Missing."""
    known = workspaces.get(db, visit.workspace_id)
    if known is None:
        raise Missing("workspace")
    return known


def author(visit: Visit) -> Author:
    """Who writes, as the others see them."""
    return Author(visit.user_id, str((visit.seat or {}).get("name") or ""))
