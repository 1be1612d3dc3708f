"""A simulated spreadsheet on a socket, a connection to it, and a reader that keeps what it saw."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
import uuid6

from hub.contract import Context, Event, Outcome, Written
from hub.contract.kit.simulator import serve

from . import poll, rows, write_back
from .simulator import Simulator


@dataclass
class Hands:
    """A clock that a test moves by hand."""

    at: datetime = datetime(2026, 6, 12, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Now."""
        return self.at

    def on(self, **more: float) -> None:
        """Move on by minutes=…, seconds=…"""
        self.at += timedelta(**more)


@dataclass
class Reader:
    """The hub's side: polls, keeps each key once, and keeps the cursor behind each page. `heard` is
    what the last poll found, whether or not it came to its end."""

    ctx: Context
    cursor: str = ""
    keys: set[str] = field(default_factory=set)
    heard: list[Event] = field(default_factory=list)

    def poll(self, crash: bool = False) -> list[Event]:
        """All that is new. With `crash` the last page is kept and the cursor behind it is not."""
        found = self.heard = list[Event]()
        cursor, more = self.cursor, True
        while more:
            page = poll.pull(self.ctx, cursor)
            found += [e for r in page.requests for e in self._events(r)]
            cursor, more = page.cursor, page.more
            if more or not crash:
                self.cursor = cursor
        return found

    def _events(self, request: object) -> list[Event]:
        read = rows.parse(request, self.ctx.settings)  # type: ignore[arg-type]
        new = [e for e in read if e.key not in self.keys] if isinstance(read, list) else []
        self.keys |= {e.key for e in new}
        return new

    def map(self, **settings: str) -> None:
        """The merchant changes settings."""
        self.ctx = replace(self.ctx, settings={**self.ctx.settings, **settings})

    def tell(self, *outcomes: Outcome) -> list[Written]:
        """Write outcomes back."""
        return write_back.write(self.ctx, outcomes)


def outcome(subject: str, kind: str = "delivered", **more: object) -> Outcome:
    """An outcome for this row."""
    at = datetime(2026, 6, 12, 9, 0, tzinfo=UTC)
    known = {"at": at, "sentence": f"SMS {kind}.", "message_id": str(uuid6.uuid7())} | more
    return Outcome(marker=uuid6.uuid7().hex, kind=kind, subject=subject, **known)  # type: ignore[arg-type]


@pytest.fixture
def clock() -> Hands:
    """Everybody's clock."""
    return Hands()


@pytest.fixture
def sheet(clock: Hands) -> Simulator:
    """The spreadsheet, with three people in it."""
    return Simulator(clock)


@pytest.fixture
def ctx(sheet: Simulator, clock: Hands) -> Iterator[Context]:
    """A connection to it."""
    with serve(sheet) as served:
        settings = {"id_column": "Relais ID", **sheet.settings(served.url)}
        yield Context(settings, sheet.secrets(), clock=clock, deadline=5.0)


@pytest.fixture
def hub(ctx: Context) -> Reader:
    """The hub, connected: what was there before is not news."""
    reader = Reader(ctx)
    assert reader.poll() == []  # noqa: S101  a fixture of tests
    return reader
