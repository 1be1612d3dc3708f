"""What a connector's `simulator.py` must offer, and the faults and the socket they all share.

A simulator is the vendor with a memory, spoken to over HTTP on loopback: by the tests, by the
demo and by the kit. Its own counts are the oracle, so nothing of the hub's may reach into it.
"""

import io
import random
import socket
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from hub.contract import Request
from hub.contract.outcomes import Outgoing

MISHAPS = ("500", "500_after", "lost", "lost_after")
FAULTS = ("429", "401", "500", "500_after", "html", "garbage", "slow", "lost", "lost_after")


@dataclass
class Fault:
    """One planned misbehaviour. `on` is a part of the path; `seconds` is for slow and 429;
    `after` so many requests of that path go well first."""

    kind: str
    on: str = ""
    seconds: float = 1.0
    after: int = 0


@dataclass
class Faults:
    """Misbehaviour on demand, first planned first met.

    `500`, `lost`, `429`, `401`, `html` fail before anything is done; `500_after`, `lost_after`
    and `garbage` (a 200 that cannot be read) fail after it was done; `slow` does it late.
    """

    _planned: deque[Fault] = field(default_factory=deque)
    _chance: tuple[float, str, random.Random] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    met: list[str] = field(default_factory=list)
    asked: int = 0

    def plan(
        self, kind: str, *, times: int = 1, on: str = "", seconds: float = 1.0, after: int = 0
    ) -> None:
        """The next `times` requests whose path holds `on` meet this fault, `after` so many."""
        if kind not in FAULTS:
            raise ValueError(f"«{kind}» is no fault; choose one of {', '.join(FAULTS)}.")
        with self._lock:
            self._planned.extend(Fault(kind, on, seconds, after) for _ in range(times))

    def at_random(self, share: float, seed: int, on: str = "") -> None:
        """From now on this share of the requests whose path holds `on` meets one of `MISHAPS`."""
        with self._lock:
            self._chance = (share, on, random.Random(seed))  # noqa: S311 - bad luck, not secrets

    def clear(self) -> None:
        """Forget what is planned, and all chance."""
        with self._lock:
            self._planned.clear()
            self._chance = None

    def next(self, path: str) -> Fault | None:
        """The fault this path meets now, if any; it is then spent."""
        with self._lock:
            self.asked += 1
            meant = [fault for fault in self._planned if fault.on in path]
            ripe = next((fault for fault in meant if fault.after <= 0), None)
            for fault in meant:
                fault.after -= 1
            if ripe is not None:
                self._planned = deque(fault for fault in self._planned if fault is not ripe)
                self.met.append(ripe.kind)
            return ripe or self._by_chance(path)

    def _by_chance(self, path: str) -> Fault | None:
        share, on, dice = self._chance or (0.0, "", random.Random())  # noqa: S311
        if on not in path or dice.random() >= share:
            return None
        kind = dice.choice(MISHAPS)
        self.met.append(kind)
        return Fault(kind)


class Vendor(Protocol):
    """Whatever can stand on a socket and misbehave."""

    faults: Faults

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The vendor's HTTP, without faults."""


