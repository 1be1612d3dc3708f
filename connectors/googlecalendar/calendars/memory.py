"""Calendars and their events with a memory of every change, in the order they were made."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import uuid6

from hub.contract import Clock

from . import series

Row = dict[str, Any]
_FIXED = ("id", "created", "htmlLink", "iCalUID", "creator", "organizer", "kind", "etag", "updated")
_OWN = ("start", "end", "originalStartTime")


@dataclass
class Calendar:
    """One calendar. `events` are singles, series and changed occurrences by id; `log` holds
    (number, id) of every change; `touched` the number of an event's latest."""

    id: str
    title: str
    zone: str = "Europe/Paris"
    role: str = "owner"
    updated: str = ""
    events: dict[str, Row] = field(default_factory=dict)
    log: list[tuple[int, str]] = field(default_factory=list)
    touched: dict[str, int] = field(default_factory=dict)
    series: set[str] = field(default_factory=set)
    exceptions: dict[str, set[str]] = field(default_factory=dict)


@dataclass
class Memory:
    """All calendars of one account. `tell(calendar)` is called after each change."""

    clock: Clock
    tell: Callable[[str], None]
    owner: str = "salon@example.com"
    base: str = "https://calendar.example.com"
    calendars: dict[str, Calendar] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _number: int = 0
    _latest: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    def __post_init__(self) -> None:
        for calendar in (
            Calendar(self.owner, self.owner),
            Calendar("room-2@group.calendar.example.com", "Room 2"),
        ):
            self.calendars[calendar.id] = calendar

    def calendar(self, name: str) -> Calendar:
        """A calendar by its id, or the account's own as "primary". Raises KeyError."""
        return self.calendars[self.owner if name == "primary" else name]

    def event(self, calendar: Calendar, name: str) -> Row:
        """An event or an occurrence, as a new row. Raises KeyError."""
        found = calendar.events.get(name)
        if found is not None:
            return dict(found)
        master = calendar.events[name.rpartition("_")[0]]
        for own, occurrence in self._occurrences(master):
            if own == name:
                return occurrence
        raise KeyError(name)

    def singles(self, calendar: Calendar, name: str) -> Iterator[Row]:
        """What a listing of single events shows for one stored row."""
        stored = calendar.events[name]
        if "recurrence" not in stored:
            yield stored
            return
        changed = calendar.exceptions.get(name, set())
        for own, occurrence in self._occurrences(stored):
            if own not in changed:
                yield occurrence

    def add(self, calendar: Calendar, given: Row) -> Row:
        """A new event; what the vendor adds to it is added."""
        with self.lock:
            name = given.get("id") or f"ev{uuid6.uuid7().hex[:20]}"
            now = self._now()
            row = {
                "kind": "calendar#event",
                "id": name,
                "status": "confirmed",
                "htmlLink": f"{self.base}/event?eid={name}",
                "created": f"{now:%Y-%m-%dT%H:%M:%S}.000Z",
                "iCalUID": f"{name}@example.com",
                "creator": {"email": self.owner, "self": True},
                "organizer": {"email": calendar.id, "self": True},
                "sequence": 0,
                "reminders": {"useDefault": True},
                "eventType": "default",
                **given,
            }
            if "recurrence" in row:
                calendar.series.add(name)
            return self._keep(calendar, row, now)

    def change(self, calendar: Calendar, name: str, changed: Row) -> Row:
        """Fields of an event are replaced; None clears one, maps are joined. Raises KeyError."""
        with self.lock:
            before = self.event(calendar, name)
            row = _joined(before, {k: v for k, v in changed.items() if k not in _FIXED})
            moved = any(row.get(k) != before.get(k) for k in ("start", "end", "recurrence"))
            ended = row.get("status") != before.get("status")
            row["sequence"] = before.get("sequence", 0) + (1 if moved or ended else 0)
            if "recurringEventId" in row:
                calendar.exceptions.setdefault(row["recurringEventId"], set()).add(name)
            if ended and "recurrence" in row:
                self._cancel_exceptions(calendar, name)
            return self._keep(calendar, row, self._now())

    def _cancel_exceptions(self, calendar: Calendar, name: str) -> None:
        for own in calendar.exceptions.get(name, set()):
            exception = {**calendar.events[own], "status": "cancelled"}
            self._keep(calendar, exception, self._now())

    def _keep(self, calendar: Calendar, row: Row, now: datetime) -> Row:
        self._number += 1
        kept = row | {"updated": _stamp(now), "etag": f'"{self._number}000"'}
        calendar.events[kept["id"]] = kept
        calendar.updated = kept["updated"]
        calendar.log.append((self._number, kept["id"]))
        calendar.touched[kept["id"]] = self._number
        self.tell(calendar.id)
        return dict(kept)

    @property
    def number(self) -> int:
        """The number of the latest change."""
        return self._number

    def _now(self) -> datetime:
        # No two changes have the same time: in thousandths, as the vendor tells them.
        now = self.clock().astimezone(UTC)
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        self._latest = max(now, self._latest + timedelta(milliseconds=1))
        return self._latest

    def _occurrences(self, master: Row) -> Iterator[tuple[str, Row]]:
        common = {k: v for k, v in master.items() if k not in ("recurrence", *_OWN)}
        for own, times in series.occurrences(master):
            yield own, {**common, **times, "id": own, "recurringEventId": master["id"]}


def _joined(before: Row, changed: Row) -> Row:
    joined = dict(before)
    for name, value in changed.items():
        if value is None:
            joined.pop(name, None)
        elif isinstance(value, dict) and name == "extendedProperties":
            joined[name] = _joined_properties(before.get(name, {}), value)
        else:
            joined[name] = value
    return joined


def _joined_properties(before: Row, changed: Row) -> Row:
    joined = {kind: dict(held) for kind, held in before.items()}
    for kind, given in changed.items():
        kept = {**joined.get(kind, {}), **(given or {})}
        joined[kind] = {name: value for name, value in kept.items() if value is not None}
    return joined


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
