"""A simulated account on a socket, a hub's ear for its calls, and a connection between them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import uuid6

from hub.contract import (
    RECEIVED_AT,
    Context,
    Event,
    Ignored,
    Known,
    Outcome,
    Pull,
    Request,
    Response,
)
from hub.contract.kit.simulator import Faults, serve

from . import actions, connector, enrich, events, poll, signature, subscriptions
from .simulator import Simulator

HELLO = ("thanks", "Thank you")


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
    """The hub's doors: webhooks, the action and its question; `statuses` are answered first."""

    clock: Hands
    secret: str
    faults: Faults = field(default_factory=Faults)
    statuses: list[str] = field(default_factory=list)
    heard: list[Request] = field(default_factory=list)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Verify, remember, answer."""
        names = {k[5:].replace("_", "-"): v for k, v in environ.items() if k.startswith("HTTP_")}
        names[RECEIVED_AT] = self.clock().isoformat()
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path = environ["PATH_INFO"]
        url = f"http://{environ['HTTP_HOST']}{path}"
        request = Request.of(environ["REQUEST_METHOD"], names, body, path=path, url=url)
        signature.verify(request, {"client_secret": self.secret})
        self.heard.append(request)
        status = self.statuses.pop(0) if self.statuses else "200 OK"
        answer = self._answer(request)
        length = ("Content-Length", str(len(answer.body)))
        start_response(status, [("Content-Type", answer.content_type), length])
        return [answer.body]

    def _answer(self, request: Request) -> Response:
        if request.path.endswith("/send"):
            return actions.answer(request)
        if request.path.endswith("/templates"):
            return actions.templates(request, Known((HELLO,), lambda _: (), ""))
        return Response()

    def told(self, ending: str = "k1") -> list[Request]:
        """What came to one door."""
        return [request for request in self.heard if request.path.endswith(ending)]


@pytest.fixture
def clock() -> Hands:
    """The account's and the hub's clock."""
    return Hands()


@pytest.fixture
def account(clock: Hands) -> Simulator:
    """The account."""
    made = Simulator(clock)
    made.sign_in.lasts = 10.0**9  # these tests jump over months
    return made


@pytest.fixture
def ear(account: Simulator, clock: Hands) -> Iterator[tuple[Ear, str]]:
    """The hub's doors and their address."""
    heard = Ear(clock, account.sign_in.client_secret)
    with serve(cast("Any", heard)) as served:  # serve uses no more of a simulator than this
        yield heard, f"{served.url}/hooks/hubspot/k1"


@pytest.fixture
def ctx(account: Simulator, clock: Hands, ear: tuple[Ear, str]) -> Iterator[Context]:
    """A connection to the account."""
    with serve(account) as served:
        settings = {f.name: f.default for f in connector.settings if f.default}
        settings |= account.settings(served.url)
        yield Context(settings, account.secrets(), hook_url=ear[1], clock=clock, deadline=5.0)


@pytest.fixture
def installed(ctx: Context) -> Context:
    """The connection, its properties, webhooks and action made."""
    return replace(ctx, state=subscriptions.subscribe(ctx).state, account="62515")


Told = Callable[[Context, Iterable[Request]], list[Event]]


def whole(ctx: Context, requests: Iterable[Request]) -> list[Event]:
    """The events of requests, fetched, what is ignored left out."""
    thin: list[Event] = []
    for request in requests:
        parsed = events.parse(request, {**ctx.settings, "account": ctx.account})
        thin += [] if isinstance(parsed, Ignored | Pull) else parsed
    return [one for one in enrich.enrich(ctx, thin) if isinstance(one, Event)]


@pytest.fixture(name="whole")
def _whole() -> Told:
    return whole


def drain(ctx: Context, cursor: str, most: int = 100) -> tuple[list[Request], str]:
    """Every polled request after the cursor, and the cursor of the end."""
    found: list[Request] = []
    for _ in range(most):
        page = poll.pull(ctx, cursor)
        found += page.requests
        cursor = page.cursor
        if not page.more:
            return found, cursor
    raise AssertionError("The poll never ends.")


@pytest.fixture(name="drain")
def _drain() -> Callable[..., tuple[list[Request], str]]:
    return drain


@pytest.fixture
def outcome(clock: Hands) -> Callable[..., Outcome]:
    """An outcome for a contact, or for a subject."""

    def make(contact: str, kind: str = "delivered", **more: Any) -> Outcome:
        message = str(uuid6.uuid7())
        subject = contact if ":" in contact else f"contact:{contact}"
        words = f"SMS {kind} at 11:00 (order confirmation)."
        made = Outcome(f"{message}:{kind}", message, kind, subject, clock(), words, again=False)
        return replace(made, **more)

    return make
