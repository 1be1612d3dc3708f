"""Known: what the hub knew at each moment of the week, told to the rules as if it were that moment:
people, consent, what they were sent, bookings, what had happened by then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.automations.bookings import CANCELLED, instant_of
from hub.automations.caps import Sent
from hub.automations.document import KINDS
from hub.automations.facts import Facts, PersonSeen
from hub.automations.gathered import Gathered, Hours
from hub.automations.happened import Happened
from hub.automations.merchants import Live, Merchant
from hub.automations.records import read_facts
from hub.automations.standing import Bookings, look
from hub.store import consent, past, people
from hub.store.database import Row

# Of the rules of the workspace and of the person, what a decision's record tells as it was then.
_SETTINGS = ("window", "transactional_window", "allowed_countries", "dead_number", "testing",
             "zone")  # fmt: skip
_WORDS = ("consent", "stopped")
_OF_PERSON = ("kind", "country", "language", "zone", "tester", "number_zones", "phone_problem")


@dataclass(frozen=True)
class Then(Gathered):
    """What was known at one moment. Where a decision on the event kept its facts, they count."""

    kept: Facts | None = None

    def facts(self, event: Row, live: Live, now: datetime, **more: Any) -> Facts:
        """As on the road; consent only where it is asked at the moment of that decision: it may
        have changed until a message leaves."""
        found, kept = super().facts(event, live, now, **more), self.kept
        if kept is None:
            return found
        names = (*_SETTINGS, *_WORDS) if now == kept.now else _SETTINGS
        as_then = {name: getattr(kept, name) for name in names}
        return replace(found, **as_then, person=_as_then(found.person, kept.person))


def _as_then(found: PersonSeen | None, kept: PersonSeen | None) -> PersonSeen | None:
    if found is None or kept is None:
        return found
    return replace(found, **{name: getattr(kept, name) for name in _OF_PERSON})


@dataclass
class Known:
    """Filled batch by batch, asked moment by moment. `automation` is the one that is looked at:
    what it planned from `since` on is not what was sent, but what is to be found out."""

    workspace_id: UUID
    automation: UUID | None
    since: datetime
    longest: timedelta  # how far back the caps count
    people: dict[str, Row] = field(default_factory=dict)
    words: dict[str, list[Row]] = field(default_factory=dict)
    sent: dict[str, list[Row]] = field(default_factory=dict)
    decided: dict[UUID, tuple[datetime, Facts]] = field(default_factory=dict)
    happened: Happened = field(default_factory=lambda: Happened(()))
    hours: dict[tuple[UUID, str], Hours] = field(default_factory=dict)
    bookings: Bookings = field(default_factory=lambda: Bookings({}, {}))
    _stand: dict[Any, dict[str, Any]] = field(default_factory=dict)

    def read(self, db: Connection, batch: Sequence[Row], still: Iterable[str]) -> None:
        """All that this batch needs, in one query per noun; of the people of earlier ones, those
        for whom something `still` waits are kept in mind."""
        keep = set(still)
        for kept in (self.people, self.words, self.sent):
            for phone in kept.keys() - keep:
                del kept[phone]
        new = sorted({e["phone"] for e in batch if e["phone"]} - self.people.keys())
        found = people.by_phones(db, [self.workspace_id], new)
        self.people |= {phone: found.get((self.workspace_id, phone), {}) for phone in new}
        self.words |= consent.ledger(db, self.workspace_id, new)
        began = self.since - self.longest
        self.sent |= past.sent_to(db, self.workspace_id, new, began, self.automation, self.since)
        self.decided = {
            event: (one["decided_at"], read_facts(one["facts"]))
            for event, one in past.facts_of(db, [e["id"] for e in batch]).items()
        }
        told = look(db, batch, hold=False)
        self.bookings = Bookings(self._stand, {**self.bookings.before, **told.before})
        self._seed(told, batch)

    def moment_of(self, event: Row) -> datetime:
        """When it was decided; else when it came."""
        decided = self.decided.get(event["id"])
        return decided[0] if decided else event["received_at"]

    def note(self, event: Row) -> None:
        """From here on this has happened."""
        self.happened.add(event)
        if event["type"].startswith("booking."):
            self._told(event)

    def then(
        self, merchant: Merchant, event: Row, now: datetime, own: Iterable[Sent], left: bool = False
    ) -> Then:
        """What was known of one event at that moment; `own` is what the automation has sent and
        plans by then. With `left`, what waits does not count."""
        who = (self.workspace_id, event["phone"])
        person, words = self.people.get(event["phone"]), self.words.get(event["phone"])
        decided = self.decided.get(event["id"])
        others = self._sent(event["phone"], now)
        counted = [one for one in (*others, *own) if not (left and one.waits)]
        return Then(
            merchants={self.workspace_id: merchant},
            people={who: person} if person else {},
            standing={who: consent.stood(words, now)} if words else {},
            sent={who: counted},
            happened=self.happened,
            bookings=self._answered(event, now),
            hours=self.hours,
            kept=decided[1] if decided else None,
        )

    def country(self, phone: str) -> str:
        """Where a number is from; empty where that is not known."""
        found = self.people.get(phone)
        return str(found["country"]) if found else ""

    def _sent(self, phone: str, now: datetime) -> list[Sent]:
        """What others had sent this person by then, or were about to."""
        return [
            Sent(one["one"], one["kind"], one["at"], waits=one["at"] > now)
            for one in self.sent.get(phone, ())
            if one["created_at"] <= now and (one["gone_at"] is None or one["gone_at"] > now)
        ]

    def _answered(self, event: Row, now: datetime) -> Bookings:
        """The bookings, with what the person had said of this slot by then."""
        row = self.bookings.of(event) if event["type"].startswith("booking.") else None
        at = row.get("answered_at") if row else None
        if row is None or at is None or at > now or row["starts_at"] != row["slot"]:
            return self.bookings
        own = {_place(event): {**row, "answer": row["answer_was"]}}
        return Bookings({**own}, self.bookings.before)

    def _seed(self, told: Bookings, batch: Sequence[Row]) -> None:
        """What a cancellation says little of is known from the booking as it stands today."""
        for event in batch:
            row = told.of(event) if event["type"].startswith("booking.") else None
            if row is not None:
                place = _place(event)
                own = {**row, "told": "decided", "answer": "", "answer_was": row["answer"],
                       "slot": row["starts_at"]}  # fmt: skip
                self._stand.setdefault(place, {**own, "event_id": None, "occurred_at": None})

    def _told(self, event: Row) -> None:
        """A booking as its newest event tells it; see `bookings.keep_all`."""
        stood = self._stand.get(_place(event), {})
        at = stood.get("occurred_at")
        if at is not None and (event["occurred_at"], event["id"]) < (at, stood["event_id"]):
            return
        gone = event["type"] == CANCELLED
        starts = instant_of(event["data"].get("starts_at"))
        self._stand[_place(event)] = {
            **stood,
            "event_id": event["id"],
            "occurred_at": event["occurred_at"],
            "state": "cancelled" if gone else "booked",
            "starts_at": (starts or stood.get("starts_at")) if gone else starts,
            "answer": "",
            "title": event["data"].get("title") or stood.get("title", ""),
            "zone": event["data"].get("zone") or stood.get("zone", ""),
            "told": "decided",
        }


def _place(event: Mapping[str, Any] | Row) -> Any:
    return event["connection_id"] or event["workspace_id"], event["subject"]


def longest(merchants: Iterable[Merchant]) -> timedelta:
    """How far back these caps count; no time at all where there are none."""
    spans = [cap.minutes for one in merchants for cap in one.caps if cap.kind in (*KINDS, "all")]
    return timedelta(minutes=max(spans, default=0))
