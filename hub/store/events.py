"""Events: what an intake means, normalised; one row for one fact, however often it is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.causes import LIMITS, MAY_BE_BROUGHT
from hub.store.database import Row, jsonb, row, rows, run

MOST_TRIES = 5


def add_all(db: Connection, found: Sequence[Mapping[str, Any]]) -> set[UUID]:
    """Insert those that are news; the ids that were. Columns are the table's own names."""
    if not found:
        return set()
    kept = rows(
        db,
        """INSERT INTO events (id, workspace_id, connection_id, intake_id, type, key, subject, cart,
               occurred_at, received_at, data, person, phone, due_at)
           SELECT id, workspace_id, connection_id, intake_id, type, key, subject, cart, occurred_at,
               received_at, data, person, phone, received_at
           FROM jsonb_to_recordset(:found) AS e(id uuid, workspace_id uuid, connection_id uuid,
               intake_id uuid, type text, key text, subject text, cart text,
               occurred_at timestamptz, received_at timestamptz, data jsonb, person jsonb,
               phone text)
           ON CONFLICT DO NOTHING RETURNING id""",
        found=jsonb(list(found)),
    )
    return {r["id"] for r in kept}


def claim(db: Connection, now: datetime, limit: int) -> Sequence[Row]:
    """Undecided events, oldest first, locked until this transaction ends."""
    return rows(
        db,
        """SELECT * FROM events WHERE state = 'new' AND due_at <= :now
           ORDER BY due_at, id FOR UPDATE SKIP LOCKED LIMIT :limit""",
        now=now,
        limit=limit,
    )


# Every automation has answered. An order that no message can have brought is not looked at again.
DECIDED = f"""UPDATE events e SET state = 'decided', attributed = NOT ({MAY_BE_BROUGHT})
    WHERE e.id = ANY(:decided)"""  # noqa: S608 - our own words


def decided(db: Connection, ids: Sequence[UUID]) -> None:
    """Every automation has answered these."""
    run(db, DECIDED, decided=list(ids), **LIMITS)


def stumble(db: Connection, event_id: UUID, now: datetime, reason: str) -> None:
    """One that raised: tried again later, then dead, where a person sees it."""
    run(
        db,
        """UPDATE events SET tries = tries + 1, reason = :reason,
               state = CASE WHEN tries + 1 >= :most THEN 'dead' ELSE 'new' END, due_at = :due
           WHERE id = :id""",
        id=event_id,
        reason=reason,
        most=MOST_TRIES,
        due=now + timedelta(seconds=30),
    )


def get(db: Connection, workspace_id: UUID | None, event_id: UUID) -> Row | None:
    """One event; without a workspace for the operator's own commands."""
    return row(
        db,
        """SELECT * FROM events WHERE id = :id
           AND (CAST(:workspace_id AS uuid) IS NULL OR workspace_id = :workspace_id)""",
        id=event_id,
        workspace_id=workspace_id,
    )


def of_intake(db: Connection, intake_id: UUID) -> Sequence[Row]:
    """What one intake meant."""
    return rows(db, "SELECT * FROM events WHERE intake_id = :id ORDER BY id", id=intake_id)


_HAPPENED = """SELECT workspace_id, connection_id, type, subject, cart, phone, occurred_at
    FROM events WHERE workspace_id = ANY(:workspaces) AND type = ANY(:types)
    AND occurred_at >= :since"""


def that_cancel(
    db: Connection,
    workspace_ids: Sequence[UUID],
    types: Sequence[str],
    *,
    subjects: Sequence[str],
    carts: Sequence[str],
    phones: Sequence[str],
    since: datetime,
) -> Sequence[Row]:
    """Events of these types since then about these subjects, carts or phones: what may cancel a
    message about something that happened no earlier."""
    by = ["subject = ANY(:subjects)"] if subjects else []
    by += ["cart <> '' AND cart = ANY(:carts)"] if carts else []
    by += ["phone <> '' AND phone = ANY(:phones)"] if phones else []
    if not by:
        return []
    return rows(
        db,
        " UNION ALL ".join(f"{_HAPPENED} AND {about}" for about in by),  # an index for each
        workspaces=list(set(workspace_ids)),
        types=list(set(types)),
        subjects=list(set(subjects)),
        carts=list(set(carts)),
        phones=list(set(phones)),
        since=since,
    )


def told_before(db: Connection, ids: Sequence[UUID]) -> dict[UUID, Row]:
    """What the event before each of these told of the same booking: its type and `starts_at`."""
    if not ids:
        return {}
    found = rows(
        db,
        """SELECT DISTINCT ON (e.id) e.id, p.type, p.data ->> 'starts_at' AS starts_at
           FROM events e JOIN events p ON p.workspace_id = e.workspace_id
               AND p.subject = e.subject AND p.connection_id IS NOT DISTINCT FROM e.connection_id
               AND p.type IN ('booking.created', 'booking.changed', 'booking.cancelled')
               AND (p.occurred_at, p.id) < (e.occurred_at, e.id)
           WHERE e.id = ANY(:ids) ORDER BY e.id, p.occurred_at DESC, p.id DESC""",
        ids=list(set(ids)),
    )
    return {r["id"]: r for r in found}


def newest_posted(
    db: Connection, workspace_ids: Sequence[UUID], subjects: Sequence[str]
) -> Sequence[Row]:
    """The newest event of each of these bookings that no connection told, but the hub's own API."""
    if not subjects:
        return []
    return rows(
        db,
        """SELECT DISTINCT ON (workspace_id, subject) id AS event_id, workspace_id, subject, type,
               state AS told, data ->> 'starts_at' AS starts_at FROM events
           WHERE workspace_id = ANY(:workspaces) AND subject = ANY(:subjects)
           AND connection_id IS NULL
           AND type IN ('booking.created', 'booking.changed', 'booking.cancelled')
           ORDER BY workspace_id, subject, occurred_at DESC, id DESC""",
        workspaces=list(set(workspace_ids)),
        subjects=list(set(subjects)),
    )


def by_ids(db: Connection, ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Several at once, by id."""
    found = rows(db, "SELECT * FROM events WHERE id = ANY(:ids)", ids=list(set(ids)))
    return {r["id"]: r for r in found}
