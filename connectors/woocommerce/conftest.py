"""A simulated shop on a socket, a hub's ear for its deliveries, and a connection between them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from hub.contract import Context, Event, Ignored, Pull, Request
from hub.contract.kit.simulator import Faults, serve

from . import events
from .simulator import Simulator


@dataclass
class Ear:
    """Where deliveries arrive; `status` is what it answers."""

    faults: Faults = field(default_factory=Faults)
    status: str = "200 OK"
    heard: list[Request] = field(default_factory=list)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Remember the request, answer without a body."""
        names = {k[5:].replace("_", "-"): v for k, v in environ.items() if k.startswith("HTTP_")}
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.heard.append(Request.of(environ["REQUEST_METHOD"], names, body))
        start_response(self.status, [("Content-Length", "0")])
        return [b""]

    def topics(self) -> list[str]:
        """The topics heard, pings left out."""
        return [events.topic_of(r) for r in self.heard if events.topic_of(r)]


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


@pytest.fixture
def clock() -> Hands:
    """The shop's and the hub's clock."""
    return Hands()


@pytest.fixture
def shop(clock: Hands) -> Simulator:
    """The shop."""
    return Simulator(clock)


@pytest.fixture
def ear() -> Iterator[tuple[Ear, str]]:
    """The hub's ear and its address."""
    heard = Ear()
    with serve(cast("Any", heard)) as served:  # serve uses no more of a simulator than this
        yield heard, f"{served.url}/hooks/woocommerce/k1"


@pytest.fixture
def ctx(shop: Simulator, clock: Hands, ear: tuple[Ear, str]) -> Iterator[Context]:
    """A connection to the shop."""
    with serve(shop) as served:
        settings = shop.settings(served.url)
        yield Context(settings, shop.secrets(), hook_url=ear[1], clock=clock, deadline=5.0)


def read(requests: Iterable[Request]) -> list[Event]:
    """The events of requests, what is ignored left out."""
    found: list[Event] = []
    for request in requests:
        parsed = events.parse(request, {"consent_key": "sms_optin"})
        found += [] if isinstance(parsed, Ignored | Pull) else parsed
    return found


Read = Callable[[Iterable[Request]], list[Event]]


@pytest.fixture(name="read")
def _read() -> Read:
    return read
