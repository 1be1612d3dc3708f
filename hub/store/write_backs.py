"""Write-backs: outcomes on their way to the record they belong to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, new_id, rows, run

MOST_TRIES = 12

# Connections with something to tell: the oldest waits long enough for others to share its call, and
# nobody is telling them now. What waits for one that is away is not walked through.
DUE = """connections c CROSS JOIN LATERAL (SELECT w.due_at FROM write_backs w
        WHERE w.connection_id = c.id AND w.state = 'new' ORDER BY w.due_at LIMIT 1) w
    WHERE w.due_at + c.gather <= :now
    AND coalesce(c.paused_until, :now) <= :now AND coalesce(c.telling_until, :now) <= :now"""


def planned(
    name: str,
    *,
    workspace_id: UUID,
    connection_id: UUID,
    message_id: UUID | None,
    outcome: Mapping[str, Any],
    due_at: datetime,
) -> dict[str, Any]:
    """A row for `add_all`. Its marker is made of `name`: the same name is told once."""
    return {
        "id": new_id(),
        "workspace_id": workspace_id,
        "connection_id": connection_id,
        "message_id": message_id,
        "marker": sha256(name.encode()).hexdigest()[:12],
        "outcome": outcome,
        "due_at": due_at,
    }


def add_all(db: Connection, outcomes: Sequence[Mapping[str, Any]]) -> int:
    """Insert; an outcome already waiting or told is not told again. How many were new."""
    if not outcomes:
        return 0
    return run(
        db,
        """INSERT INTO write_backs (id, workspace_id, connection_id, message_id, marker, outcome,
               due_at)
           SELECT id, workspace_id, connection_id, message_id, marker, outcome, due_at
           FROM jsonb_to_recordset(:outcomes) AS w(id uuid, workspace_id uuid, connection_id uuid,
               message_id uuid, marker text, outcome jsonb, due_at timestamptz)
           ON CONFLICT DO NOTHING""",
        outcomes=jsonb(list(outcomes)),
    )


def claim(db: Connection, now: datetime, until: datetime, limit: int) -> Sequence[Row]:
    """Due write-backs of one connection, handed to one worker until then. Nobody else tells that
    connection anything meanwhile, so two results of one record never overtake each other."""
    return rows(
        db,
        f"""WITH chosen AS (
               SELECT c.id FROM connections c WHERE c.id IN (
                   SELECT c.id FROM {DUE} ORDER BY w.due_at LIMIT 20)
               AND coalesce(c.telling_until, :now) <= :now
               FOR UPDATE OF c SKIP LOCKED LIMIT 1),
           taken AS (UPDATE connections SET telling_until = :until
               WHERE id IN (SELECT id FROM chosen))
           UPDATE write_backs SET due_at = :until, tries = tries + 1 WHERE id IN (
               SELECT id FROM write_backs WHERE state = 'new' AND due_at <= :now
               AND connection_id = (SELECT id FROM chosen)
               ORDER BY due_at, id FOR UPDATE SKIP LOCKED LIMIT :limit)
           RETURNING *""",  # noqa: S608 - our own words
        now=now,
        until=until,
        limit=limit,
    )


def give_back(db: Connection, ids: Sequence[UUID], due_at: datetime) -> None:
    """Claimed and not tried: as if it had not been claimed, but later."""
    run(
        db,
        """UPDATE write_backs SET tries = tries - 1, due_at = :due
           WHERE id = ANY(:ids) AND state = 'new'""",
        ids=list(ids),
        due=due_at,
    )


def close(db: Connection, results: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """What the vendor answered: state, reference, words, and when to try again."""
    run(
        db,
        """UPDATE write_backs SET state = r.state, reference = r.reference, words = r.words,
               due_at = coalesce(r.due_at, write_backs.due_at),
               done_at = CASE WHEN r.state = 'done' THEN :now END
           FROM jsonb_to_recordset(:results) AS r(id uuid, state text, reference text,
               words text, due_at timestamptz)
           WHERE write_backs.id = r.id AND write_backs.state = 'new'""",
        results=jsonb(list(results)),
        now=now,
    )


def of_message(db: Connection, message_id: UUID) -> Sequence[Row]:
    """What was told of one message, and to whom."""
    return rows(
        db,
        """SELECT w.*, c.connector, c.label FROM write_backs w
           JOIN connections c ON c.id = w.connection_id
           WHERE message_id = :id ORDER BY w.id""",
        id=message_id,
    )


def tell_again(db: Connection, workspace_id: UUID, message_id: UUID, now: datetime) -> int:
    """What could not be told of one message is tried anew, at once; how many. Each has its marker
    still: what the record has already is not written twice."""
    return run(
        db,
        """UPDATE write_backs SET state = 'new', tries = 0, due_at = :now, words = ''
           WHERE message_id = :id AND workspace_id = :workspace_id
           AND state IN ('refused', 'dead')""",
        id=message_id,
        workspace_id=workspace_id,
        now=now,
    )
