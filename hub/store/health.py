"""How a connection stands: what a check found, its problem, its pauses, its diary."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import Account
from hub.store.database import Row, new_id, rows, run
from hub.store.tellings import keeping

ONCE = timedelta(seconds=1)


def _telling(type: str) -> str:
    return keeping(
        "changed r",
        f"'connection.{type}'",
        marker="next_id() || ' stands'",
        data="""jsonb_build_object('connection', r.id, 'connector', r.connector, 'label', r.label,
            'problem', r.problem)""",
        at="now()",
    )


_ATTENTION, _RECOVERED = _telling("attention"), _telling("recovered")


def keep_account(db: Connection, connection_id: UUID, found: Account, now: datetime) -> None:
    """What a check found: the account, what is left of its limits, what is not allowed."""
    run(
        db,
        """UPDATE connections SET label = :label, account = :account, quota = :quota,
               lacks = :lacks, checked_at = :now
           WHERE id = :id""",
        id=connection_id,
        label=found.label[:200],
        account=found.id[:200],
        quota=found.quota[:200],
        lacks=list(found.lacks),
        now=now,
    )


def signed_out(db: Connection, connection_id: UUID, problem: str) -> None:
    """The vendor takes the credentials no more: only a person can sign in again."""
    needs_attention(db, connection_id, problem)
    run(
        db,
        "UPDATE connections SET signed_out = true WHERE id = :id AND state <> 'removed'",
        id=connection_id,
    )


def silent(connection: Row, now: datetime) -> bool:
    """Whether it is longer than a second that events came in from there."""
    last = connection["last_event_at"]
    return last is None or last < now - ONCE


def heard_from(db: Connection, connection_ids: Sequence[UUID], now: datetime) -> None:
    """Events came in from these. Once a second is enough, and nobody waits for whoever says so at
    the same time."""
    if not connection_ids:
        return
    run(
        db,
        """UPDATE connections SET last_event_at = :now WHERE id IN (
               SELECT id FROM connections WHERE id = ANY(:ids)
               AND coalesce(last_event_at, '-infinity') < :earlier
               ORDER BY id FOR UPDATE SKIP LOCKED)""",
        ids=sorted(set(connection_ids)),
        now=now,
        earlier=now - ONCE,
    )


def told(db: Connection, connection_id: UUID, now: datetime) -> None:
    """A result was written back there."""
    run(
        db,
        "UPDATE connections SET last_write_back_at = :now WHERE id = :id",
        id=connection_id,
        now=now,
    )


def stop_telling(db: Connection, connection_id: UUID, until: datetime) -> None:
    """The worker that might tell it results until then is done; the next may. One whose time ran
    out has nothing to give back: another may be at it."""
    run(
        db,
        "UPDATE connections SET telling_until = NULL WHERE id = :id AND telling_until = :until",
        id=connection_id,
        until=until,
    )


def needs_attention(db: Connection, connection_id: UUID, problem: str) -> None:
    """A person must act; the words are what they read."""
    changed = run(
        db,
        f"""WITH changed AS (
               UPDATE connections SET state = 'attention', problem = :problem
               WHERE id = :id AND state <> 'removed' AND problem <> :problem RETURNING *),
           telling AS ({_ATTENTION})
           SELECT 1 FROM changed""",  # noqa: S608 - our own words
        id=connection_id,
        problem=problem,
    )
    if changed:
        note(db, connection_id, problem)


def take_turn(db: Connection, connection_id: UUID, now: datetime) -> bool:
    """Whether its look, which is due, is ours to do now; a worker then leaves it alone a while."""
    return bool(
        run(
            db,
            """UPDATE connections SET check_due_at = :until
               WHERE id = :id AND check_due_at <= :now AND state <> 'removed'""",
            id=connection_id,
            now=now,
            until=now + timedelta(minutes=5),
        )
    )


def recovered(db: Connection, connection_id: UUID) -> None:
    """It works again: what needed a person no longer does."""
    run(
        db,
        f"""WITH changed AS (
               UPDATE connections SET state = 'active', problem = '', signed_out = false,
                   paused_until = NULL
               WHERE id = :id AND state = 'attention' RETURNING *)
           {_RECOVERED}""",  # noqa: S608 - our own words
        id=connection_id,
    )


def pause(db: Connection, connection_id: UUID, until: datetime) -> None:
    """No call before then: the vendor asked for it, or nothing can succeed."""
    run(
        db,
        "UPDATE connections SET paused_until = :until WHERE id = :id",
        id=connection_id,
        until=until,
    )


def note(db: Connection, connection_id: UUID, words: str) -> None:
    """A line in the connection's diary, for the merchant."""
    run(
        db,
        "INSERT INTO connection_notes (id, connection_id, words) VALUES (:id, :connection, :words)",
        id=new_id(),
        connection=connection_id,
        words=words,
    )


def notes(db: Connection, connection_id: UUID) -> Sequence[Row]:
    """The diary, newest first."""
    return rows(
        db,
        """SELECT at, words FROM connection_notes WHERE connection_id = :id
           ORDER BY id DESC LIMIT 50""",
        id=connection_id,
    )
