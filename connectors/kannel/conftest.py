"""A simulated Kannel on a socket, and connections to it and to anything else that answers HTTP."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from hub.contract import Context
from hub.contract.kit.simulator import Faults, serve

from .simulator import Simulator


@dataclass
class Stub:
    """A door that answers every request alike, and keeps what was asked."""

    status: str = "202 Accepted"
    body: str = "0: Accepted for delivery"
    asked: list[tuple[WSGIEnvironment, bytes]] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The same answer each time."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.asked.append((environ, body))
        start_response(self.status, [("Content-Length", str(len(self.body)))])
        return [self.body.encode()]


@pytest.fixture
def stub() -> Stub:
    """Set its `status` and `body`."""
    return Stub()


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A fresh Kannel, silent once the test is over."""
    made = Simulator()
    yield made
    made.courier.stop()


@pytest.fixture
def connect() -> Iterator[Callable[..., Context]]:
    """A connection to a vendor on a socket: `connect(vendor, settings=…, secrets=…, …)`."""
    served = []

    def start(vendor: Any, **more: Any) -> Context:
        served.append(serve(vendor))
        known = Simulator()
        settings = known.settings(served[-1].url) | more.pop("settings", {})
        secrets = known.secrets() | more.pop("secrets", {})
        return Context(settings, secrets, **{"deadline": 5.0, **more})

    yield start
    for one in served:
        one.stop()
