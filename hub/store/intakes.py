"""Intakes: the raw thing that arrived, as it arrived. The first durable row of every road."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Connection

from hub.store.database import Row, new_id, row, rows, run

MOST_TRIES = 5


@dataclass(frozen=True)
class Raw:
    """One request to keep. `key` names the delivery within its connection."""

    workspace_id: UUID
    connection_id: UUID | None
    road: str  # "events" or "carrier"
    source: str  # "webhook", "poll" or "api"
    key: str
    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    received_at: datetime
    door: str = ""  # an action's name; empty for deliveries


_INSERT = """INSERT INTO intakes (id, workspace_id, connection_id, road, source, dedupe_key, method,
    headers, query, body, received_at, due_at, door)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING RETURNING id"""


def keep(cursor: psycopg.Cursor[dict[str, object]], raws: Sequence[Raw]) -> list[UUID | None]:
    """Insert on the bare driver, in one round trip: this is inside the shop's answer. Their ids,
    None for each that was kept before."""
    if not raws:
        return []
    cursor.executemany(_INSERT, [_values(raw) for raw in raws], returning=True)
    kept = [cursor.fetchone()]
    while cursor.nextset():
        kept.append(cursor.fetchone())
    return [UUID(str(row["id"])) if row else None for row in kept]


def _values(raw: Raw) -> tuple[object, ...]:
    return (
        new_id(),
        raw.workspace_id,
        raw.connection_id,
        raw.road,
        raw.source,
        hashlib.sha256(raw.key.encode("utf-8", "surrogatepass")).digest(),
        raw.method,
        Jsonb(dict(raw.headers)),
        Jsonb(dict(raw.query)),
        raw.body,
        raw.received_at,
        raw.received_at,
        raw.door,
    )


def claim(db: Connection, road: str, now: datetime, limit: int) -> Sequence[Row]:
    """New intakes of a road, locked until this transaction ends."""
    return rows(
        db,
        """SELECT * FROM intakes WHERE state = 'new' AND road = :road AND due_at <= :now
           ORDER BY due_at, id FOR UPDATE SKIP LOCKED LIMIT :limit""",
        road=road,
        now=now,
        limit=limit,
    )


def close(db: Connection, verdicts: Mapping[UUID, tuple[str, str]]) -> None:
    """Set state and reason of several at once."""
    run(
        db,
        """UPDATE intakes SET state = v.state, reason = v.reason, tries = tries + 1
           FROM unnest(CAST(:ids AS uuid[]), CAST(:states AS text[]), CAST(:reasons AS text[]))
               AS v(id, state, reason)
           WHERE intakes.id = v.id""",
        ids=list(verdicts),
        states=[state for state, _ in verdicts.values()],
        reasons=[reason for _, reason in verdicts.values()],
    )


def lease(db: Connection, ids: Sequence[UUID], until: datetime) -> None:
    """Handed to one worker until then: what they lack is being fetched."""
    run(db, "UPDATE intakes SET due_at = :until WHERE id = ANY(:ids)", until=until, ids=list(ids))


def wait(db: Connection, ids: Sequence[UUID], until: datetime, reason: str) -> None:
    """Opened later: the vendor cannot be asked now, and that is no fault of theirs."""
    run(
        db,
        """UPDATE intakes SET due_at = :until, reason = :reason
           WHERE id = ANY(:ids) AND state = 'new'""",
        until=until,
        reason=reason,
        ids=list(ids),
    )


def still_new(db: Connection, ids: Sequence[UUID]) -> set[UUID]:
    """Those that nobody has opened meanwhile, locked until this transaction ends."""
    found = rows(
        db,
        """SELECT id FROM intakes WHERE id = ANY(:ids) AND state = 'new'
           ORDER BY id FOR UPDATE""",
        ids=list(ids),
    )
    return {r["id"] for r in found}


def stumble(db: Connection, intake_id: UUID, now: datetime, reason: str) -> None:
    """One that raised: tried again later, a poison one ends as dead, where a person sees it."""
    run(
        db,
        """UPDATE intakes SET tries = tries + 1, reason = :reason,
               state = CASE WHEN tries + 1 >= :most THEN 'dead' ELSE 'new' END,
               due_at = :due WHERE id = :id""",
        id=intake_id,
        reason=reason,
        most=MOST_TRIES,
        due=now + timedelta(seconds=30),
    )


def replay(db: Connection, intake_id: UUID, now: datetime) -> Row | None:
    """Open this one again: events it gave before stay as they are, by their keys."""
    return row(
        db,
        """UPDATE intakes SET state = 'new', tries = 0, due_at = :now, reason = 'opened again'
           WHERE id = :id RETURNING id, road""",
        id=intake_id,
        now=now,
    )


def get(db: Connection, intake_id: UUID) -> Row | None:
    """One intake, with its raw body."""
    return row(db, "SELECT * FROM intakes WHERE id = :id", id=intake_id)
