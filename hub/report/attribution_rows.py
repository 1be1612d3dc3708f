"""What attribution asks of the rows: orders nobody looked at, and the messages before them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.store.causes import BEFORE, GRACE, WINDOW
from hub.store.database import Row, rows, run

_SENT = "m.state IN ('sent', 'delivered', 'read')"
_SENT_AT = "coalesce(m.sent_at, m.created_at)"


def claim(db: Connection, now: datetime, limit: int) -> Sequence[Row]:
    """Orders placed or paid that were not looked at, locked until this transaction ends."""
    return rows(
        db,
        """SELECT * FROM events WHERE NOT attributed AND state = 'decided'
           AND type IN ('order.created', 'order.paid') AND due_at <= :now
           ORDER BY due_at, id FOR UPDATE SKIP LOCKED LIMIT :limit""",
        now=now,
        limit=limit,
    )


def looked_at(db: Connection, ids: Sequence[UUID]) -> None:
    """They are not looked at again."""
    run(db, "UPDATE events SET attributed = true WHERE id = ANY(:ids)", ids=list(ids))


def arrived(db: Connection, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """For each message the one that went in its place: an SMS beneath it that was sent, else
    itself."""
    found = rows(
        db,
        f"""SELECT o.id, coalesce(m.id, o.id) AS one FROM messages o
            LEFT JOIN messages m ON m.stands_in_for = o.id AND {_SENT}
            WHERE o.id = ANY(:ids)""",  # noqa: S608 - our own words
        ids=list(set(ids)),
    )
    return {r["id"]: r["one"] for r in found}


def by_shared_code(
    db: Connection, named: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], UUID]:
    """By (event, coupon): the last message to the order's phone that named this code, while it
    held."""
    if not named:
        return {}
    found = rows(
        db,
        f"""SELECT DISTINCT ON (e.id, k.id) e.id AS event_id, k.id AS coupon_id, m.id AS message_id
            FROM unnest(CAST(:events AS uuid[]), CAST(:coupons AS uuid[])) AS w(event_id, coupon_id)
            JOIN events e ON e.id = w.event_id AND e.phone <> ''
            JOIN coupons k ON k.id = w.coupon_id AND e.occurred_at <= k.expires_at + :grace
            JOIN messages m ON {BEFORE} AND m.phone = e.phone AND {_SENT}
                AND {_SENT_AT} BETWEEN k.created_at - :grace AND e.occurred_at + :grace
            JOIN template_versions t ON t.template_id = m.template_id
                AND t.version = m.template_version AND upper(t.coupon ->> 'shared') = upper(k.code)
            ORDER BY e.id, k.id, {_SENT_AT} DESC, m.id DESC""",  # noqa: S608 - our own words
        events=[event for event, _ in named],
        coupons=[coupon for _, coupon in named],
        grace=GRACE,
    )
    return {(r["event_id"], r["coupon_id"]): r["message_id"] for r in found}


def by_click(db: Connection, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """By event: the message whose link the person opened last within the window before the order.
    Robots and links for help do not count."""
    found = rows(
        db,
        f"""SELECT DISTINCT ON (e.id) e.id AS event_id, m.id AS message_id
            FROM events e JOIN messages m ON {BEFORE} AND m.phone = e.phone
            JOIN clicks k ON k.message_id = m.id AND k.who = 'person'
                AND k.at BETWEEN e.occurred_at - :span AND e.occurred_at + :grace
            JOIN links l ON l.token_hash = k.token_hash AND l.kind <> 'support'
            WHERE e.id = ANY(:ids) AND e.phone <> ''
            ORDER BY e.id, k.at DESC, k.id DESC""",  # noqa: S608 - our own words
        ids=list(ids),
        span=WINDOW,
        grace=GRACE,
    )
    return {r["event_id"]: r["message_id"] for r in found}


def by_cart(db: Connection, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """By event: the last message about the order's own cart that was sent within the window."""
    found = rows(
        db,
        f"""SELECT DISTINCT ON (e.id) e.id AS event_id, m.id AS message_id
            FROM events e JOIN messages m ON {BEFORE} AND m.cart = e.cart AND m.cart <> ''
                AND m.source_id = e.connection_id AND {_SENT}
                AND {_SENT_AT} BETWEEN e.occurred_at - :span AND e.occurred_at + :grace
            WHERE e.id = ANY(:ids)
            ORDER BY e.id, {_SENT_AT} DESC, m.id DESC""",  # noqa: S608 - our own words
        ids=list(ids),
        span=WINDOW,
        grace=GRACE,
    )
    return {r["event_id"]: r["message_id"] for r in found}
