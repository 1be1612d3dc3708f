"""Values that real events had: what a template is tried on before it is published."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.contract.events import TELLS_OF_UPCOMING, UPCOMING
from hub.store.database import rows

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
