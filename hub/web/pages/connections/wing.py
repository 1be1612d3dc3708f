"""The wing of connections, and what its pages look up first."""

from uuid import UUID

from hub.contract import Connector
from hub.store import connections
from hub.store.database import Row
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Missing, Wing

wing = Wing("connections")


def standing(visit: Visit, connection_id: UUID) -> Row:
    """A connection of this workspace that was not removed. Raises Missing."""
    with visit.begin() as db:
        row = connections.get(db, visit.workspace_id, connection_id)
    if row is None or row["state"] == "removed":
        raise Missing
    return row


def connector_of(visit: Visit, slug: str) -> Connector:
    """What is to be installed. Raises Missing."""
    found = visit.ground.connectors.get(slug)
    if found is None:
        raise Missing
    return found


def of_row(visit: Visit, row: Row) -> Connector:
    """The connector of a connection. Raises Missing where its folder is gone from the hub."""
    return connector_of(visit, row["connector"])


def is_sandbox(visit: Visit) -> bool:
    """Whether every vendor is played here."""
    return bool((visit.seat or {}).get("is_sandbox"))


def note(visit: Visit, what: str, object: str) -> None:
    """A line in the audit log: who did what."""
    with visit.begin() as db:
        visit.note(db, what, object)
