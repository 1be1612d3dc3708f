"""What an event of the calendar says as a booking: when, where, who; pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from hub.contract import Person

from . import phones
from .documents import Row, moment, private, row, text, wall

MORNING = time(9, 0)
MARKS = {"confirmed": "title_mark", "declined": "no_mark", "postponed": "later_mark"}
DEFAULT_MARKS = {"title_mark": "✓ ", "no_mark": "✗ ", "later_mark": "↻ "}
_NO_BOOKINGS = {
    "focusTime": "Focus time is no booking.",
    "outOfOffice": "Out of office is no booking.",
    "workingLocation": "A working location is no booking.",
    "birthday": "A birthday is no booking.",
}


@dataclass(frozen=True)
class Booking:
    """A booking as it stands. Times are aware, in the zone of the place; `title` is without our
    mark; the person's phone is as it was written. `digest` names what it says that matters."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    place: str
    url: str
    person: Person
    digest: str


def calendar_key(calendar: str) -> str:
    """A calendar's short name in subjects: its id is a person's address, often."""
    return hashlib.sha256(calendar.encode("utf-8", "ignore")).hexdigest()[:10]


def stable_id(event: Row) -> str:
    """The booking's name, the same however it is moved; empty where it has none.

    An occurrence of a series is named by the time it first had there.
    """
    series, first = series_of(event), row(event.get("originalStartTime"))
    at = moment(first.get("dateTime"))
    if series and at:
        return f"{series}_{at:%Y%m%dT%H%M%SZ}"
    day = text(first.get("date"), 10)
    return f"{series}_{day.replace('-', '')}" if series and day else text(event.get("id"), 1024)


def series_of(event: Row) -> str:
    """The series that an occurrence is of, by the id that all of them share; empty for others."""
    return text(event.get("recurringEventId"), 1024)


def in_time(events: Sequence[Row]) -> list[Row]:
    """The same events, where a series' occurrences follow its first one in the order of their
    start: the vendor promises none, and who books a series is answered for its first."""
    first: dict[str, int] = {}
    places = [first.setdefault(series_of(e) or f" {n}", n) for n, e in enumerate(events)]
    order = sorted(range(len(events)), key=lambda n: (places[n], _begins(events[n])))
    return [events[n] for n in order]


def _begins(event: Row) -> str:
    # A deleted occurrence may say no more than when it first began.
    return _instant(row(event.get("start")) or row(event.get("originalStartTime")))


def _instant(when: Row) -> str:
    at = moment(when.get("dateTime"))
    return at.isoformat() if at else text(when.get("dateTime"), 40) or text(when.get("date"), 10)


def read(event: Row, zone: str, settings: Mapping[str, str]) -> Booking | str:
    """The booking, or why the event is none, in a sentence. `zone` is the calendar's own."""
    reason = _NO_BOOKINGS.get(text(event.get("eventType")))
    if reason:
        return reason
    if event.get("transparency") == "transparent":
        return "An event that leaves its time free is no booking."
    start, end = row(event.get("start")), row(event.get("end"))
    if "date" in start and not is_on(settings.get("all_day", "")):
        return "All-day events are no bookings."
    where = _zone(start, zone, settings)
    starts_at = _at(start, where)
    if starts_at is None:
        return "The event has no time at which it starts."
    person, title = _person(event, settings), unmarked(event, settings)
    place = text(event.get("location"))
    return Booking(
        starts_at=starts_at,
        ends_at=_at(end, where) or starts_at,
        zone=where.key,
        title=title,
        place=place,
        url=text(event.get("htmlLink"), 2000),
        person=person,
        digest=_digest(_said(start), _said(end), title, place, person.phone, person.email),
    )


def unmarked(event: Row, settings: Mapping[str, str]) -> str:
    """The title as people wrote it, without the mark that we put before it."""
    title = text(event.get("summary"), 4000)
    marks = [private(event).get("relaisMark", ""), *(mark_of(settings, k) for k in MARKS)]
    for mark in filter(str.strip, marks):
        if title.startswith(mark.strip()):
            return title.removeprefix(mark.strip()).lstrip()
    return title


def mark_of(settings: Mapping[str, str], kind: str) -> str:
    """The mark for an answer (confirmed, declined, postponed); may be empty."""
    name = MARKS.get(kind, "")
    found = settings.get(name, DEFAULT_MARKS.get(name, ""))
    return f"{found.strip()} " if found.strip() else ""


def is_on(flag: str) -> bool:
    """A flag field as forms and files write it."""
    return flag.strip().lower() in ("1", "true", "yes", "on")


def _digest(*said: str) -> str:
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:10]


def _said(when: Row) -> str:
    # As the event itself says it: the calendar's own zone is no part of the booking.
    return f"{_instant(when)} {text(when.get('timeZone'), 60)}"


def _zone(start: Row, calendar: str, settings: Mapping[str, str]) -> ZoneInfo:
    for name in (start.get("timeZone"), calendar, settings.get("zone")):
        try:
            if isinstance(name, str) and name:
                return ZoneInfo(name[:60])
        except (KeyError, ValueError, OSError):  # unknown, malformed, the name of a folder
            continue
    return ZoneInfo("UTC")


def _at(when: Row, zone: ZoneInfo) -> datetime | None:
    found = wall(when.get("dateTime"))
    if found is None:
        found = _morning(when.get("date"))
    if found is None or not 1970 <= found.year <= 2200:
        return None
    aware = found if found.tzinfo else found.replace(tzinfo=zone)
    # Through UTC, so that a time the clocks jump over becomes one that exists.
    return aware.astimezone(UTC).astimezone(zone)


def _morning(value: Any) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(value), MORNING)  # its zone is set by _at
    except (TypeError, ValueError):
        return None


def _person(event: Row, settings: Mapping[str, str]) -> Person:
    place, phone = phones.find(event, settings)
    guest = phones.guest(event)
    first, _, last = text(guest.get("displayName"), 200).partition(" ")
    return Person(
        phone=phone,
        country=settings.get("country", "").strip().upper(),
        first_name=first,
        last_name=last.strip(),
        email=text(guest.get("email"), 254),
        look_up=place == "attendee",
    )
