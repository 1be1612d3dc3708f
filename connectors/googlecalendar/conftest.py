"""A simulated calendar on a socket, a hub's ear for its pushes, and a connection between them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.contract import Context, Event, Ignored, Outcome, Pull
from hub.contract.kit.bench import defaults
from hub.contract.kit.ear import Ear
from hub.contract.kit.simulator import serve

from . import connector, events, poll, write_back
from .simulator import Simulator

NOW = datetime(2026, 6, 12, 9, 0, tzinfo=UTC)


@dataclass
class Hands:
    """A clock that a test moves by hand."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        """Now."""
        return self.at

    def on(self, **more: float) -> None:
        """Move on by minutes=…, seconds=…"""
        self.at += timedelta(**more)


@dataclass
class Reader:
    """A hub in small: it polls, keeps each event once, and knows each booking's latest state."""

    ctx: Context
    simulator: Simulator
    cursor: str = ""
    told: dict[str, Event] = field(default_factory=dict)
    latest: dict[str, Event] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)

    def here(self) -> Context:
        """The connection as it stands, with a token that lives."""
        return replace(self.ctx, secrets=self.simulator.secrets())

    def page(self, keep: bool = True) -> tuple[list[Event], bool]:
        """One page; new events, and whether there are more. Not kept, it is as if we died."""
        page = poll.pull(self.here(), self.cursor)
        fresh: list[Event] = []
        for request in page.requests if keep else ():
            said = events.parse(request, self.ctx.settings)
            if isinstance(said, Ignored | Pull):
                self.ignored.append(getattr(said, "reason", ""))
                continue
            for event in said:
                if event.key not in self.told:
                    self.told[event.key] = self.latest[event.subject] = event
                    fresh.append(event)
        self.cursor = page.cursor if keep else self.cursor
        return fresh, page.more

    def poll(self) -> list[Event]:
        """All pages; the new events."""
        found, more = self.page()
        while more:
            fresh, more = self.page()
            found += fresh
        return found

    def kinds(self) -> list[str]:
        """The types of what a poll finds new."""
        return [event.type.removeprefix("booking.") for event in self.poll()]

    def tell(self, subject: str, kind: str, at: datetime | None = None, **more: str) -> str:
        """Write one outcome; answers its reference, or why it was refused."""
        made = outcome(subject, kind, at or self.ctx.clock(), **more)
        (written,) = write_back.write(self.here(), [made])
        return written.reference or f"refused: {written.refused}"


_count = iter(range(1, 1_000_000))


def outcome(subject: str, kind: str, at: datetime, **more: str) -> Outcome:
    """An outcome with a marker of its own."""
    number = next(_count)
    marker = more.pop("marker", f"{number:032x}")
    return Outcome(marker, f"m-{number}", kind, subject, at, f"SMS {kind}.", **more)  # type: ignore[arg-type]


@pytest.fixture
def clock() -> Hands:
    """The vendor's and the hub's clock."""
    return Hands()


@pytest.fixture
def calendar(clock: Hands) -> Simulator:
    """The vendor."""
    return Simulator(clock)


@pytest.fixture
def ear() -> Iterator[tuple[Ear, str]]:
    """The hub's ear and its address."""
    heard = Ear()
    with serve(heard) as served:
        yield heard, f"{served.url}/hooks/googlecalendar/k1"


@pytest.fixture
def ctx(calendar: Simulator, clock: Hands, ear: tuple[Ear, str]) -> Iterator[Context]:
    """A connection to the calendar."""
    with serve(calendar) as served:
        settings = defaults(connector) | calendar.settings(served.url)
        yield Context(settings, calendar.secrets(), hook_url=ear[1], clock=clock, deadline=5.0)


@pytest.fixture
def reader(ctx: Context, calendar: Simulator, clock: Hands) -> Reader:
    """A hub that has just been connected and has listed the calendar once."""
    made = Reader(ctx, calendar)
    made.poll()
    made.poll()
    clock.on(minutes=5)
    return made
