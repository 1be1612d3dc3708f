"""A record's fields → what happened to it, under keys that push, change events and poll share."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hub.contract import Event, Person

from . import people
from .documents import Row, digest, long_id, moment, money, pick, text
from .mapping import Table
from .origin import edited

# A record that is edited long after it was made was not made now: a hub that is new, or was away
# for longer than this, must not thank people for the orders of last year.
_FRESH = timedelta(days=7)

_Events = Iterator[Event]


@dataclass(frozen=True)
class Found:
    """One record as it was read, with the Contact or Lead behind it, and who we are there."""

    table: Table
    row: Row
    behind: tuple[Table, Row] | None = None
    user: str = ""

    @property
    def number(self) -> str:
        """The record's id, 18 characters."""
        return long_id(pick(self.row, "Id"))

    @property
    def subject(self) -> str:
        """The record as the hub names it."""
        return f"{self.table.noun}:{self.number}"

    def value(self, name: str, limit: int = 500) -> str:
        """A field as text."""
        return text(pick(self.row, name), limit)


def events(found: Found, settings: Mapping[str, str], received: datetime) -> list[Event]:
    """Everything that this state of a record proves has happened."""
    if not found.number:
        raise ValueError("A record of Salesforce came without its id.")
    person = people.person(found.table, found.row, found.behind, settings)
    return list(_READERS[found.table.noun](found, person, settings, received))


def _contact(found: Found, person: Person, _: Mapping[str, str], received: datetime) -> _Events:
    consent = person.consent
    told = (consent.granted, consent.source) if consent else None
    city = text(next((pick(found.row, path) for path in found.table.meaning), ""))
    who = (person.phone, person.country, person.first_name, person.last_name, person.email, city)
    since = edited(found.row, found.table, found.user)
    key = f"{found.subject}:{since}:{digest(who, person.language, told)}"
    at = moment(since) or received
    data = {"email": person.email, "city": city}
    yield Event("contact.changed", key, found.subject, at, person, data)


def _deal(found: Found, person: Person, settings: Mapping[str, str], received: datetime) -> _Events:
    # Nothing of ours is ever written on a deal, and its own stage has its own date: a stage that
    # comes back is told again, an edit elsewhere on the deal is not.
    facts = [found.value(name) for name in found.table.meaning]
    key = f"{found.subject}:{digest(facts)}:{found.value('LastStageChangeDate', 40)}"
    closes = moment(pick(found.row, "CloseDate"))
    data = {
        "deal_id": found.number,
        "deal_name": found.value("Name"),
        "stage": found.value("StageName"),
        "amount": money(pick(found.row, "Amount"), _currency(found, settings)),
        "closes_at": closes.isoformat() if closes else None,
    }
    yield Event("deal.changed", key, found.subject, _changed(found, received), person, data)


def _order(
    found: Found, person: Person, settings: Mapping[str, str], received: datetime
) -> _Events:
    state = found.value("Status", 80)
    data = {
        "order_id": found.number,
        "order_number": found.value("OrderNumber", 60) or found.number,
        "order_total": money(pick(found.row, "TotalAmount"), _currency(found, settings)),
        "status": state,
    }
    at = _changed(found, received)
    if _is_new(found):
        made = moment(pick(found.row, "CreatedDate")) or at
        key = f"{found.subject}:created"
        yield Event("order.created", key, found.subject, made, person, data)
    key = f"{found.subject}:status:{state}"
    yield Event("order.status_changed", key, found.subject, at, person, data)


def _booking(found: Found, person: Person, _: Mapping[str, str], received: datetime) -> _Events:
    data = {
        "booking_id": found.number,
        "title": found.value("Subject"),
        "starts_at": _instant(found, "StartDateTime"),
        "ends_at": _instant(found, "EndDateTime"),
        "place": found.value("Location"),
    }
    # A whole day has no hour to remind of, and the head of a series is no meeting of its own.
    if _is_true(found, "IsAllDayEvent") or _is_true(found, "IsRecurrence") or not data["starts_at"]:
        return
    at, told = _changed(found, received), (found.subject,)
    if _is_true(found, "IsDeleted"):
        key = f"{found.subject}:cancelled"
        yield Event("booking.cancelled", key, *told, at, person, data)
        return
    made = moment(pick(found.row, "CreatedDate")) or at
    if _is_new(found):
        yield Event("booking.created", f"{found.subject}:created", *told, made, person, data)
    if at > made or not _is_new(found):
        # With its date: a meeting moved away and back must be told both times.
        facts = digest([data[name] for name in ("title", "starts_at", "ends_at", "place")])
        key = f"{found.subject}:changed:{found.value('LastModifiedDate', 40)}:{facts}"
        yield Event("booking.changed", key, *told, at, person, data)


def _record(found: Found, person: Person, _: Mapping[str, str], received: datetime) -> _Events:
    # Where no field says when the record last took a step, its last edit does: the same values
    # may come back and mean something. We write nothing on such records ourselves.
    named = dict(found.table.named)
    since = found.value(found.table.changed or "LastModifiedDate", 40)
    facts = [found.value(path) for path in named.values()]
    key = f"{found.subject}:{since}:{digest(facts)}"
    due = moment(pick(found.row, named.get("Date", "")))
    data = {
        "object": found.table.object,
        "record_id": found.number,
        "name": found.value(named.get("Name", "")),
        "status": found.value(named.get("Status", "")),
        "due_at": due.isoformat() if due else None,
        **{f"text_{n}": found.value(named.get(f"Text{n}", "")) for n in range(1, 6)},
    }
    yield Event("record.changed", key, found.subject, _changed(found, received), person, data)


def _changed(found: Found, received: datetime) -> datetime:
    return moment(pick(found.row, "LastModifiedDate")) or received


def _is_new(found: Found) -> bool:
    made = moment(pick(found.row, "CreatedDate"))
    changed = moment(pick(found.row, "LastModifiedDate"))
    return bool(made and changed and changed - made <= _FRESH)


def _is_true(found: Found, name: str) -> bool:
    return pick(found.row, name) is True


def _instant(found: Found, name: str) -> str | None:
    at = moment(pick(found.row, name))
    return at.astimezone(UTC).isoformat() if at else None


def _currency(found: Found, settings: Mapping[str, str]) -> str:
    typed = found.value("CurrencyIsoCode", 3) or settings.get("currency", "").strip()
    return typed.upper()


_READERS: Mapping[str, Any] = {
    "contact": _contact,
    "deal": _deal,
    "order": _order,
    "booking": _booking,
    "record": _record,
}
