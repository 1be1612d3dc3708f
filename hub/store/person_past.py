"""What happened with one person lately: answers, bookings, events, and which systems were told of
their word of consent."""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, rows


def replies(db: Connection, workspace_id: UUID, phone: str, limit: int) -> Sequence[Row]:
    """Their newest answers."""
    return rows(
        db,
        """SELECT id, body, keyword, message_id, received_at FROM replies
           WHERE workspace_id = :workspace_id AND phone = :phone
           ORDER BY received_at DESC LIMIT :limit""",
        workspace_id=workspace_id,
        phone=phone,
        limit=limit,
    )


def bookings(db: Connection, workspace_id: UUID, phone: str, limit: int) -> Sequence[Row]:
    """Their bookings, the latest start first."""
    return rows(
        db,
        """SELECT event_id, title, starts_at, state, answer FROM bookings
           WHERE workspace_id = :workspace_id AND phone = :phone AND phone <> ''
           ORDER BY starts_at DESC NULLS LAST LIMIT :limit""",
        workspace_id=workspace_id,
        phone=phone,
        limit=limit,
    )


def events(db: Connection, workspace_id: UUID, phone: str, limit: int) -> Sequence[Row]:
    """What was heard of them, the newest first."""
    return rows(
        db,
        """SELECT id, type, subject, data ->> 'order_number' AS number, occurred_at FROM events
           WHERE workspace_id = :workspace_id AND phone = :phone AND phone <> ''
           ORDER BY occurred_at DESC LIMIT :limit""",
        workspace_id=workspace_id,
        phone=phone,
        limit=limit,
    )


def known_from(db: Connection, workspace_id: UUID, phone: str) -> Sequence[Row]:
    """The systems that show this number, by connection: how many records, since when."""
    return rows(
        db,
        """SELECT c.id, coalesce(nullif(c.label, ''), c.connector) AS label, c.connector,
               count(*) AS records, array_agg(r.record) AS names, max(r.seen_at) AS seen_at
           FROM records r JOIN connections c ON c.id = r.connection_id
           WHERE r.workspace_id = :workspace_id AND r.phone = :phone
           GROUP BY c.id ORDER BY c.id""",
        workspace_id=workspace_id,
        phone=phone,
    )


def told(
    db: Connection, words: Sequence[UUID], known: Sequence[Row]
) -> dict[UUID, list[tuple[str, str]]]:
    """Which systems hear of these words of the ledger: (label, how it stands) by word. The marker
    is as hub.store.records makes it."""
    marked = {
        (place["id"], sha256(f"{word}:{record}".encode()).hexdigest()[:12]): (word, place["label"])
        for word in words
        for place in known
        for record in place["names"]
    }
    if not marked:
        return {}
    found = rows(
        db,
        """SELECT connection_id, marker, state FROM write_backs
           WHERE (connection_id, marker) IN (SELECT * FROM unnest(CAST(:connections AS uuid[]),
               CAST(:markers AS text[])))""",
        connections=[connection for connection, _ in marked],
        markers=[marker for _, marker in marked],
    )
    heard: dict[UUID, list[tuple[str, str]]] = {}
    for one in found:
        word, label = marked[one["connection_id"], one["marker"]]
        heard.setdefault(word, []).append((label, one["state"]))
    return heard
