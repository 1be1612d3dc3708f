"""Endings: what these events make needless. An order ends the reminder of its cart; a booking
that moved or was cancelled ends whatever waits for it as it was."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.automations.bookings import CANCELLED, instant_of
from hub.automations.gathered import Gathered
from hub.automations.happened import Happened
from hub.automations.standing import Bookings
from hub.automations.wording import happening
from hub.store import messages, reminders
from hub.store.database import Row

_MOVED = "Cancelled: the booking was moved; what is said of it follows its new time."
_GONE = "Cancelled: the booking was cancelled."
_AGAIN = "Cancelled: the booking stands again."


def end_by_rules(db: Connection, batch: Sequence[Row], known: Gathered, now: datetime) -> None:
    """Cancel what waits for these events, by the automations' own `cancel_on`."""
    rules = {
        live.row["id"]: live.document.cancel_on
        for one in known.merchants.values()
        for live in one.automations
        if live.document.cancel_on
    }
    types = {rule.event for cancel_on in rules.values() for rule in cancel_on}
    of_people = any(r.same == "person" for cancel_on in rules.values() for r in cancel_on)
    ending = [e for e in batch if e["type"] in types]
    if not ending:
        return
    waiting = messages.waiting_for(
        db,
        [e["workspace_id"] for e in ending],
        subjects=[e["subject"] for e in ending],
        carts=[e["cart"] for e in ending],
        phones=[e["phone"] for e in ending if e["phone"]] if of_people else [],
    )
    ended: dict[str, list[UUID]] = {}
    happened = Happened(ending)
    for message in waiting:
        for rule in rules.get(message["automation_id"], ()):
            if happened.since(message, rule.event, rule.same):
                ended.setdefault(rule.event, []).append(message["id"])
    for what, ids in ended.items():
        words = f"Cancelled: {happening(what)} meanwhile, so it is no longer needed."
        messages.cancel(db, ids, now, "cancelled", words)


def end_by_bookings(db: Connection, batch: Sequence[Row], known: Gathered, now: datetime) -> None:
    """Cancel what waits about these bookings and is no longer true of them."""
    told = {(e["workspace_id"], e["subject"]) for e in batch if e["type"].startswith("booking.")}
    waiting = reminders.waiting_about(db, sorted(told))
    messages.cancel_each(db, list(untrue(waiting, known.bookings)), now)


def untrue(waiting: Iterable[Row], bookings: Bookings) -> Iterator[dict[str, Any]]:
    """Of waiting messages about bookings (as `reminders.waiting_about` gives them), those that no
    longer say what is so: {id, reason, sentence}."""
    for message in waiting:
        booking = bookings.of(message)
        ending = _ending(message, booking) if booking is not None else None
        if ending:
            yield {"id": message["id"], "reason": ending[0], "sentence": ending[1]}


def _ending(message: Row, booking: Any) -> tuple[str, str] | None:
    if message["told"] == CANCELLED:
        return ("moved", _AGAIN) if booking["state"] == "booked" else None
    if booking["state"] == "cancelled":
        return "cancelled", _GONE
    moved = instant_of(message["starts_at"]) != booking["starts_at"]
    return ("moved", _MOVED) if moved else None
