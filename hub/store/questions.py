"""Questions: «which booking do you mean?», asked once, answered by a number."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, rows, run


def add(
    db: Connection,
    question_id: UUID,
    workspace_id: UUID,
    phone: str,
    keyword: str,
    options: Sequence[Mapping[str, Any]],
    message_id: UUID,
    now: datetime,
) -> None:
    """Keep what was asked; `options` are {connection_id, subject, starts_at} in their order."""
    run(
        db,
        """INSERT INTO questions (id, workspace_id, phone, keyword, options, message_id, asked_at)
           VALUES (:id, :workspace_id, :phone, :keyword, :options, :message_id, :now)""",
        id=question_id,
        workspace_id=workspace_id,
        phone=phone,
        keyword=keyword,
        options=jsonb([dict(option) for option in options]),
        message_id=message_id,
        now=now,
    )


def since(db: Connection, workspace_id: UUID, phone: str, when: datetime) -> Sequence[Row]:
    """What this person was asked since then, newest first."""
    return rows(
        db,
        """SELECT * FROM questions WHERE workspace_id = :workspace_id AND phone = :phone
           AND asked_at > :since ORDER BY asked_at DESC, id DESC""",
        workspace_id=workspace_id,
        phone=phone,
        since=when,
    )


def reword(db: Connection, question_id: UUID, keyword: str) -> None:
    """The person changed their mind before saying which: the number will mean this."""
    sql = "UPDATE questions SET keyword = :keyword WHERE id = :id"
    run(db, sql, id=question_id, keyword=keyword)


def close(db: Connection, question_id: UUID, now: datetime) -> None:
    """It was answered."""
    run(db, "UPDATE questions SET answered_at = :now WHERE id = :id", id=question_id, now=now)