class Simulator(Vendor, Protocol):
    """What the kit asks of every simulator; parts a connector lacks may answer emptily.

    What else a vendor has, its simulator may offer; the laws about it are then tried too:
    `sign(body) -> Request` signs any body as the vendor would · `flush(timeout) -> bool` waits
    for its own deliveries · `executions(count)` are the calls of its workflows in which so many
    people are asked for, as (action, Request) · `completed(reference) -> bool`, oracle of a step
    that waited · `questions()` are (question, Request) · `sign_in: SignIn` is its authorization
    server, `typed(way)` what a merchant types · `forbid(scope)` takes a right away ·
    `flip_consent(subject)`: a person changes their mind there · `leftovers()`, oracle of what of
    ours still stands there.

    A shop that honours codes: `honoured(code) -> int`, oracle, is how many codes of that name the
    till would take now. Each code of a batch is then honoured once; minted twice, or after an
    answer that was lost, it stands once and is answered as made; somebody else's code of the same
    name is refused and takes no other with it.

    A carrier: `handsets: Handsets` are the phones · `answer(number, text)` writes back from one ·
    `webhook`, set by the laws, is the address set at the vendor where messages carry none ·
    `greeting()` is the handshake with which it tries an address.
    With RCS: `shown(reference) -> Rich | None`, oracle, is what a phone shows, read from the
    vendor's form · `tap(number, postback)` · `expire(reference)` ends a message's time; False
    where it no longer waited · `come_back(number)`: the phone has data again · `unsupported` names
    what the vendor has no form for by its own documents: a kind of content ("carousel"), of a
    suggestion ("place"), suggestions under a card ("below") or a carousel ("below carousel"), a
    "thumbnail", or "blocks" where it never tells of an opt-out.
    """

    def settings(self, base_url: str) -> dict[str, str]:
        """A connection's settings that reach this simulator at `base_url`."""

    def secrets(self) -> dict[str, str]:
        """The credentials it accepts, and the secret it signs deliveries with."""

    def deliveries(self) -> Sequence[Request]:
        """Genuine deliveries as sent, at least one of each kind the connector understands."""

    def change(self, count: int) -> None:
        """Source with a poll: so many records change, one after the other."""

    def subject(self) -> str:
        """Target: a record that an outcome can be written to ("order:12")."""

    def written(self, marker: str) -> int:
        """Target, oracle: on how many notes this outcome's marker stands."""

    def outgoing(self, count: int) -> Sequence[Outgoing]:
        """Carrier: so many messages it would take."""

    def carried(self, reference: str) -> int:
        """Carrier, oracle: how many messages with this reference a phone received."""


def faulty(app: WSGIApplication, faults: Faults) -> WSGIApplication:
    """The same vendor, misbehaving as planned."""

    def misbehave(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        fault = faults.next(environ.get("PATH_INFO", ""))
        # A body left unread would be taken for the next request of a connection kept open.
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        if fault is None:
            return app(environ, start_response)
        if fault.kind == "slow":
            time.sleep(fault.seconds)
            return app(environ, start_response)
        if fault.kind in ("500_after", "lost_after", "garbage"):
            _do_unseen(app, environ)
        return _answer(fault, start_response)

    return misbehave


def _do_unseen(app: WSGIApplication, environ: WSGIEnvironment) -> None:
    body = app(environ, lambda *_: lambda _: None)
    for _ in body:
        pass
    close = getattr(body, "close", None)
    if close:
        close()


_ANSWERS: dict[str, tuple[str, str, bytes]] = {
    "401": ("401 Unauthorized", "application/json", b'{"message":"Not authorised."}'),
    "429": ("429 Too Many Requests", "application/json", b'{"message":"Slow down."}'),
    "500": ("500 Internal Server Error", "application/json", b'{"message":"Oops."}'),
    "500_after": ("500 Internal Server Error", "application/json", b'{"message":"Oops."}'),
    "html": ("502 Bad Gateway", "text/html", b"<html><h1>Bad gateway</h1></html>"),
    "garbage": ("200 OK", "text/html", b"<html>Hello</html>"),
}


def _answer(fault: Fault, start_response: StartResponse) -> Iterable[bytes]:
    if fault.kind not in _ANSWERS:
        raise ConnectionAbortedError("planned: the answer is lost")
    status, content_type, body = _ANSWERS[fault.kind]
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
    if fault.kind == "429":
        headers.append(("Retry-After", str(int(fault.seconds))))
    start_response(status, headers)
    return [body]


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: the numbers in paths are people's."""

    def connection_dropped(
        self, error: BaseException, environ: WSGIEnvironment | None = None
    ) -> None:
        """A planned loss is no accident: hang up without a word."""
        self.close_connection = True


@dataclass
class Served:
    """A simulator on a loopback socket."""

    url: str
    server: BaseWSGIServer
    thread: threading.Thread

    def stop(self) -> None:
        """Close the socket and wait for the last answer."""
        asked = threading.Thread(target=self.server.shutdown)
        asked.start()
        # It sees that it shall end when somebody calls, not at its next look at the clock.
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.server.port), 1):
            asked.join(timeout=5)
        self.thread.join(timeout=5)
        self.server.server_close()

    def __enter__(self) -> "Served":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def serve(simulator: Vendor, port: int = 0) -> Served:
    """Put a simulator, faults and all, on 127.0.0.1; the port is free unless one is named."""
    app = faulty(simulator.wsgi, simulator.faults)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(
        target=server.serve_forever, args=(0.02,), daemon=True, name="simulator"
    )
    thread.start()
    return Served(f"http://127.0.0.1:{server.server_port}", server, thread)
