"""Attribution: which message brought an order. The first of these that is so, and only it:

1. the order names a code of ours: the message the code was made for; of a code that many share, the
   last message that named it to this phone while it held;
2. the person opened a link of a message in the seven days before: the message they opened last
   (robots, previews and links for help never count);
3. a message about the order's own cart was sent in the seven days before: the last one.

An order counts once, whatever else is told of it later, and never for a message about itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.report import attribution_rows as seen
from hub.store import connections, conversions, coupons, messages, write_backs
from hub.store.database import Row, new_id
from hub.store.ground import Ground

_HOW = {
    "code": "its code was used",
    "click": "its link was opened before",
    "cart": "it was about this cart",
}

_Cause = tuple[UUID, str]  # the message, how it is known


def attribute_due(ground: Ground, limit: int = 200) -> int:
    """Put new orders down to the messages that brought them; how many orders were looked at."""
    now = ground.clock()
    with ground.database.begin() as db:
        found = seen.claim(db, now, limit)
        if not found:
            return 0
        causes = _causes(db, found)
        kept = conversions.add_all(db, _brought(found, causes))
        write_backs.add_all(db, list(_told(ground, db, kept, found, now)))
        seen.looked_at(db, [event["id"] for event in found])
    return len(found)


def _causes(db: Connection, found: Sequence[Row]) -> dict[UUID, _Cause]:
    """By event. An order that no connection told has no record to count it by."""
    asked = [event for event in found if event["connection_id"]]
    causes = {event: (one, "code") for event, one in _by_code(db, asked).items()}
    for how, look in (("click", seen.by_click), ("cart", seen.by_cart)):
        left = [event["id"] for event in asked if event["id"] not in causes]
        if left:
            causes |= {event: (one, how) for event, one in look(db, left).items()}
    return causes


def _by_code(db: Connection, asked: Sequence[Row]) -> dict[UUID, UUID]:
    named = [(event, code) for event in asked for code in _codes(event)]
    known = coupons.by_codes(db, [(event["workspace_id"], code) for event, code in named])
    pairs = [
        (event["id"], row)
        for event, code in named
        if (row := known.get((event["workspace_id"], code.upper())))
    ]
    shared = seen.by_shared_code(
        db, [(event, row["id"]) for event, row in pairs if row["message_id"] is None]
    )
    own = [(event, row["message_id"]) for event, row in pairs if row["message_id"]]
    instead = seen.arrived(db, [one for _, one in own]) if own else {}
    causes: dict[UUID, UUID] = {}
    for event, one in (*own, *((event, one) for (event, _), one in shared.items())):
        causes.setdefault(event, instead.get(one) or one)
    return causes


def _codes(event: Row) -> list[str]:
    listed = event["data"].get("codes") or ()
    return [str(row["code"]) for row in listed if isinstance(row, dict) and row.get("code")]


def _brought(found: Sequence[Row], causes: Mapping[UUID, _Cause]) -> list[dict[str, Any]]:
    """Conversions to keep, one for an order, always in one sequence: two workers that meet the same
    orders then never wait for each other in a circle."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for event in sorted(found, key=lambda e: (e["occurred_at"], e["id"])):
        if event["id"] in causes:
            key = (str(event["connection_id"]), event["subject"])
            rows.setdefault(key, _conversion(event, causes[event["id"]]))
    return [rows[key] for key in sorted(rows)]


def _conversion(event: Row, cause: _Cause) -> dict[str, Any]:
    total = event["data"].get("order_total") or {}
    amount = _amount(total.get("amount"))
    return {
        "id": new_id(),
        "workspace_id": event["workspace_id"],
        "message_id": cause[0],
        "event_id": event["id"],
        "connection_id": event["connection_id"],
        "subject": event["subject"],
        "how": cause[1],
        "amount": amount,
        "currency": str(total.get("currency") or "") if amount is not None else "",
        "at": event["occurred_at"],
    }


def _amount(written: Any) -> str | None:
    try:
        return str(written) if Decimal(str(written)).is_finite() else None
    except InvalidOperation:
        return None


@dataclass(frozen=True)
class _Order:
    """One order that a message brought, and what of it is told to whom."""

    event: Row
    message: Row
    how: str

    @property
    def at_home(self) -> str:
        """For the order itself."""
        return f"This order came from {self._kind} message: {_HOW[self.how]}."

    @property
    def elsewhere(self) -> str:
        """For the record that the message came from."""
        data = self.event["data"]
        total = data.get("order_total") or {}
        worth = f", {total['amount']} {total['currency']}" if total else ""
        named = data.get("order_number") or self.event["subject"].partition(":")[2]
        return f"Ordered after this message: {named}{worth}; {_HOW[self.how]}."

    @property
    def _kind(self) -> str:
        return {"rcs": "an RCS"}.get(self.message["channel"], "an SMS")

    def told(
        self, connection_id: UUID, subject: str, record: str, sentence: str, now: datetime
    ) -> dict[str, Any]:
        """A write-back for this record; its marker is made of the message, the kind and both
        records, so that telling it twice is telling it once."""
        one, order = self.message["id"], self.event
        name = f"{one}:bought:{order['connection_id']}:{order['subject']}:{subject}"
        outcome = {
            "kind": "bought",
            "subject": subject,
            "record": record,
            "at": order["occurred_at"],
            "sentence": sentence,
            "text": "",
        }
        return write_backs.planned(
            name,
            workspace_id=order["workspace_id"],
            connection_id=connection_id,
            message_id=one,
            outcome=outcome,
            due_at=now,
        )


def _told(
    ground: Ground, db: Connection, kept: Sequence[Row], found: Sequence[Row], now: datetime
) -> Iterator[dict[str, Any]]:
    """The order is told, and so is the record that the message came from where that is another
    system's; systems that keep no such record are not."""
    if not kept:
        return
    events = {event["id"]: event for event in found}
    known = messages.by_ids(db, [row["message_id"] for row in kept])
    orders = [_Order(events[r["event_id"]], known[r["message_id"]], r["how"]) for r in kept]
    homes = {one.event["connection_id"] for one in orders}
    sources = {one.message["source_id"] for one in orders if one.message["source_id"]}
    standing = connections.by_ids(db, list(homes | sources))
    for one in orders:
        home, subject = one.event["connection_id"], one.event["subject"]
        if _takes(ground, standing.get(home), subject):
            record = str((one.event["person"] or {}).get("record", ""))
            yield one.told(home, subject, record, one.at_home, now)
        source, subject = one.message["source_id"], one.message["subject"]
        if source != home and _takes(ground, standing.get(source), subject):
            yield one.told(source, subject, one.message["record"], one.elsewhere, now)


def _takes(ground: Ground, connection: Row | None, subject: str) -> bool:
    connector = ground.connectors.get(connection["connector"]) if connection else None
    return bool(connector and connector.target and subject and connector.target.takes(subject))
