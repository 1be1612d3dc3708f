"""Conversions: orders that a message brought, each counted once."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, rows
from hub.store.tellings import keeping

_TELLING = keeping(
    "kept r",
    "'message.bought'",
    message="r.message_id",
    marker="r.connection_id || ' bought ' || r.subject",
    data="""jsonb_build_object('order', r.subject, 'how', r.how, 'amount',
        CAST(r.amount AS text), 'currency', r.currency)""",
    at="r.at",
)


def add_all(db: Connection, found: Sequence[Mapping[str, Any]]) -> Sequence[Row]:
    """Keep these; those that were new. An order belongs to the first message it was put down to."""
    if not found:
        return []
    return rows(
        db,
        f"""WITH kept AS (
               INSERT INTO conversions (id, workspace_id, message_id, event_id, connection_id,
                   subject, how, amount, currency, at)
               SELECT id, workspace_id, message_id, event_id, connection_id, subject, how, amount,
                   currency, at
               FROM jsonb_to_recordset(:found) AS c(id uuid, workspace_id uuid, message_id uuid,
                   event_id uuid, connection_id uuid, subject text, how text, amount numeric,
                   currency text, at timestamptz)
               ON CONFLICT DO NOTHING RETURNING *),
           telling AS ({_TELLING})
           SELECT * FROM kept""",  # noqa: S608 - our own words
        found=jsonb(list(found)),
    )


def of_message(db: Connection, message_id: UUID) -> Sequence[Row]:
    """The orders that one message brought."""
    return rows(db, "SELECT * FROM conversions WHERE message_id = :id ORDER BY at", id=message_id)
