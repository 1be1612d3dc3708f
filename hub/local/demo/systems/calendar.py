"""The calendar: bookings made, moved and cancelled, and what stands on the event afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from hub.contract import Clock, utc_now
from hub.contract.kit.simulator import Simulator
from hub.local.demo.people import Resident
from hub.local.demo.systems.shapes import Block, NotYet, Record

ZONE = ZoneInfo("Europe/Paris")
# The vendor's colours by number, as its own menu names them.
_COLOURS = {"5": "Banana", "10": "Basil", "11": "Tomato"}
_SHOWN = ("relaisAnswer", "relaisAnsweredAt", "relaisStatus", "relaisAt", "relaisReply")


class Diary(Simulator, Protocol):
    """The calendar as its owner uses it."""

    def book(self, title: str, starts_at: datetime, **more: Any) -> str:
        """An event is made; its id."""

    def move(self, event: str, to: datetime) -> None:
        """It is drawn to another time."""

    def cancel(self, event: str) -> None:
        """It is deleted."""

    def event(self, event: str) -> dict[str, Any]:
        """The event as it stands."""

    def notes(self, subject: str) -> dict[str, str]:
        """The private properties that the hub wrote."""

    def subject_of(self, event: str) -> str:
        """How the hub names the event."""

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait for the deliveries."""


@dataclass
class Calendar:
    """What can be done, with a memory of each person's last booking."""

    diary: Diary
    clock: Clock = utc_now
    booked: dict[str, str] = field(default_factory=dict)

    def book(self, person: Resident, days: int = 1) -> str:
        """A haircut so many days ahead, at half past three in Paris; its subject."""
        event = self.diary.book(
            "Haircut",
            _at(self.clock(), days),
            phone=person.phone,
            guest=f"{person.slug}@example.com",
            name=f"{person.first_name} {person.last_name}",
            location="12 Garden Street",
        )
        self.booked[person.slug] = event
        return self.diary.subject_of(event)

    def move(self, person: Resident) -> str:
        """The last booking a day later; its subject. Raises NotYet."""
        event = self._standing(person)
        start = datetime.fromisoformat(self.diary.event(event)["start"]["dateTime"])
        # By the clock on the wall: on the night when clocks change, the hour stays.
        moved = start.astimezone(ZONE).replace(tzinfo=None) + timedelta(days=1)
        self.diary.move(event, moved.replace(tzinfo=ZONE))
        return self.diary.subject_of(event)

    def cancel(self, person: Resident) -> str:
        """The last booking is deleted; its subject. Raises NotYet."""
        event = self._standing(person)
        self.diary.cancel(event)
        return self.diary.subject_of(event)

    def _standing(self, person: Resident) -> str:
        event = self.booked.get(person.slug)
        if event is None or self.diary.event(event)["status"] == "cancelled":
            raise NotYet("said_no_booking")
        return event


def _at(now: datetime, days: int) -> datetime:
    today = now.astimezone(ZONE)
    wall = today.replace(hour=15, minute=30, second=0, microsecond=0, tzinfo=None)
    return (wall + timedelta(days=days)).replace(tzinfo=ZONE)


Planned = Callable[[str], tuple[tuple[datetime, str], ...]]


def shown(
    calendar: Calendar, person: Resident, planned: Planned, say: Callable[[datetime], str]
) -> Record:
    """The last booking: its title and colour, what the hub noted, and the messages `planned` for
    its subject as (when, what). `say` writes a moment for people."""
    event = calendar.booked.get(person.slug)
    if event is None:
        return Record("")
    row, subject = calendar.diary.event(event), calendar.diary.subject_of(event)
    start = datetime.fromisoformat(row["start"]["dateTime"])
    colour = str(row.get("colorId", ""))
    facts = (
        ("summary", str(row.get("summary", ""))),
        ("start", say(start)),
        ("status", str(row.get("status", ""))),
        ("colorId", f"{colour} {_COLOURS.get(colour, '')}".strip()),
    )
    notes = calendar.diary.notes(subject)
    return Record(
        str(row.get("summary", "")),
        (
            Block("block_event", facts=tuple((n, v) for n, v in facts if v)),
            Block("block_private", facts=tuple((n, notes[n]) for n in _SHOWN if notes.get(n))),
            Block(
                "block_planned",
                facts=tuple((say(at), what) for at, what in planned(subject)),
                otherwise="none_planned",
            ),
        ),
    )
