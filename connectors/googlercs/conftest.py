"""The platform on a socket with a webhook that listens, and vendors that answer oddly."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from hub.contract import Context, Receipt, Reply
from hub.contract.kit.ear import Ear
from hub.contract.kit.simulator import Faults, Served, serve

from .receipts import receipts, replies
from .simulator import Simulator


@dataclass
class Stub:
    """A vendor that answers every request alike, and keeps what it was asked."""

    status: str
    body: Any = None
    headers: tuple[tuple[str, str], ...] = ()
    asked: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The same answer each time: a `str` as it is, anything else as JSON."""
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        said = (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()
        start_response(self.status, [*self.headers, ("Content-Length", str(len(said)))])
        return [said]


@dataclass
class Webhook:
    """What our webhook heard, as values."""

    ear: Ear
    url: str

    @property
    def receipts(self) -> list[Receipt]:
        """Every receipt, in the order it came."""
        return [one for heard in self.ear.heard for one in receipts(heard)]

    @property
    def replies(self) -> list[Reply]:
        """Every reply, in the order it came."""
        return [one for heard in self.ear.heard for one in replies(heard)]


@pytest.fixture
def serving() -> Iterator[Callable[[Any], Served]]:
    """Puts vendors on sockets, and takes them off after the test."""
    with ExitStack() as stack:
        yield lambda vendor: stack.enter_context(serve(vendor))


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A fresh platform, silent once the test is over."""
    made = Simulator()
    yield made
    made.courier.stop()


@pytest.fixture
def webhook(simulator: Simulator, serving: Callable[[Any], Served]) -> Webhook:
    """Our side, set as the agent's webhook."""
    ear = Ear()
    simulator.webhook = f"{serving(ear).url}/hooks/googlercs/k1"
    return Webhook(ear, simulator.webhook)


@pytest.fixture
def ctx(simulator: Simulator, serving: Callable[[Any], Served]) -> Context:
    """A connection to the platform."""
    settings = simulator.settings(serving(simulator).url)
    return Context(settings, simulator.secrets(), deadline=5.0)


@pytest.fixture
def stubbed(ctx: Context, serving: Callable[[Any], Served]) -> Callable[[Stub], Context]:
    """The same connection, to a vendor that answers oddly."""
    return lambda stub: replace(ctx, settings={**ctx.settings, "base_url": serving(stub).url})
