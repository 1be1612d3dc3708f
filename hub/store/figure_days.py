"""Days to be counted: which were touched since the last look, and which are due again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, row, rows, run

# The newest and the oldest row that was made since: each by the index that pages are read by.
_NEWEST = """(SELECT id FROM {table} r WHERE r.workspace_id = w.id AND r.id > {low}
    ORDER BY id {way} LIMIT 1) AS {table}_{way}"""
_MADE = ("events", "decisions", "messages")


def standing(db: Connection) -> Sequence[Row]:
    """Every workspace with its zone and its mark: {id, zone, counted_in, last_id, last_at};
    nothing of the last three where it was never counted."""
    return rows(
        db,
        """SELECT w.id, w.zone, k.zone AS counted_in, k.last_id, k.last_at FROM workspaces w
           LEFT JOIN figure_marks k ON k.workspace_id = w.id ORDER BY w.id""",
    )


def made(db: Connection, marks: Mapping[UUID, UUID]) -> Sequence[Row]:
    """By workspace the first and the last event, decision and message whose names are later than
    its mark: {id, events_asc, events_desc, ...}."""
    asked = [
        _NEWEST.format(table=table, way=way, low="w.low")
        for table in _MADE
        for way in ("asc", "desc")
    ]
    return rows(
        db,
        f"""SELECT w.id, {", ".join(asked)}
            FROM unnest(CAST(:ids AS uuid[]), CAST(:lows AS uuid[])) AS w(id, low)""",  # noqa: S608
        ids=list(marks),
        lows=list(marks.values()),
    )


def tried(db: Connection, workspace_ids: Sequence[UUID]) -> Sequence[Row]:
    """The first and the last time that anything was handed to a carrier of these workspaces:
    {workspace_id, first, last}."""
    return rows(
        db,
        """SELECT c.workspace_id, min(a.at) AS first, max(z.at) AS last FROM connections c
           JOIN LATERAL (SELECT started_at AS at FROM attempts t WHERE t.carrier_id = c.id
               ORDER BY started_at LIMIT 1) a ON true
           JOIN LATERAL (SELECT started_at AS at FROM attempts t WHERE t.carrier_id = c.id
               ORDER BY started_at DESC LIMIT 1) z ON true
           WHERE c.workspace_id = ANY(:ids) GROUP BY c.workspace_id""",
        ids=list(workspace_ids),
    )


def told(db: Connection, last_id: UUID, last_at: datetime) -> Sequence[Row]:
    """When messages went that something was told of or tried since, by quarters of an hour (no
    zone's midnight is within one): {workspace_id, at}. Receipts, clicks, replies and orders are
    found by name, attempts by the clock."""
    return rows(
        db,
        """WITH told AS (
               SELECT message_id FROM receipts WHERE id > :last_id
               UNION SELECT message_id FROM clicks WHERE id > :last_id
               UNION SELECT message_id FROM replies WHERE id > :last_id
               UNION SELECT message_id FROM conversions WHERE id > :last_id),
           tried AS (
               SELECT t.message_id, t.n, t.started_at, c.workspace_id
               FROM connections c CROSS JOIN LATERAL (SELECT * FROM attempts a
                   WHERE a.carrier_id = c.id AND a.started_at > :last_at OFFSET 0) t),
           moments AS (
               SELECT workspace_id, started_at AS at FROM tried
               UNION ALL
               SELECT r.workspace_id, e.started_at FROM tried r
               JOIN attempts e ON e.message_id = r.message_id AND r.n > 1 AND e.n < r.n
               UNION ALL
               SELECT m.workspace_id, m.sending_at FROM told JOIN messages m ON m.id = message_id
               WHERE m.sending_at IS NOT NULL)
           SELECT DISTINCT workspace_id, date_bin('15 minutes', at, '2000-01-01Z') AS at
           FROM moments""",
        last_id=last_id,
        last_at=last_at,
    )


def touch(
    db: Connection, days: Iterable[tuple[UUID, Any]], now: datetime, share: float, least: float
) -> None:
    """These days are due: at once where they were never counted, else after a rest, so that
    counting one takes no more than `share` of the time; `least` is the shortest, in seconds."""
    run(
        db,
        """INSERT INTO figure_days AS d (workspace_id, day, due_at)
           SELECT DISTINCT workspace_id, day, CAST(:now AS timestamptz)
           FROM jsonb_to_recordset(:days) AS t(workspace_id uuid, day date)
           ORDER BY workspace_id, day
           ON CONFLICT (workspace_id, day) DO UPDATE SET due_at = least(d.due_at,
               d.counted_at + make_interval(secs => greatest(:least, d.seconds / :share)))""",
        days=jsonb([{"workspace_id": whose, "day": day} for whose, day in days]),
        now=now,
        share=share,
        least=least,
    )


def mark(db: Connection, marks: Iterable[Mapping[str, Any]], zones_changed: Sequence[UUID]) -> None:
    """How far each workspace was looked through: {workspace_id, zone, last_id, last_at}. Those
    whose zone changed lose what was counted in the old one."""
    if zones_changed:
        gone = list(zones_changed)
        run(db, "DELETE FROM figures WHERE workspace_id = ANY(:gone)", gone=gone)
        run(db, "DELETE FROM figure_days WHERE workspace_id = ANY(:gone)", gone=gone)
    run(
        db,
        """INSERT INTO figure_marks (workspace_id, zone, last_id, last_at)
           SELECT * FROM jsonb_to_recordset(:marks) AS m(workspace_id uuid, zone text,
               last_id uuid, last_at timestamptz)
           ON CONFLICT (workspace_id) DO UPDATE SET zone = excluded.zone,
               last_id = excluded.last_id, last_at = excluded.last_at""",
        marks=jsonb(list(marks)),
    )


def next_due(db: Connection, now: datetime) -> Row | None:
    """One day that is due, the latest first, locked: {workspace_id, day, zone}."""
    return row(
        db,
        """SELECT d.workspace_id, d.day, w.zone FROM figure_days d
           JOIN workspaces w ON w.id = d.workspace_id
           WHERE d.due_at <= :now ORDER BY d.day DESC LIMIT 1 FOR UPDATE OF d SKIP LOCKED""",
        now=now,
    )


def put_off(db: Connection, workspace_id: UUID, day: Any, until: datetime) -> None:
    """It could not be counted now."""
    run(
        db,
        """UPDATE figure_days SET due_at = :until
           WHERE workspace_id = :workspace_id AND day = :day""",
        workspace_id=workspace_id,
        day=day,
        until=until,
    )


def counted(
    db: Connection,
    workspace_id: UUID,
    day: Any,
    *,
    now: datetime,
    due_at: datetime | None,
    seconds: float,
    moving: int,
) -> None:
    """It was counted; when it is to be counted again unless something touches it before."""
    run(
        db,
        """UPDATE figure_days SET counted_at = :now, due_at = :due_at, seconds = :seconds,
               moving = :moving WHERE workspace_id = :workspace_id AND day = :day""",
        workspace_id=workspace_id,
        day=day,
        now=now,
        due_at=due_at,
        seconds=seconds,
        moving=moving,
    )


def freshness(db: Connection, workspace_id: UUID) -> Row | None:
    """When the newest day was counted, and how many days still wait: {counted_at, waiting}."""
    return row(
        db,
        """SELECT max(counted_at) AS counted_at,
               count(*) FILTER (WHERE counted_at IS NULL) AS waiting
           FROM figure_days WHERE workspace_id = :workspace_id""",
        workspace_id=workspace_id,
    )
