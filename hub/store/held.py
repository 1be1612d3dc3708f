"""Held: messages that wait for something other than their hour, and go on once it is there."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import run


def release(db: Connection, ids: Sequence[UUID], reason: str, now: datetime) -> None:
    """What these were held for is settled: they go on."""
    if not ids:
        return
    run(
        db,
        """UPDATE messages SET due_at = :now, reason = '', sentence = '', changed_at = :now
           WHERE id = ANY(:ids) AND state = 'held' AND reason = :reason""",
        ids=list(ids),
        reason=reason,
        now=now,
    )


def release_all(db: Connection, template_ids: Sequence[UUID], reason: str, now: datetime) -> None:
    """The same for all that wait with these templates."""
    if not template_ids:
        return
    run(
        db,
        """UPDATE messages SET due_at = :now, reason = '', sentence = '', changed_at = :now
           WHERE template_id = ANY(:ids) AND state = 'held' AND reason = :reason""",
        ids=list(set(template_ids)),
        reason=reason,
        now=now,
    )
