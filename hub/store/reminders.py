"""Messages about bookings that wait: found, set aside by a «no», taken up again by a «yes»."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, new_id, rows, run

ANSWERED = "answered"


def waiting_about(db: Connection, told: Sequence[tuple[UUID, str]]) -> Sequence[Row]:
    """Waiting messages about bookings, by (workspace, subject): `id`, whose they are, `told` (the
    type of the event that caused it) and `starts_at` as that event's text."""
    if not told:
        return []
    return rows(
        db,
        """SELECT m.id, m.workspace_id, e.connection_id, m.subject, e.type AS told,
               e.data ->> 'starts_at' AS starts_at
           FROM messages m JOIN events e ON e.id = m.event_id
           WHERE m.state IN ('scheduled', 'held') AND e.type LIKE 'booking.%'
           AND (m.workspace_id, m.subject) IN (
               SELECT * FROM unnest(CAST(:workspaces AS uuid[]), CAST(:subjects AS text[])))""",
        workspaces=[workspace for workspace, _ in told],
        subjects=[subject for _, subject in told],
    )


def set_aside(db: Connection, booking: Row, now: datetime, sentence: str) -> int:
    """Cancel what waits about a booking that its person will not come to; how many."""
    return run(
        db,
        """UPDATE messages m SET state = 'cancelled', reason = :reason, sentence = :sentence,
               changed_at = :now
           FROM events e WHERE e.id = m.event_id AND m.state IN ('scheduled', 'held')
           AND m.workspace_id = :workspace_id AND m.subject = :subject
           AND e.connection_id = :connection_id
           AND e.type IN ('booking.created', 'booking.changed')""",
        reason=ANSWERED,
        sentence=sentence,
        now=now,
        workspace_id=booking["workspace_id"],
        subject=booking["subject"],
        connection_id=booking["connection_id"],
    )


def take_up_again(db: Connection, booking: Row, now: datetime) -> int:
    """Plan anew what an earlier «no» to this same slot set aside, once each, with the booking's
    present title; the last look drops what has become too late. How many."""
    gone = rows(
        db,
        """SELECT DISTINCT ON (m.automation_id, m.once_key, m.decision_id) m.id,
               e.data ->> 'starts_at' AS starts_at
           FROM messages m JOIN events e ON e.id = m.event_id
           WHERE m.state = 'cancelled' AND m.reason = :reason AND m.subject = :subject
           AND e.data ->> 'starts_at' IS NOT NULL
           AND m.workspace_id = :workspace_id AND m.phone = :phone
           AND e.connection_id = :connection_id
           ORDER BY m.automation_id, m.once_key, m.decision_id, m.id DESC""",
        reason=ANSWERED,
        subject=booking["subject"],
        workspace_id=booking["workspace_id"],
        phone=booking["phone"],
        connection_id=booking["connection_id"],
    )
    slot = booking["starts_at"]
    same = [old for old in gone if datetime.fromisoformat(old["starts_at"]) == slot]
    return sum(_again(db, old["id"], booking["title"], now) for old in same)


def _again(db: Connection, old: UUID, title: str, now: datetime) -> int:
    return run(
        db,
        """INSERT INTO messages (id, workspace_id, decision_id, event_id, automation_id,
               template_id, template_version, kind, channel, phone, language, zone, variables,
               state, sentence, due_at, once_key, cart, sender, source_id, subject, record,
               created_at, changed_at)
           SELECT :id, workspace_id, decision_id, event_id, automation_id, template_id,
               template_version, kind, channel, phone, language, zone,
               variables || jsonb_build_object('title', CAST(:title AS text)), 'scheduled',
               'Planned again: the person comes after all.', due_at, once_key, cart, sender,
               source_id, subject, record, :now, :now
           FROM messages WHERE id = :old
           ON CONFLICT DO NOTHING""",
        id=new_id(),
        old=old,
        title=title,
        now=now,
    )
