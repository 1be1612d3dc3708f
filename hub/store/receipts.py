"""Receipts and replies: what carriers tell later, kept once each however often they tell it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, rows, run
from hub.store.tellings import keeping

_TELLING = keeping(
    "kept r",
    "'message.replied'",
    message="r.message_id",
    phone="r.phone",
    marker="r.id || ' replied'",
    data="jsonb_build_object('text', r.body, 'keyword', r.keyword)",
    at="r.received_at",
)


def add_all(db: Connection, told: Sequence[Mapping[str, Any]]) -> Sequence[Row]:
    """Insert receipts; those that were news, in the order given."""
    if not told:
        return []
    return rows(
        db,
        """INSERT INTO receipts (id, workspace_id, connection_id, intake_id, message_id,
               carrier_message_id, reference, state, code, words, at, received_at)
           SELECT id, workspace_id, connection_id, intake_id, message_id, carrier_message_id,
               reference, state, code, words, at, received_at
           FROM jsonb_to_recordset(:told) AS r(id uuid, workspace_id uuid, connection_id uuid,
               intake_id uuid, message_id uuid, carrier_message_id text, reference text,
               state text, code text, words text, at timestamptz, received_at timestamptz)
           ON CONFLICT DO NOTHING RETURNING *""",
        told=jsonb(list(told)),
    )


def add_replies(db: Connection, told: Sequence[Mapping[str, Any]]) -> Sequence[Row]:
    """Insert replies; those that were news."""
    if not told:
        return []
    return rows(
        db,
        f"""WITH kept AS (
               INSERT INTO replies (id, workspace_id, connection_id, intake_id, message_id,
                   carrier_reply_id, phone, body, keyword, received_at, settled_at)
               SELECT id, workspace_id, connection_id, intake_id, message_id, carrier_reply_id,
                   phone, body, keyword, received_at, settled_at
               FROM jsonb_to_recordset(:told) AS r(id uuid, workspace_id uuid, connection_id uuid,
                   intake_id uuid, message_id uuid, carrier_reply_id text, phone text, body text,
                   keyword text, received_at timestamptz, settled_at timestamptz)
               ON CONFLICT DO NOTHING RETURNING *),
           telling AS ({_TELLING})
           SELECT * FROM kept""",  # noqa: S608 - our own words
        told=jsonb(list(told)),
    )


def of_message(db: Connection, message_id: UUID) -> Sequence[Row]:
    """Everything a carrier told of one message, in the order it came."""
    return rows(
        db, "SELECT * FROM receipts WHERE message_id = :id ORDER BY received_at, id", id=message_id
    )


def replies_to(db: Connection, message_id: UUID) -> Sequence[Row]:
    """What the person answered to one message."""
    return rows(
        db, "SELECT * FROM replies WHERE message_id = :id ORDER BY received_at, id", id=message_id
    )


def reopen_orphans(db: Connection, since: datetime, now: datetime, limit: int) -> int:
    """Receipts that came before their message was known, and whose message is known by now: what
    they came in is read again, with all it said, unless that was forgotten. How many
    deliveries."""
    return run(
        db,
        """WITH known AS (
               SELECT r.id FROM receipts r
               JOIN messages m ON m.carrier_id = r.connection_id
                   AND m.carrier_message_id = r.carrier_message_id
               JOIN intakes i ON i.id = r.intake_id AND i.sealed <> ''
               WHERE r.message_id IS NULL AND r.received_at > :since
               AND r.carrier_message_id <> '' AND m.workspace_id = r.workspace_id
               ORDER BY r.received_at LIMIT :limit),
           gone AS (DELETE FROM receipts WHERE id IN (SELECT id FROM known) RETURNING intake_id)
           UPDATE intakes SET state = 'new', reason = '', due_at = :now
           WHERE id IN (SELECT intake_id FROM gone) AND state = 'opened'""",
        since=since,
        now=now,
        limit=limit,
    )


def forget_orphans(db: Connection, before: datetime) -> int:
    """Receipts whose message never became known; how many."""
    return run(
        db,
        "DELETE FROM receipts WHERE message_id IS NULL AND received_at < :before",
        before=before,
    )
