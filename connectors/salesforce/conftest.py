"""A simulated org on a socket, the hub's ear for what it tells, and a connection between them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import uuid6

from hub.contract import RECEIVED_AT, Context, Event, Ignored, Outcome, Pull, Request
from hub.contract.kit.simulator import Faults, serve

from . import connector, enrichment, events, poll
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
class Ear:
    """Where Outbound Messages arrive; `deaf` so many times it answers 200 and nothing else."""

    faults: Faults = field(default_factory=Faults)
    deaf: int = 0
    heard: list[Request] = field(default_factory=list)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Remember the request; answer as the connector says."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        query = dict(part.split("=", 1) for part in environ["QUERY_STRING"].split("&") if part)
        one = Request.of(environ["REQUEST_METHOD"], {}, body, query=query)
        self.heard.append(one)
        told = events.answer(one).body if self.deaf <= 0 else b""
        self.deaf -= 1
        start_response("200 OK", [("Content-Length", str(len(told)))])
        return [told]


@pytest.fixture
def clock() -> Hands:
    """The org's and the hub's clock."""
    return Hands()


@pytest.fixture
def org(clock: Hands) -> Simulator:
    """The org."""
    made = Simulator(clock)
    made.sign_in.lasts = 10**9  # tests move the clock far; those of tokens expire them
    return made


@pytest.fixture
def ear() -> Iterator[tuple[Ear, str]]:
    """The hub's ear and its address."""
    heard = Ear()
    with serve(cast("Any", heard)) as served:  # serve uses no more of a simulator than this
        yield heard, f"{served.url}/hooks/salesforce/k1"


@pytest.fixture
def ctx(org: Simulator, clock: Hands) -> Iterator[Context]:
    """A connection to the org."""
    with serve(org) as served:
        defaults = {f.name: f.default for f in connector.settings if f.default}
        settings = defaults | org.settings(served.url)
        yield Context(settings, org.secrets(), "http://127.0.0.1:9/h", clock=clock, deadline=5.0)


Told = Callable[[Iterable[Request]], list[Event | Ignored]]


@pytest.fixture
def read(ctx: Context, clock: Hands) -> Told:
    """What requests say, made whole as the hub does."""

    def made(requests: Iterable[Request]) -> list[Event | Ignored]:
        thin: list[Event] = []
        for one in requests:
            stamped = replace(one, headers={**one.headers, RECEIVED_AT: clock().isoformat()})
            said = events.parse(stamped, ctx.settings)
            thin += [] if isinstance(said, Ignored | Pull) else said
        return enrichment.enrich(ctx, thin)

    return made


@pytest.fixture
def drain(ctx: Context, read: Told) -> Callable[[str], tuple[list[Event], str]]:
    """Every event after a cursor, and the cursor of the end."""

    def made(cursor: str) -> tuple[list[Event], str]:
        found: list[Event] = []
        for _ in range(100):
            page = poll.pull(ctx, cursor)
            found += [e for e in read(page.requests) if isinstance(e, Event)]
            cursor = page.cursor
            if not page.more:
                return found, cursor
        raise AssertionError("The poll does not come to an end.")

    return made


@pytest.fixture
def outcome(clock: Hands) -> Callable[..., Outcome]:
    """A new outcome for a record."""

    def made(subject: str, kind: str = "delivered", **more: Any) -> Outcome:
        message = str(uuid6.uuid7())
        words = "SMS delivered at 11:00 (order confirmation)."
        base = Outcome(f"{message}:{kind}", message, kind, subject, clock(), words)
        found = replace(base, **more)
        return found if "marker" in more else replace(found, marker=f"{found.message_id}:{kind}")

    return made


def keys(found: Sequence[Event | Ignored]) -> list[str]:
    """The keys of events."""
    return [one.key for one in found if isinstance(one, Event)]
