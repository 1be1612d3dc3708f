"""Tallies: what a carrier says it took on a day, beside what the hub gave it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, row, rows, run


def missing(db: Connection, slugs: Sequence[str], day: date) -> Sequence[Row]:
    """Carrier connections of these connectors that were not asked about this day yet, and had
    messages to carry on it."""
    return rows(
        db,
        """SELECT c.* FROM connections c WHERE c.connector = ANY(:slugs)
           AND c.state IN ('active', 'attention')
           AND EXISTS (SELECT 1 FROM attempts t WHERE t.carrier_id = c.id
               AND t.started_at >= CAST(:day AS date) AT TIME ZONE 'UTC'
               AND t.started_at < (CAST(:day AS date) + 1) AT TIME ZONE 'UTC')
           AND NOT EXISTS (SELECT 1 FROM tallies y WHERE y.connection_id = c.id AND y.day = :day)
           ORDER BY c.id LIMIT 50""",
        slugs=list(slugs),
        day=day,
    )


def ours(db: Connection, connection_id: UUID, day: date) -> Row:
    """What was given to a carrier on a day (UTC) and taken: `messages`; `edge` of them within two
    minutes of midnight, which the carrier may have put on the other day; `cost` in `currency`."""
    found = row(
        db,
        """WITH mine AS (
               SELECT m.id, t.started_at FROM attempts t JOIN messages m ON m.id = t.message_id
               WHERE t.carrier_id = :id AND m.carrier_id = :id AND t.n = m.tries
               AND m.sent_at IS NOT NULL
               AND t.started_at >= CAST(:day AS date) AT TIME ZONE 'UTC' - interval '2 minutes'
               AND t.started_at < (CAST(:day AS date) + 1) AT TIME ZONE 'UTC'
                   + interval '2 minutes'),
           inside AS (
               SELECT * FROM mine WHERE started_at >= CAST(:day AS date) AT TIME ZONE 'UTC'
               AND started_at < (CAST(:day AS date) + 1) AT TIME ZONE 'UTC')
           SELECT (SELECT count(*) FROM inside) AS messages,
               (SELECT count(*) FROM mine WHERE
                   started_at < CAST(:day AS date) AT TIME ZONE 'UTC' + interval '2 minutes' OR
                   started_at >= (CAST(:day AS date) + 1) AT TIME ZONE 'UTC'
                       - interval '2 minutes') AS edge,
               (SELECT sum(c.micros) / 1000000.0 FROM costs c JOIN inside i ON i.id = c.message_id
                   WHERE c.state <> 'released') AS cost,
               (SELECT min(c.currency) FROM costs c JOIN inside i ON i.id = c.message_id
                   WHERE c.state <> 'released') AS currency""",
        id=connection_id,
        day=day,
    )
    if found is None:
        raise LookupError(connection_id)
    return found


def keep(db: Connection, tally: Mapping[str, Any], now: datetime) -> None:
    """{connection_id, workspace_id, day, theirs, ours, their_cost, our_cost, edge}."""
    run(
        db,
        """INSERT INTO tallies (connection_id, workspace_id, day, theirs, ours, their_cost,
               our_cost, edge, at)
           VALUES (:connection_id, :workspace_id, :day, :theirs, :ours, :their_cost, :our_cost,
               :edge, :now) ON CONFLICT DO NOTHING""",
        now=now,
        **tally,
    )


def since(db: Connection, day: date) -> Sequence[Row]:
    """Tallies of this day and later, with whose they are."""
    return rows(
        db,
        """SELECT y.*, c.connector, c.label FROM tallies y
           JOIN connections c ON c.id = y.connection_id
           WHERE y.day >= :day AND c.state <> 'removed' ORDER BY y.day, y.connection_id""",
        day=day,
    )
