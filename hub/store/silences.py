"""Silences: messages that a carrier took and said no more of, and how long its receipts take."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, row, rows, run

_LOOKED_BACK = timedelta(hours=24)


def plan(db: Connection, slugs: Sequence[str], now: datetime) -> None:
    """A line for each carrier connection of these connectors that has none."""
    run(
        db,
        """INSERT INTO silences (connection_id, workspace_id, asked_until, due_at)
           SELECT id, workspace_id, :back, :now FROM connections
           WHERE connector = ANY(:slugs) AND state IN ('active', 'attention')
           ON CONFLICT DO NOTHING""",
        slugs=list(slugs),
        now=now,
        back=now - _LOOKED_BACK,
    )


def claim(db: Connection, now: datetime, until: datetime) -> Sequence[Row]:
    """Those whose turn it is, handed to one worker until then."""
    return rows(
        db,
        """UPDATE silences SET due_at = :until WHERE connection_id IN (
               SELECT s.connection_id FROM silences s JOIN connections c ON c.id = s.connection_id
               WHERE s.due_at <= :now AND c.state IN ('active', 'attention')
               ORDER BY s.due_at FOR UPDATE OF s SKIP LOCKED LIMIT 20) RETURNING *""",
        now=now,
        until=until,
    )


def usual(db: Connection, connection_id: UUID, now: datetime) -> tuple[int, float]:
    """Of this carrier's last thousand messages: how many it told the end of, and in how many
    seconds all but one in a hundred of them."""
    found = row(
        db,
        """SELECT count(*) AS n, percentile_cont(0.99) WITHIN GROUP (
               ORDER BY extract(epoch FROM r.at - t.started_at)) AS p99
           FROM (SELECT message_id, started_at FROM attempts
               WHERE carrier_id = :id AND started_at <= :now
               ORDER BY started_at DESC LIMIT 1000) t
           JOIN LATERAL (SELECT min(received_at) AS at FROM receipts
               WHERE message_id = t.message_id
               AND state IN ('delivered', 'read', 'failed', 'expired')) r ON r.at IS NOT NULL""",
        id=connection_id,
        now=now,
    )
    return (found["n"], float(found["p99"] or 0)) if found is not None else (0, 0.0)


def silent(
    db: Connection, connection_id: UUID, after: datetime, until: datetime, limit: int
) -> Sequence[Row]:
    """Messages that this carrier took in that time and said no more of, the oldest first."""
    return rows(
        db,
        """SELECT m.id, m.workspace_id, m.carrier_message_id, t.started_at
           FROM attempts t JOIN messages m ON m.id = t.message_id
           WHERE t.carrier_id = :id AND t.started_at > :after AND t.started_at <= :until
           AND m.state = 'sent' AND m.carrier_id = :id AND t.n = m.tries
           ORDER BY t.started_at LIMIT :limit""",
        id=connection_id,
        after=after,
        until=until,
        limit=limit,
    )


def keep(
    db: Connection,
    connection_id: UUID,
    until: datetime,
    due: datetime,
    seconds: float,
    silent: int,
) -> None:
    """How far it was asked, when next, how long its receipts take, how many are silent."""
    run(
        db,
        """UPDATE silences SET asked_until = :until, due_at = :due, seconds = :seconds,
               silent = :silent WHERE connection_id = :id""",
        id=connection_id,
        until=until,
        due=due,
        seconds=seconds,
        silent=silent,
    )
