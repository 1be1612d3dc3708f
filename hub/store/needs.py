"""What waits for a person of the workspace, counted up to a limit: one round trip."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, row, rows
from hub.store.spend import KEPT_FOR

MOST = 1000  # more than so many is «1,000 or more»


def counts(db: Connection, workspace_id: UUID, since: datetime) -> Row:
    """uncertain (settled by nobody), unread (deliveries that could not be read), given_up (events),
    untold (results the record was never told of); `since` bounds the latter three."""
    found = row(
        db,
        """SELECT
             (SELECT count(*) FROM (SELECT 1 FROM messages WHERE workspace_id = :id
                  AND state = 'uncertain' AND settled_as = '' AND final_at IS NOT NULL
                  LIMIT :most) x) AS uncertain,
             (SELECT count(*) FROM (SELECT 1 FROM intakes WHERE workspace_id = :id
                  AND state IN ('dead', 'bad') AND received_at > :since LIMIT :most) x) AS unread,
             (SELECT count(*) FROM (SELECT 1 FROM events WHERE workspace_id = :id
                  AND state = 'dead' AND received_at > :since LIMIT :most) x) AS given_up,
             (SELECT count(*) FROM (SELECT 1 FROM write_backs WHERE workspace_id = :id
                  AND state = 'dead' AND created_at > :since LIMIT :most) x) AS untold""",
        id=workspace_id,
        since=since,
        most=MOST,
    )
    return found or {}


def kept(db: Connection, workspace_id: UUID) -> dict[str, int]:
    """Messages that the sender keeps until a person changes a limit, a price, a rule or their mind;
    by reason, each counted up to the limit."""
    found = rows(
        db,
        """SELECT reason, count(*) AS n FROM (SELECT reason FROM messages
               WHERE workspace_id = :id AND state = 'held' AND reason = ANY(:reasons)
               LIMIT :most) x GROUP BY reason ORDER BY n DESC""",
        id=workspace_id,
        reasons=[*KEPT_FOR, "no_carrier"],
        most=MOST,
    )
    return {r["reason"]: r["n"] for r in found}
