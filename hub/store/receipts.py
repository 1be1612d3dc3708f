"""Receipts and replies: what carriers tell later, kept once each however often they tell it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, rows


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
        """INSERT INTO replies (id, workspace_id, connection_id, intake_id, message_id,
               carrier_reply_id, phone, body, keyword, received_at)
           SELECT id, workspace_id, connection_id, intake_id, message_id, carrier_reply_id, phone,
               body, keyword, received_at
           FROM jsonb_to_recordset(:told) AS r(id uuid, workspace_id uuid, connection_id uuid,
               intake_id uuid, message_id uuid, carrier_reply_id text, phone text, body text,
               keyword text, received_at timestamptz)
           ON CONFLICT DO NOTHING RETURNING *""",
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
