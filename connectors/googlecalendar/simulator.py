"""Google Calendar with a memory, for the tests, the demo and the kit."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from hub.contract import Clock, Outgoing, Request, utc_now
from hub.contract.kit.sign_in import SignIn
from hub.contract.kit.simulator import Faults

from . import bookings
from .calendars import keys
from .calendars.bell import Bell, Channel
from .calendars.listing import Listings
from .calendars.memory import Calendar, Memory, Row
from .calendars.rest import Rest
from .signing import SCOPES

HOUR = timedelta(hours=1)


@dataclass
class Simulator:
    """One account with two calendars. Its own counts (`written`, `invitations`, `event`) are the
    oracle. `delegates` says that the service account may act for others."""

    clock: Clock = utc_now
    webhook_secret: str = "whs-simulated-calendar-0001"  # noqa: S105  simulated
    delegates: bool = False
    faults: Faults = field(default_factory=Faults)
    sign_in: SignIn = field(init=False)
    memory: Memory = field(init=False)
    bell: Bell = field(init=False)

    def __post_init__(self) -> None:
        self.sign_in = SignIn("Simulated calendar", clock=self.clock, lasts=3600.0)
        self.sign_in.assertion = lambda form: keys.judge(
            form, f"{self.memory.base}/token", self.delegates, self.clock().timestamp()
        )
        self.bell = Bell(self.clock, lambda: self.memory.base)
        self.memory = Memory(self.clock, self.bell.ring)
        self.listings = Listings(self.memory)
        self.rest = Rest(self.memory, self.listings, self.bell, self.sign_in, set(SCOPES))
        self.sign_in.extra["scope"] = " ".join(SCOPES)
        self._tokens: dict[str, str] = {}
        self._lock = threading.Lock()
        self._booked = 0

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Its HTTP: the API, the consent page, the tokens."""
        return self.rest.wsgi(environ, start_response)

    def settings(self, base_url: str) -> dict[str, str]:
        """A connection's settings that reach this vendor."""
        self.memory.base = base_url
        addresses = dict.fromkeys(("api_url", "auth_url", "token_url"), base_url)
        return addresses | {"calendars": "primary", "country": "FR"}

    def secrets(self) -> dict[str, str]:
        """Credentials that already work, and the token of its pushes."""
        with self._lock:
            if not self.sign_in.accepts(self._tokens.get("access_token", "")):
                self._tokens = self.sign_in.issue()
        return {
            "access_token": self._tokens["access_token"],
            "client_id": self.sign_in.client_id,
            "client_secret": self.sign_in.client_secret,
            "webhook_secret": self.webhook_secret,
        }

    def typed(self, way: str = "") -> dict[str, str]:
        """What a merchant types for this way of signing in."""
        if way == "service_account":
            return {"service_account_json": keys.key_file(), "subject": ""}
        app = self.sign_in
        return {"client_id": app.client_id, "client_secret": app.client_secret}

    # What people do in the calendar

    def book(
        self,
        title: str = "Haircut",
        starts_at: datetime | None = None,
        *,
        calendar: str = "primary",
        phone: str = "",
        guest: str = "",
        name: str = "",
        lasts: timedelta = HOUR,
        **more: Any,
    ) -> str:
        """A new event; answers its id. `phone` is put into the description as staff writes it,
        `guest` and `name` are an invited person's; `more` are the vendor's own fields."""
        where = self.memory.calendar(calendar)
        starts = starts_at or self.clock() + timedelta(days=3)
        given: Row = {"summary": title, **_times(starts, lasts, where.zone)}
        if phone:
            given["description"] = f"<p>First visit</p>Tél : {phone}<br>Colour: copper"
        if guest:
            one = {"email": guest, "displayName": name, "responseStatus": "needsAction"}
            given["attendees"] = [{k: v for k, v in one.items() if v}]
        return str(self.memory.add(where, given | more)["id"])

    def book_series(
        self, title: str, starts_at: datetime, rule: str = "FREQ=WEEKLY;COUNT=4", **more: Any
    ) -> str:
        """A repeated event (DAILY or WEEKLY with COUNT, UNTIL, INTERVAL); answers its id."""
        return self.book(title, starts_at, recurrence=[f"RRULE:{rule}"], **more)

    def occurrences(self, series: str, calendar: str = "primary") -> list[str]:
        """The ids of a series' occurrences, in time."""
        where = self.memory.calendar(calendar)
        with self.memory.lock:
            unchanged = [str(row["id"]) for row in self.memory.singles(where, series)]
            return sorted({*unchanged, *where.exceptions.get(series, set())})

    def move(self, event: str, to: datetime, calendar: str = "primary") -> None:
        """An event, or one occurrence, is drawn to another time; it lasts as long as before."""
        where = self.memory.calendar(calendar)
        row = self.memory.event(where, event)
        lasts = _instant(row["end"]) - _instant(row["start"])
        self.memory.change(where, event, _times(to, lasts, where.zone))

    def cancel(self, event: str, calendar: str = "primary") -> None:
        """An event, an occurrence or a whole series is deleted."""
        self.change_event(event, calendar, status="cancelled")

    def restore(self, event: str, calendar: str = "primary") -> None:
        """A deleted event is taken out of the bin."""
        self.change_event(event, calendar, status="confirmed")

    def rename(self, event: str, title: str, calendar: str = "primary") -> None:
        """An event gets another title."""
        self.change_event(event, calendar, summary=title)

    def change_event(self, event: str, calendar: str = "primary", **fields: Any) -> None:
        """Any other edit, in the vendor's own fields."""
        self.memory.change(self.memory.calendar(calendar), event, fields)

    def answer_invitation(self, event: str, response: str = "accepted") -> None:
        """The guest answers the invitation, which changes nothing about the booking."""
        guests = [g | {"responseStatus": response} for g in self.event(event)["attendees"]]
        self.change_event(event, attendees=guests)

    # Bad luck

    def forget_tokens(self) -> None:
        """Every sync token is too old from now on (410)."""
        self.listings.forget()

    def deliver_twice(self, on: bool = True) -> None:
        """Every push comes twice."""
        self.bell.twice = on

    def lose_next(self, count: int = 1) -> None:
        """The next pushes never arrive, and are never sent again."""
        self.bell.lose = count

    def shuffle(self, on: bool = True) -> None:
        """Pushes overtake each other."""
        self.bell.shuffle = on

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait until every push has been tried; False when that took too long."""
        return self.bell.flush(timeout)

    def share_read_only(self, calendar: str = "primary") -> None:
        """The calendar may only be read from now on."""
        self.memory.calendar(calendar).role = "reader"

    def grant(self, *scopes: str) -> None:
        """Only these rights were ticked on the consent page."""
        self.rest.scopes = set(scopes)
        self.sign_in.extra["scope"] = " ".join(scopes)

    def forbid(self, scope: str) -> None:
        """This right is taken away."""
        self.grant(*sorted(self.rest.scopes - {scope}))

    # Oracles

    def event(self, event: str, calendar: str = "primary") -> Row:
        """An event as it stands. Raises KeyError."""
        with self.memory.lock:
            return self.memory.event(self.memory.calendar(calendar), event)

    def record(self, subject: str) -> Row:
        """The event that a subject names ("booking:<calendar>/<id>")."""
        return self.event(subject.rpartition("/")[2], self._named(subject).id)

    def notes(self, subject: str) -> dict[str, str]:
        """What of ours stands on it: the private properties."""
        held = self.record(subject).get("extendedProperties", {}).get("private", {})
        return {name: value for name, value in held.items() if name.startswith("relais")}

    def subject_of(self, event: str, calendar: str = "primary") -> str:
        """How an event is named in subjects. The account's own calendar is called "primary"."""
        return f"booking:{bookings.calendar_key(calendar)}/{event}"

    @property
    def invitations(self) -> int:
        """How many changes wrote to guests: must stay 0."""
        return self.rest.invitations

    @property
    def api_calls(self) -> int:
        """Calls that count against the vendor's quota."""
        return self.rest.calls

    def leftovers(self) -> list[str]:
        """What of ours still stands here: channels that ring, tokens that live."""
        now = self.clock()
        ringing = [f"channel {c.id}" for c in self.bell.channels.values() if c.until > now]
        return ringing + ["a refresh token"] * self.sign_in.standing

    # What the kit asks

    def subject(self) -> str:
        """An event that an outcome can be written to."""
        return self.subject_of(self.book("Haircut", phone="06 39 98 01 23"))

    def written(self, marker: str) -> int:
        """How many times this outcome's marker stands on the events."""
        with self.memory.lock:
            held = [
                row.get("extendedProperties", {}).get("private", {}).get("relaisMarkers", "")
                for calendar in self.memory.calendars.values()
                for row in calendar.events.values()
            ]
        return sum(markers.split().count(marker) for markers in held)

    def change(self, count: int) -> None:
        """So many bookings are made, one after the other."""
        for _ in range(count):
            with self._lock:
                self._booked += 1
                number = self._booked
            phone = f"06 39 98 {number // 100 % 100:02d} {number % 100:02d}"
            self.book(f"Haircut {number}", phone=phone, guest="zoe@example.com", name="Zoë Martin")

    def deliveries(self) -> Sequence[Request]:
        """The two pushes there are: the channel is open, the calendar changed."""
        until = self.clock() + timedelta(days=7)
        owner, resource = self.memory.owner, "simulated-resource-0001"
        channel = Channel("relais-simulated-0001", owner, "", self.webhook_secret, resource, until)
        rings = [self.bell.headers(channel, state) for state in ("sync", "exists")]
        return [Request.of("POST", {**h, "Content-Length": "0"}, b"") for h in rings]

    def outgoing(self, count: int) -> Sequence[Outgoing]:
        """It carries no messages."""
        return ()

    def carried(self, reference: str) -> int:
        """It carries no messages."""
        return 0

    def _named(self, subject: str) -> Calendar:
        key = subject.removeprefix("booking:").partition("/")[0]
        names = ("primary", *self.memory.calendars)
        return self.memory.calendar(next(n for n in names if bookings.calendar_key(n) == key))


def _times(starts: datetime, lasts: timedelta, zone: str) -> Row:
    begins, ends = starts.isoformat(), (starts + lasts).isoformat()
    return {
        "start": {"dateTime": begins, "timeZone": zone},
        "end": {"dateTime": ends, "timeZone": zone},
    }


def _instant(when: Row) -> datetime:
    return datetime.fromisoformat(when["dateTime"])
