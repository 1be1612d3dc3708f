"""Intakes: the raw thing that arrived, as it arrived, sealed: the first durable row of a road."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson
import psycopg
from sqlalchemy import Connection

from hub.contract import Request
from hub.store.database import Row, new_id, row, rows, run
from hub.store.sealing import CannotUnseal, Vault, place

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


# In the order of their names, so that two who keep the same ones do not wait for each other.
_INSERT = """INSERT INTO intakes (id, workspace_id, connection_id, road, source, dedupe_key, sealed,
    size, received_at, due_at, door)
SELECT id, workspace_id, connection_id, road, source, named, sealed, size, at, at, door
FROM unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::bytea[], %b::bytea[],
    %b::int[], %b::timestamptz[], %b::text[])
    AS r(id, workspace_id, connection_id, road, source, named, sealed, size, at, door)
ORDER BY named
ON CONFLICT DO NOTHING RETURNING id"""


def keep(
    cursor: psycopg.Cursor[dict[str, object]], vault: Vault, raws: Sequence[Raw]
) -> list[UUID | None]:
    """Insert on the bare driver, in one statement: this is inside the shop's answer. Their ids,
    None for each that was kept before."""
    if not raws:
        return []
    ids = [new_id() for _ in raws]
    made = [_values(vault, one, raw) for one, raw in zip(ids, raws, strict=True)]
    cursor.execute(_INSERT, [list(column) for column in zip(*made, strict=True)])
    kept = {found["id"] for found in cursor.fetchall()}
    return [one if one in kept else None for one in ids]


def _values(vault: Vault, made: UUID, raw: Raw) -> tuple[object, ...]:
    request = packed(raw.method, raw.headers, raw.query, raw.body)
    return (
        made,
        raw.workspace_id,
        raw.connection_id,
        raw.road,
        raw.source,
        hashlib.sha256(raw.key.encode("utf-8", "surrogatepass")).digest(),
        vault.seal(request, place_of(raw.workspace_id, made)),
        len(raw.body),
        raw.received_at,
        raw.door,
    )


def packed(method: str, headers: Mapping[str, str], query: Mapping[str, str], body: bytes) -> bytes:
    """A request as one value: the length of its head, the head as JSON, the body as it came."""
    head = orjson.dumps([method, dict(headers), dict(query)])
    return len(head).to_bytes(4) + head + body


def request_of(vault: Vault, intake: Row) -> Request:
    """The request, as it arrived. Raises CannotUnseal."""
    if not intake["sealed"]:
        raise CannotUnseal(
            "What arrived was forgotten after its time; ask its sender for it again."
        )
    found = vault.unseal(intake["sealed"], place_of(intake["workspace_id"], intake["id"]))
    end = 4 + int.from_bytes(found[:4])
    method, headers, query = orjson.loads(found[4:end])
    return Request(method, headers, found[end:], query)


def place_of(workspace_id: UUID, intake_id: UUID) -> bytes:
    """Where an intake's sealed value stands."""
    return place(workspace_id, "intakes", "sealed", intake_id)


def claim(db: Connection, road: str, now: datetime, limit: int) -> Sequence[Row]:
    """New intakes of a road, each with its merchant's country, locked until this transaction
    ends."""
    return rows(
        db,
        """SELECT *, (SELECT country FROM workspaces w WHERE w.id = intakes.workspace_id) AS country
           FROM intakes WHERE state = 'new' AND road = :road AND due_at <= :now
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
           WHERE intakes.id = v.id AND intakes.id = ANY(:ids)""",
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
    """One intake."""
    return row(db, "SELECT * FROM intakes WHERE id = :id", id=intake_id)
