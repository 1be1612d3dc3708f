"""Bookings: the present state of each, from the newest event about it, and what the person said."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, rows, run
from hub.store.tellings import keeping

Pair = tuple[UUID, str]  # (connection, subject)

_TELLING = keeping(
    "changed r",
    "('booking.' || r.answer)",
    phone="r.phone",
    marker="r.connection_id || ':' || r.subject || ':' || r.answer || ':' || r.answered_at",
    data="""jsonb_build_object('booking', r.subject, 'title', r.title, 'starts_at', r.starts_at,
        'zone', r.zone, 'answer', r.answer)""",
)


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
            f"""WITH changed AS (
                   UPDATE bookings SET answer = :answer, answered_at = :now
                   WHERE connection_id = :connection_id AND subject = :subject
                   AND state = 'booked' AND starts_at = :starts_at AND starts_at > :now
                   AND answer <> :answer RETURNING *),
               telling AS ({_TELLING})
               SELECT 1 FROM changed""",  # noqa: S608 - our own words
            connection_id=connection_id,
            subject=subject,
            starts_at=starts_at,
            answer=answer,
            now=now,
        )
    )


# Spelled out, so that PostgreSQL folds it into the count.
GROUP = """CASE WHEN b.state = 'cancelled' OR b.answer = 'declined' THEN 'freed'
    WHEN b.answer = 'postponed' THEN 'to_move'
    WHEN b.answer = 'confirmed' THEN 'confirmed' ELSE 'waiting' END"""
Place = tuple[datetime, UUID, str]  # where a page of a day begins: start, connection, subject


def of_day(
    db: Connection,
    workspace_id: UUID,
    starts: datetime,
    ends: datetime,
    after: Place | None,
    limit: int,
) -> Sequence[Row]:
    """A page of the bookings that start from `starts` until before `ends`, soonest first: each
    with its `grouped` (confirmed, waiting, to_move, freed), its person's names, the last message
    about it (`message_id`) and whether they ever `replied`."""
    return rows(
        db,
        f"""SELECT b.*, {GROUP} AS grouped, p.first_name, p.last_name, m.id AS message_id,
               EXISTS (SELECT 1 FROM replies r WHERE r.workspace_id = b.workspace_id
                   AND r.phone = b.phone AND b.phone <> '') AS replied
           FROM (SELECT * FROM bookings b WHERE b.workspace_id = :workspace_id
               AND b.starts_at >= :starts AND b.starts_at < :ends
               {"AND (b.starts_at, b.connection_id, b.subject) > (:at, :c, :s)" if after else ""}
               ORDER BY b.starts_at, b.connection_id, b.subject LIMIT :limit) b
           LEFT JOIN people p ON p.workspace_id = b.workspace_id AND p.phone = b.phone
           LEFT JOIN LATERAL (SELECT m.id FROM messages m JOIN events e ON e.id = m.event_id
               WHERE m.workspace_id = b.workspace_id AND m.phone = b.phone AND b.phone <> ''
               AND m.subject = b.subject AND e.connection_id = b.connection_id
               ORDER BY m.id DESC LIMIT 1) m ON true
           ORDER BY b.starts_at, b.connection_id, b.subject""",  # noqa: S608 - our own words
        workspace_id=workspace_id,
        starts=starts,
        ends=ends,
        limit=limit,
        **(dict(zip(("at", "c", "s"), after, strict=True)) if after else {}),
    )


def by_day(
    db: Connection, workspace_id: UUID, days: Sequence[datetime], most: int
) -> list[dict[str, int]]:
    """How many start in each span between these instants, by group; up to `most` are counted of
    each span."""
    found = rows(
        db,
        f"""SELECT d.n, b.grouped, count(*) AS many
           FROM unnest(CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]))
               WITH ORDINALITY AS d(starts, ends, n)
           JOIN LATERAL (SELECT {GROUP} AS grouped FROM bookings b
               WHERE b.workspace_id = :workspace_id AND b.starts_at >= d.starts
               AND b.starts_at < d.ends LIMIT :most) b ON true
           GROUP BY d.n, b.grouped""",  # noqa: S608 - our own words
        workspace_id=workspace_id,
        starts=list(days[:-1]),
        ends=list(days[1:]),
        most=most,
    )
    counted: list[dict[str, int]] = [{} for _ in days[1:]]
    for one in found:
        counted[one["n"] - 1][one["grouped"]] = one["many"]
    return counted
