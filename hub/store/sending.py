"""A message between the hub and its carrier: claimed, handed over, answered for, or in doubt."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub import crash
from hub.store.database import Row, jsonb, rows, run
from hub.store.tellings import keeping_steps

_TELLING = keeping_steps("changed")

# What is told of a message that changed.
_CHANGED = """messages.id, messages.workspace_id, messages.phone, messages.state, messages.reason,
    messages.sentence, messages.sent_at, messages.changed_at"""
# What the last look, the writing and the carrier need of a message: half of what a row has.
_CLAIMED = """id, workspace_id, decision_id, event_id, automation_id, template_id,
    template_version, kind, channel, phone, language, zone, variables, state, reason, once_key,
    cart, sender, carrier_id, fence, tries, source_id, subject, record, created_at, stands_in_for,
    resends, pinned, variant"""


def claim(db: Connection, kind: str, now: datetime, limit: int) -> Sequence[Row]:
    """Due messages of a kind, locked until this transaction ends; paused routes are left."""
    return rows(
        db,
        f"""SELECT {_CLAIMED} FROM messages WHERE kind = :kind AND due_at <= :now
           AND state IN ('scheduled', 'held')
           ORDER BY due_at, id FOR UPDATE SKIP LOCKED LIMIT :limit""",  # noqa: S608 - our own words
        kind=kind,
        now=now,
        limit=limit,
    )


def set_states(db: Connection, changes: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Several messages' new state, reason, sentence and due time, in one statement."""
    if not changes:
        return
    run(
        db,
        f"""WITH changed AS (
               UPDATE messages SET state = c.state, reason = c.reason, sentence = c.sentence,
                   due_at = coalesce(c.due_at, messages.due_at), changed_at = :now
               FROM jsonb_to_recordset(:changes) AS c(id uuid, state text, reason text,
                   sentence text, due_at timestamptz)
               WHERE messages.id = c.id AND messages.id = ANY(:ids)
               RETURNING {_CHANGED})
           {_TELLING}""",  # noqa: S608 - our own words
        changes=jsonb(list(changes)),
        ids=[one["id"] for one in changes],
        now=now,
    )


def start_sending(
    db: Connection, ready: Sequence[Mapping[str, Any]], owner: int, now: datetime, until: datetime
) -> None:
    """Hand these to a worker: the text that goes out, a new fence, an attempt each."""
    if not ready:
        return
    run(
        db,
        """WITH given AS (
               SELECT * FROM jsonb_to_recordset(:ready) AS r(id uuid, channel text, body text,
                   rich jsonb, encoding text, parts int, sender text, carrier_id uuid,
                   text_hash text, expires_at timestamptz)),
           claimed AS (
               UPDATE messages SET state = 'sending', reason = '', sentence = '', body = g.body,
                   channel = g.channel, rich = g.rich, encoding = g.encoding, parts = g.parts,
                   sender = g.sender, carrier_id = g.carrier_id, expires_at = g.expires_at,
                   text_hash = decode(g.text_hash, 'hex'), fence = fence + 1, tries = tries + 1,
                   owner = :owner, lease_until = :until, sending_at = :now, changed_at = :now
               FROM given g WHERE messages.id = g.id AND messages.id = ANY(:ids)
               RETURNING messages.id, tries, messages.carrier_id)
           INSERT INTO attempts (message_id, n, carrier_id, owner, started_at)
           SELECT id, tries, carrier_id, :owner, :now FROM claimed""",
        ready=jsonb(list(ready)),
        ids=[one["id"] for one in ready],
        owner=owner,
        until=until,
        now=now,
    )


