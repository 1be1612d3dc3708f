"""Allowances: limits on spending one at a time, each beside what is spent of it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, rows, run


def of_day(db: Connection, workspace_id: UUID, day: date) -> Sequence[Row]:
    """Every limit of a workspace: scope, key, period, micros, with `spent` of it on that day or in
    its month; a limit of each is beside the one (`whose`) that has spent the most without a limit
    of its own."""
    return rows(
        db,
        """SELECT c.scope, c.key, c.period, c.micros, coalesce(s.micros, 0) AS spent,
               coalesce(s.key, '') AS whose
           FROM caps c LEFT JOIN LATERAL (
               SELECT s.key, s.micros FROM spend s
               WHERE s.workspace_id = c.workspace_id AND s.scope = c.scope AND s.period = c.period
               AND s.since = CASE c.period WHEN 'day' THEN CAST(:day AS date)
                   ELSE date_trunc('month', CAST(:day AS date))::date END
               AND (s.key = c.key OR (c.key = '' AND NOT EXISTS (
                   SELECT FROM caps o WHERE o.workspace_id = c.workspace_id
                   AND o.scope = c.scope AND o.period = c.period AND o.key = s.key)))
               ORDER BY s.micros DESC LIMIT 1) s ON true
           WHERE c.workspace_id = :id ORDER BY c.scope DESC, c.key, c.period LIMIT 2000""",
        id=workspace_id,
        day=day,
    )


def put(db: Connection, workspace_id: UUID, scope: str, key: str, period: str, micros: int) -> None:
    """One limit, new or in the place of the one there."""
    run(
        db,
        """INSERT INTO caps (workspace_id, scope, key, period, micros)
           VALUES (:id, :scope, :key, :period, :micros)
           ON CONFLICT (workspace_id, scope, key, period) DO UPDATE SET micros = excluded.micros""",
        id=workspace_id,
        scope=scope,
        key=key,
        period=period,
        micros=micros,
    )


def drop(db: Connection, workspace_id: UUID, scope: str, key: str, period: str) -> int:
    """Take one limit away; how many were there."""
    return run(
        db,
        """DELETE FROM caps WHERE workspace_id = :id AND scope = :scope AND key = :key
           AND period = :period""",
        id=workspace_id,
        scope=scope,
        key=key,
        period=period,
    )
