"""Any history of a calendar, told through pushes and polls that fail, ends in its present state."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.contract import Context
from hub.contract.kit.bench import defaults
from hub.contract.kit.simulator import serve

from . import bookings, connector
from .conftest import NOW, Hands, Reader
from .simulator import Simulator

TITLES = ("Haircut", "Colour", "Beard")
KINDS = ("sent", "delivered", "confirmed", "declined", "postponed")

_which, _day = st.integers(0, 30), st.integers(1, 12)
STEPS = st.one_of(
    st.tuples(st.just("book"), _day, st.sampled_from(TITLES)),
    st.tuples(st.just("series"), _day, st.sampled_from(TITLES)),
    st.tuples(st.just("move"), _which, _day),
    st.tuples(st.just("rename"), _which, st.sampled_from(TITLES)),
    st.tuples(st.just("cancel"), _which),
    st.tuples(st.just("restore"), _which),
    st.tuples(st.just("answer"), _which, st.sampled_from(KINDS)),
    st.tuples(st.just("forget")),
    st.tuples(st.just("poll")),
    st.tuples(st.just("crash")),
    st.tuples(st.just("wait"), st.integers(1, 600)),
)


class Town:
    """A calendar, a hub that reads it, and the steps that happen between them."""

    def __init__(self, url: str, calendar: Simulator, clock: Hands) -> None:
        self.calendar, self.clock = calendar, clock
        told = defaults(connector) | calendar.settings(url)
        self.reader = Reader(Context(told, calendar.secrets(), clock=clock), calendar)
        self.bookings: list[str] = [calendar.book("Old", NOW + timedelta(days=2))]
        clock.on(minutes=10)
        self.reader.poll()
        self.reader.poll()

    def take(self, step: tuple[Any, ...]) -> None:
        """One step; one about a booking that is not there is none."""
        kind, *given = step
        self.clock.on(seconds=7)
        getattr(self, kind)(*given)

    def book(self, day: int, title: str) -> None:
        at = NOW + timedelta(days=day)
        self.bookings.append(self.calendar.book(title, at, phone="06 39 98 01 23"))

    def series(self, day: int, title: str) -> None:
        made = self.calendar.book_series(title, NOW + timedelta(days=day))
        self.bookings += self.calendar.occurrences(made)

    def one(self, which: int) -> str:
        return self.bookings[which % len(self.bookings)]

    def is_there(self, which: int) -> bool:
        return self.calendar.event(self.one(which))["status"] == "confirmed"

    def move(self, which: int, day: int) -> None:
        if self.is_there(which):
            self.calendar.move(self.one(which), NOW + timedelta(days=day, hours=1))

    def rename(self, which: int, title: str) -> None:
        if self.is_there(which):
            self.calendar.rename(self.one(which), title)

    def cancel(self, which: int) -> None:
        if self.is_there(which):
            self.calendar.cancel(self.one(which))

    def restore(self, which: int) -> None:
        if not self.is_there(which):
            self.calendar.restore(self.one(which))

    def answer(self, which: int, kind: str) -> None:
        """What we write is no news: neither before nor after is anything told for it."""
        self.poll()
        self.reader.tell(self.calendar.subject_of(self.one(which)), kind)
        assert self.reader.poll() == []

    def forget(self) -> None:
        self.calendar.forget_tokens()

    def poll(self) -> None:
        self.reader.poll()

    def crash(self) -> None:
        self.reader.page(keep=False)

    def wait(self, minutes: int) -> None:
        self.clock.on(minutes=minutes)

    def differences(self) -> list[str]:
        """Where what the hub knows is not what the calendar says."""
        found = []
        for name in self.bookings:
            event = self.calendar.event(name)
            told = self.reader.latest.get(self.calendar.subject_of(name))
            if event["status"] == "cancelled":
                wrong = told is not None and told.type != "booking.cancelled"
            elif told is None:
                wrong = name != self.bookings[0]  # the one that stood before we came
            else:
                now = bookings.read(event, "Europe/Paris", self.reader.ctx.settings)
                assert not isinstance(now, str)
                says = (told.data.get("starts_at"), told.data.get("title"))
                wrong = told.type == "booking.cancelled"
                wrong |= says != (now.starts_at.isoformat(), now.title)
            found += [f"{name}: {told}"] if wrong else []
        return found


@pytest.fixture(scope="module")
def town():
    """A socket, on which each history puts a calendar of its own."""
    calendar = Simulator(Hands())
    with serve(calendar) as served:
        yield served.url, calendar


@settings(
    max_examples=settings().max_examples // 4,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(STEPS, min_size=3, max_size=24))
def test_whatever_happens_the_hub_ends_with_the_calendar_s_present_state(town, steps):
    url, calendar = town
    clock = Hands()
    calendar.clock = clock
    calendar.__post_init__()  # a fresh calendar behind the same socket
    here = Town(url, calendar, clock)
    for step in steps:
        here.take(step)
    here.poll()
    assert here.differences() == []
    assert calendar.invitations == 0
    assert here.reader.poll() == []
