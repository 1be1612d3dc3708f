"""Counted: what pages say the number of, up to a limit, however many there are."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import first_id, row, rows

MOST = 5000


def waiting(
    db: Connection, workspace_id: UUID, most: int = MOST
) -> tuple[dict[UUID | None, int], bool]:
    """How many messages wait, by automation, and whether those are all: of more than `most` in the
    whole workspace no more are counted. A campaign of a million waits too."""
    found = rows(
        db,
        """SELECT automation_id, count(*) AS n FROM (
               SELECT automation_id FROM messages WHERE workspace_id = :workspace_id
               AND state IN ('scheduled', 'held') LIMIT :most) w
           GROUP BY automation_id""",
        workspace_id=workspace_id,
        most=most,
    )
    return {r["automation_id"]: r["n"] for r in found}, sum(r["n"] for r in found) < most


def messages_since(db: Connection, workspace_id: UUID, since: datetime, most: int) -> int:
    """How many messages a workspace made since then; `most` where it made as many or more."""
    found = row(
        db,
        """SELECT count(*) AS n FROM (SELECT 1 FROM messages
           WHERE workspace_id = :workspace_id AND id >= :first LIMIT :most) m""",
        workspace_id=workspace_id,
        first=first_id(since),
        most=most,
    )
    return int(found["n"]) if found else 0
