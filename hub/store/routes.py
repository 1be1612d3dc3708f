"""Routes: which carrier connections take a channel's messages to a country, in which order."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, rows, run


def of_workspaces(db: Connection, workspace_ids: Sequence[UUID]) -> Sequence[Row]:
    """Every line of these workspaces' routes, first positions first."""
    return rows(
        db,
        """SELECT * FROM routes WHERE workspace_id = ANY(:ids)
           ORDER BY workspace_id, channel, country, position, connection_id""",
        ids=list(set(workspace_ids)),
    )


def replace(db: Connection, workspace_id: UUID, lines: Sequence[Mapping[str, Any]]) -> None:
    """All routes of a workspace anew: {channel, country, position, connection_id, weight} each."""
    run(db, "DELETE FROM routes WHERE workspace_id = :id", id=workspace_id)
    run(
        db,
        """INSERT INTO routes (workspace_id, channel, country, position, connection_id, weight)
           SELECT :id, channel, country, position, connection_id, weight
           FROM jsonb_to_recordset(:lines) AS r(channel text, country text, position int,
               connection_id uuid, weight int)""",
        id=workspace_id,
        lines=jsonb(list(lines)),
    )
