"""Stand-ins: the one SMS beneath an RCS message that did not arrive."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, new_id, row, rows, run

# What an SMS beneath an RCS message has from it.
_COPIED = (
    "workspace_id", "decision_id", "event_id", "automation_id", "template_id",
    "template_version", "kind", "phone", "language", "zone", "variables", "variant", "cart",
    "sender", "source_id", "subject", "record", "once_key",
)  # fmt: skip


def add_all(db: Connection, ids: Sequence[UUID], now: datetime, sentence: str) -> int:
    """An SMS beneath each of these RCS messages, due at once; at most one for each, ever, and none
    under one that arrived. How many were made."""
    if not ids:
        return 0
    copied = ", ".join(_COPIED)
    return run(
        db,
        f"""INSERT INTO messages (id, {copied}, channel, state, sentence, due_at, stands_in_for,
                created_at, changed_at)
            SELECT new.id, {", ".join(f"m.{name}" for name in _COPIED)}, 'sms', 'scheduled',
                :sentence, :now, m.id, :now, :now
            FROM messages m JOIN unnest(CAST(:ids AS uuid[]), CAST(:new AS uuid[]))
                AS new(beneath, id) ON new.beneath = m.id
            WHERE m.channel = 'rcs' AND m.state IN ('failed', 'expired')
            AND m.settled_as <> 'sent_again'
            ON CONFLICT (stands_in_for) WHERE stands_in_for IS NOT NULL DO NOTHING""",  # noqa: S608 - our own column names
        ids=list(ids),
        new=[new_id() for _ in ids],
        now=now,
        sentence=sentence,
    )


def cancel(db: Connection, ids: Sequence[UUID], now: datetime, sentence: str) -> list[UUID]:
    """Cancel what still waits beneath these messages; the ids that were."""
    if not ids:
        return []
    found = rows(
        db,
        """UPDATE messages SET state = 'cancelled', reason = 'arrived', sentence = :sentence,
               changed_at = :now
           WHERE stands_in_for = ANY(:ids) AND state IN ('scheduled', 'held') RETURNING id""",
        ids=list(ids),
        now=now,
        sentence=sentence,
    )
    return [r["id"] for r in found]


def beneath(db: Connection, message_id: UUID) -> Row | None:
    """The SMS that stands in for an RCS message, if one does."""
    return row(db, "SELECT * FROM messages WHERE stands_in_for = :id", id=message_id)
