"""Bookings: the present state of each, from the newest event about it, and what the person said."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, rows, run

Pair = tuple[UUID, str]  # (connection, subject)


def keep_all(db: Connection, found: Sequence[Mapping[str, Any]]) -> None:
    """Bring each booking to the state that its newest event tells; older news changes nothing.

    Rows are {workspace_id, connection_id, subject, event_id, occurred_at, phone, title, starts_at,
    zone, state}; their events are kept already. Of two at one instant the later event id wins.
    Another start, or a booking that stands again, forgets the answer. A cancellation that is
    silent about phone, start, title or zone leaves them as they were. Bookings of no connection
    (posted by hand) are not kept.
    """
    told = [{**f, "starts_at": _instant(f["starts_at"])} for f in found if f["connection_id"]]
    if not told:
        return
    run(
        db,
        """INSERT INTO bookings AS b (workspace_id, connection_id, subject, event_id, occurred_at,
               phone, title, starts_at, zone, state)
           SELECT DISTINCT ON (connection_id, subject) workspace_id, connection_id, subject,
               event_id, occurred_at, coalesce(phone, ''), coalesce(title, ''), starts_at,
               coalesce(zone, ''), state
           FROM jsonb_to_recordset(:found) AS f(workspace_id uuid, connection_id uuid,
               subject text, event_id uuid, occurred_at timestamptz, phone text, title text,
               starts_at timestamptz, zone text, state text)
           ORDER BY connection_id, subject, occurred_at DESC, event_id DESC
           ON CONFLICT (connection_id, subject) DO UPDATE SET
               event_id = excluded.event_id, occurred_at = excluded.occurred_at,
               phone = CASE WHEN excluded.state = 'cancelled' AND excluded.phone = ''
                   THEN b.phone ELSE excluded.phone END,
               title = CASE WHEN excluded.state = 'cancelled' AND excluded.title = ''
                   THEN b.title ELSE excluded.title END,
               zone = CASE WHEN excluded.state = 'cancelled' AND excluded.zone = ''
                   THEN b.zone ELSE excluded.zone END,
               starts_at = CASE WHEN excluded.state = 'cancelled'
                   THEN coalesce(excluded.starts_at, b.starts_at) ELSE excluded.starts_at END,
               state = excluded.state,
               answer = CASE WHEN excluded.state = 'cancelled' OR (b.state = 'booked'
                   AND excluded.starts_at IS NOT DISTINCT FROM b.starts_at)
                   THEN b.answer ELSE '' END,
               answered_at = CASE WHEN excluded.state = 'cancelled' OR (b.state = 'booked'
                   AND excluded.starts_at IS NOT DISTINCT FROM b.starts_at)
                   THEN b.answered_at END
           WHERE (excluded.occurred_at, excluded.event_id) > (b.occurred_at, b.event_id)""",
        found=jsonb(told),
    )


def _instant(value: Any) -> datetime | None:
    """Strangers write these dates in more ways than the database reads."""
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
        return instant.astimezone(UTC) if instant and instant.tzinfo else None
    except (ValueError, OverflowError):
        return None


def by_subjects(db: Connection, pairs: Sequence[Pair], hold: bool = False) -> dict[Pair, Row]:
    """These bookings by (connection, subject), with the state of their newest event as `told`.

    `hold` locks them, in one order, until this transaction ends: nobody moves or answers them.
    """
    if not pairs:
        return {}
    found = rows(
        db,
        f"""SELECT b.*, e.state AS told FROM bookings b JOIN events e ON e.id = b.event_id
           WHERE (b.connection_id, b.subject) IN (
               SELECT * FROM unnest(CAST(:connections AS uuid[]), CAST(:subjects AS text[])))
           ORDER BY b.connection_id, b.subject {"FOR UPDATE OF b" if hold else ""}""",  # noqa: S608 - our own words
        connections=[connection for connection, _ in pairs],
        subjects=[subject for _, subject in pairs],
    )
    return {(r["connection_id"], r["subject"]): r for r in found}


def hold_of(db: Connection, who: Sequence[tuple[UUID, str]]) -> None:
    """Lock every booking of these (workspace, phone), before any message is locked."""
    if not who:
        return
    run(
        db,
        """SELECT 1 FROM bookings WHERE (workspace_id, phone) IN (
               SELECT * FROM unnest(CAST(:workspaces AS uuid[]), CAST(:phones AS text[])))
           ORDER BY connection_id, subject FOR UPDATE""",
        workspaces=[workspace for workspace, _ in who],
        phones=[phone for _, phone in who],
    )


def open_for(db: Connection, workspace_id: UUID, phone: str, now: datetime) -> Sequence[Row]:
    """The person's bookings ahead that a message told them of, soonest first; each with that
    message's `message_id`, `source_id` (whom to tell) and `record`."""
    return rows(
        db,
        """SELECT b.*, m.id AS message_id, m.source_id, m.record FROM bookings b
           JOIN LATERAL (
               SELECT m.id, m.source_id, m.record FROM messages m JOIN events e ON e.id = m.event_id
               WHERE m.workspace_id = b.workspace_id AND m.phone = b.phone
               AND m.subject = b.subject AND e.connection_id = b.connection_id
               AND m.state IN ('sending', 'uncertain', 'sent', 'delivered', 'read')
               ORDER BY m.id DESC LIMIT 1) m ON true
           WHERE b.workspace_id = :workspace_id AND b.phone = :phone AND b.state = 'booked'
           AND b.starts_at > :now
           ORDER BY b.starts_at, b.connection_id, b.subject""",
        workspace_id=workspace_id,
        phone=phone,
        now=now,
    )


def answer(
    db: Connection,
    connection_id: UUID,
    subject: str,
    starts_at: datetime,
    answer: str,
    now: datetime,
) -> bool:
    """Keep what the person said of this slot, where it still stands ahead and says something new.

    `answer` is confirmed, declined or postponed; false where nothing changed.
    """
    return bool(
        run(
            db,
            """UPDATE bookings SET answer = :answer, answered_at = :now
               WHERE connection_id = :connection_id AND subject = :subject AND state = 'booked'
               AND starts_at = :starts_at AND starts_at > :now AND answer <> :answer""",
            connection_id=connection_id,
            subject=subject,
            starts_at=starts_at,
            answer=answer,
            now=now,
        )
    )