def give_back(db: Connection, given: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Claimed, and provably never handed over: {id, fence, n, due_at, reason, sentence}. As if the
    attempt had not been."""
    if not given:
        return
    run(
        db,
        """WITH given AS (
               SELECT * FROM jsonb_to_recordset(:given) AS g(id uuid, fence int, n int,
                   due_at timestamptz, reason text, sentence text)),
           back AS (
               UPDATE messages SET state = 'held', reason = g.reason, sentence = g.sentence,
                   due_at = g.due_at, tries = tries - 1, owner = NULL, changed_at = :now
               FROM given g WHERE messages.id = g.id AND messages.fence = g.fence
                   AND messages.state = 'sending'
               RETURNING messages.id, g.n)
           DELETE FROM attempts USING back
           WHERE attempts.message_id = back.id AND attempts.n = back.n""",
        given=jsonb(list(given)),
        now=now,
    )


def finish_sending(
    db: Connection,
    results: Sequence[Mapping[str, Any]],
    now: datetime,
    told: Sequence[Mapping[str, Any]] | None = None,
) -> Sequence[Row]:
    """Write down what the carrier said, and the write-backs that are `told` of the rows that
    changed; those rows, as far as others act on them: where sending is told of, only the rest.

    Acceptance always wins, over a message that waits to go again too, whoever owns the row by now;
    anything less is written only by the worker whose fence still stands.
    """
    return rows(
        db,
        f"""WITH given AS (
               SELECT * FROM jsonb_to_recordset(:results) AS r(id uuid, fence int, n int,
                   state text, reason text, sentence text, carrier_message_id text,
                   due_at timestamptz, outcome text, price numeric, currency text)),
           closed AS (
               UPDATE attempts SET ended_at = :now, outcome = g.outcome, words = g.sentence
               FROM given g WHERE attempts.message_id = g.id AND attempts.n = g.n
                   AND attempts.message_id = ANY(:ids)),
           changed AS (
               UPDATE messages SET state = g.state, reason = g.reason, sentence = g.sentence,
                   carrier_message_id = coalesce(g.carrier_message_id,
                       messages.carrier_message_id),
                   due_at = coalesce(g.due_at, messages.due_at), owner = NULL, changed_at = :now,
                   price = coalesce(g.price, messages.price),
                   currency = coalesce(g.currency, messages.currency),
                   sent_at = CASE WHEN g.state = 'sent' THEN :now ELSE sent_at END
               FROM given g WHERE messages.id = g.id AND messages.id = ANY(:ids) AND (
                   (g.state = 'sent'
                       AND messages.state IN ('sending', 'uncertain', 'scheduled', 'held'))
                   OR (messages.state = 'sending' AND messages.fence = g.fence))
               RETURNING {_CHANGED}, channel, carrier_id, source_id, subject, record, body),
           hooks AS ({_TELLING}),
           telling AS (
               INSERT INTO write_backs (id, workspace_id, connection_id, message_id, marker,
                   outcome, due_at)
               SELECT w.id, w.workspace_id, connection_id, message_id, marker, outcome, w.due_at
               FROM jsonb_to_recordset(:told) AS w(id uuid, workspace_id uuid, connection_id uuid,
                   message_id uuid, marker text, outcome jsonb, due_at timestamptz)
               WHERE message_id IN (SELECT id FROM changed)
               ON CONFLICT DO NOTHING)
           SELECT * FROM changed WHERE :untold OR state <> 'sent'""",  # noqa: S608 - our own words
        results=jsonb(list(results)),
        told=jsonb(list(told or ())),
        untold=told is None,
        ids=[one["id"] for one in results],
        now=now,
    )


def abandoned(db: Connection, lock_class: int, now: datetime) -> Sequence[Row]:
    """Messages whose worker is proven dead: its advisory lock is free, and either its lease is
    over or PostgreSQL has run without a break since the attempt began (a restart of PostgreSQL
    frees every lock, the living workers' too). Ten minutes over its lease, it counts as lost
    whoever lives."""
    return rows(
        db,
        """SELECT id, carrier_id, tries FROM messages
           WHERE state = 'sending'
           AND (lease_until < :now OR pg_postmaster_start_time() < sending_at)
           AND sending_at < :now - interval '1 second'
           AND (lease_until < :now - interval '10 minutes' OR owner NOT IN (
               SELECT CAST(objid AS bigint)::int FROM pg_locks WHERE locktype = 'advisory'
               AND CAST(classid AS bigint) = :lock_class AND objsubid = 2 AND granted))
           FOR UPDATE SKIP LOCKED LIMIT 500""",
        lock_class=lock_class,
        now=now,
    )


def progress(db: Connection, changes: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """What receipts say of messages, one change each, locked by the caller. A clock that is behind
    what another worker wrote of a message does not turn its time back."""
    if not changes:
        return
    run(
        db,
        f"""WITH changed AS (
               UPDATE messages SET state = c.state, reason = c.reason, sentence = c.sentence,
                   carrier_message_id = coalesce(messages.carrier_message_id,
                       c.carrier_message_id),
                   price = coalesce(c.price, messages.price),
                   currency = coalesce(c.currency, messages.currency),
                   sent_at = coalesce(sent_at, :now), owner = NULL,
                   changed_at = greatest(changed_at, :now)
               FROM jsonb_to_recordset(:changes) AS c(id uuid, state text, reason text,
                   sentence text, carrier_message_id text, price numeric, currency text)
               WHERE messages.id = c.id AND messages.id = ANY(:ids)
               RETURNING {_CHANGED})
           {_TELLING}""",  # noqa: S608 - our own words
        changes=jsonb(list(changes)),
        ids=[one["id"] for one in changes],
        now=now,
    )


def doubt(db: Connection, ids: Sequence[UUID], now: datetime, sentence: str) -> None:
    """These are uncertain from now on; the first question to the carrier is due at once."""
    if not ids:
        return
    crash.at("C27")
    run(
        db,
        """WITH lost AS (
               UPDATE messages SET state = 'uncertain', reason = 'stopped', sentence = :sentence,
                   due_at = :now, lookups = 0, changed_at = :now
               WHERE id = ANY(:ids) AND state = 'sending' RETURNING id, tries)
           UPDATE attempts SET ended_at = :now, outcome = 'unknown', words = :sentence
           FROM lost WHERE attempts.message_id = lost.id AND attempts.n = lost.tries""",
        ids=list(ids),
        now=now,
        sentence=sentence,
    )


def attempts(db: Connection, message_id: UUID) -> Sequence[Row]:
    """Each call to a carrier for one message."""
    return rows(
        db,
        """SELECT t.*, c.connector, c.label FROM attempts t
           JOIN connections c ON c.id = t.carrier_id
           WHERE message_id = :id ORDER BY n""",
        id=message_id,
    )
