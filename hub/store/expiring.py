"""Expiring: messages whose time to live is over while nobody has said how they ended."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, rows, run
from hub.store.tellings import keeping_steps


def claim(db: Connection, now: datetime, until: datetime, limit: int) -> Sequence[Row]:
    """Messages whose time to live is over and whose end is not known, handed to one worker until
    then; each with the instant it went."""
    return rows(
        db,
        """WITH due AS (
               SELECT id, expires_at FROM messages
               WHERE expires_at <= :now AND state IN ('sent', 'uncertain')
               ORDER BY expires_at FOR UPDATE SKIP LOCKED LIMIT :limit)
           UPDATE messages m SET expires_at = :until FROM due WHERE m.id = due.id
           RETURNING m.id, m.workspace_id, m.carrier_id, m.carrier_message_id, m.state, m.sent_at,
               coalesce(m.sent_at, m.sending_at) AS went_at""",
        now=now,
        until=until,
        limit=limit,
    )


def ended(
    db: Connection, message_id: UUID, state: str, sentence: str, now: datetime
) -> Sequence[Row]:
    """What became of a message whose time was over; the row, if nothing else was told meanwhile."""
    return rows(
        db,
        f"""WITH changed AS (
               UPDATE messages SET state = :state, sentence = :sentence, expires_at = NULL,
                   reason = CASE WHEN :state IN ('failed', 'expired') THEN 'ttl' ELSE '' END,
                   sent_at = coalesce(sent_at, :now), owner = NULL, changed_at = :now
               WHERE id = :id AND state IN ('sent', 'uncertain') RETURNING *),
           telling AS ({keeping_steps("changed")})
           SELECT * FROM changed""",  # noqa: S608 - our own words
        id=message_id,
        state=state,
        sentence=sentence,
        now=now,
    )


def unproven(db: Connection, message_id: UUID, sentence: str, now: datetime) -> None:
    """Its time is over and nobody can say what became of it: kept as it is, and said."""
    run(
        db,
        """UPDATE messages SET expires_at = NULL, reason = 'unproven', sentence = :sentence,
               changed_at = :now
           WHERE id = :id AND state IN ('sent', 'uncertain')""",
        id=message_id,
        sentence=sentence,
        now=now,
    )
