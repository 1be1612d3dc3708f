"""Values that real events had: what a template is tried on before it is published."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.contract.events import TELLS_OF_UPCOMING, UPCOMING
from hub.store.database import Row, rows

MOST = 1000
_AMONG = 20 * MOST  # of a merchant's newest events; the rest may be millions
_PERSONAL = ("first_name", "last_name")


def of_event(
    db: Connection, workspace_id: UUID, event: str, limit: int = MOST
) -> list[dict[str, Any]]:
    """The variables of the last events of this type in this workspace, newest first."""
    types = TELLS_OF_UPCOMING if event == UPCOMING else (event,)
    found = rows(
        db,
        """SELECT data, person FROM (
               SELECT id, type, state, data, person FROM events WHERE workspace_id = :workspace_id
               ORDER BY id DESC LIMIT :among) e
           WHERE type = ANY(:types) AND state <> 'dead' ORDER BY id DESC LIMIT :limit""",
        among=_AMONG,
        workspace_id=workspace_id,
        types=list(types),
        limit=limit,
    )
    return [{**r["data"], **{n: r["person"].get(n) for n in _PERSONAL}} for r in found]


def lately(db: Connection, workspace_id: UUID, event: str, limit: int = 10) -> Sequence[Row]:
    """Who the last events of this type were about, newest first: id, occurred_at, phone (a token),
    person, data. To choose among them whom a message is shown for."""
    types = TELLS_OF_UPCOMING if event == UPCOMING else (event,)
    return rows(
        db,
        """SELECT e.id, e.occurred_at, e.received_at, e.phone, e.person, e.data
           FROM unnest(CAST(:types AS text[])) AS t(type) CROSS JOIN LATERAL (
               SELECT * FROM events WHERE workspace_id = :workspace_id AND type = t.type
               AND state <> 'dead' ORDER BY received_at DESC, id DESC LIMIT :limit) e
           ORDER BY e.received_at DESC, e.id DESC LIMIT :limit""",
        workspace_id=workspace_id,
        types=list(types),
        limit=limit,
    )


def values_of(event: Row) -> dict[str, Any]:
    """An event's variables, with the person's names, as a template takes them."""
    return {**event["data"], **{n: event["person"].get(n) for n in _PERSONAL}}
