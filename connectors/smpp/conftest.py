"""An operator, a bind on a line to it, a hub that hears: all on loopback."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from hub.contract import Context, Request
from hub.contract.kit.simulator import Faults, Served, serve

from .account import check
from .binding import bind
from .simulated.operator import Operator
from .simulator import Simulator


@dataclass
class Hub:
    """Hears what the bind tells; the first `refusing` calls get a 503."""

    refusing: int = 0
    calls: list[Request] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Keep the call, answer it."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        signed = {"X-Relais-Signature": environ.get("HTTP_X_RELAIS_SIGNATURE", "")}
        refused, self.refusing = self.refusing > 0, self.refusing - 1
        if not refused:
            self.calls.append(Request.of(environ["REQUEST_METHOD"], signed, body))
        start_response("503 No" if refused else "200 OK", [("Content-Length", "0")])
        return [b""]

    def told(self) -> list[dict[str, Any]]:
        """Receipts and replies in the order they came."""
        documents = [json.loads(call.body) for call in self.calls]
        return [
            one for d in documents for kind in ("receipts", "replies") for one in d.get(kind, [])
        ]


@pytest.fixture
def serving() -> Iterator[Callable[[Any], Served]]:
    """Puts things on sockets, and takes them off after the test."""
    served: list[Served] = []

    def start(vendor: Any) -> Served:
        served.append(serve(vendor))
        return served[-1]

    yield start
    for one in served:
        one.stop()


@pytest.fixture
def hub() -> Hub:
    """What the bind tells."""
    return Hub()


@pytest.fixture
def operator() -> Iterator[Operator]:
    """An operator that lets everybody in."""
    made = Operator()
    made.start()
    yield made
    made.stop()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def ctx(operator: Operator, hub: Hub, serving: Callable[[Any], Served]) -> Context:
    """A connection to the operator by a bind that may not run yet."""
    settings = {
        "host": "127.0.0.1",
        "port": str(operator.port),
        "bind_url": f"http://127.0.0.1:{free_port()}",
        "sender": "MaisonLune",
        "opt_out_codes": "0x455, 881",
        "patience": "1",
    }
    hook = f"{serving(hub).url}/hooks/smpp/k1"
    return Context(settings, Simulator().secrets(), hook_url=hook, deadline=3.0)


@pytest.fixture
def binding() -> Iterator[Callable[[Context], threading.Event]]:
    """`binding(ctx)` runs the bind until the test ends, or until the event it gives is set."""
    running: list[tuple[threading.Thread, threading.Event]] = []

    def start(ctx: Context) -> threading.Event:
        until = threading.Event()
        thread = threading.Thread(target=bind, args=(ctx, until), daemon=True, name="bind")
        thread.start()
        running.append((thread, until))
        wait_for(lambda: not check(replace(ctx, deadline=1.0)).lacks)
        return until

    yield start
    for thread, until in running:
        until.set()
        thread.join(5)


def wait_for(done: Callable[[], object], timeout: float = 5.0) -> None:
    """Until it is so, or the test fails."""
    ends = time.monotonic() + timeout
    while not done():
        assert time.monotonic() < ends, "It never came to that."  # noqa: S101
        time.sleep(0.01)
