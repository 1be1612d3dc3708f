"""The bench a connector is put on: its simulator on a socket, a context, an ear for deliveries."""

import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from hub.contract import RECEIVED_AT, Connector, Context, Event, Request, utc_now
from hub.contract.errors import Rejected
from hub.contract.kit.recordings import Recording, recordings
from hub.contract.kit.simulator import Faults, Served, Simulator, serve

Secrets = Mapping[str, str]


def insist(condition: object, words: str) -> None:
    """Fail the check with these words unless the condition holds."""
    if not condition:
        raise AssertionError(words)


@dataclass(frozen=True)
class Candidate:
    """A connector that asks to be certified: its slug, folder, value, and how to simulate it."""

    slug: str
    folder: Path
    connector: Connector
    simulate: Callable[[], Simulator]


@dataclass(frozen=True)
class Door:
    """One way in: how its requests are verified, named and read."""

    name: str
    verify: Callable[[Request, Secrets], None]
    dedupe: Callable[[Request], str]
    read: Callable[[Request], Any]


@dataclass
class Ear:
    """The hub's side of the deliveries: it hears everything and answers 200."""

    faults: Faults = field(default_factory=Faults)
    heard: list[Request] = field(default_factory=list)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Remember the request, answer an empty 200."""
        names = {k[5:].replace("_", "-"): v for k, v in environ.items() if k.startswith("HTTP_")}
        names["content-type"] = environ.get("CONTENT_TYPE", "")
        body = environ["wsgi.input"].read()
        self.heard.append(Request.of(environ["REQUEST_METHOD"], names, body))
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]


@dataclass(frozen=True)
class Bench:
    """All that a check may use."""

    candidate: Candidate
    simulator: Simulator
    served: Served
    ear: Ear
    hook_url: str

    @property
    def connector(self) -> Connector:
        """The connector under test."""
        return self.candidate.connector

    @property
    def settings(self) -> dict[str, str]:
        """The declared defaults, and what reaches the simulator."""
        return defaults(self.connector) | self.simulator.settings(self.served.url)

    @property
    def secrets(self) -> dict[str, str]:
        """The credentials the simulator accepts."""
        return self.simulator.secrets()

    @property
    def ctx(self) -> Context:
        """A connection to the simulator, as the hub would give it."""
        return Context(self.settings, self.secrets, hook_url=self.hook_url, deadline=5.0)

    @property
    def deaf(self) -> Context:
        """The same connection, to a port on which nothing listens."""
        settings = defaults(self.connector) | self.simulator.settings(_closed_url())
        return replace(self.ctx, settings=settings, deadline=2.0)

    def doors(self) -> tuple[Door, ...]:
        """The connector's ways in: its webhook, its carrier callbacks."""
        return doors(self.connector, self.settings)

    def genuine(self) -> list[tuple[Door, Request]]:
        """The simulator's deliveries, each with the door that accepts it; greetings left out."""
        found = [(self._door_of(r), r) for r in self.simulator.deliveries() if not self.greets(r)]
        insist(found, "The simulator's deliveries() gives no delivery to test with.")
        return found

    def greets(self, request: Request) -> bool:
        """Whether this request is a handshake, which is answered and not stored."""
        webhook = self.connector.webhook
        greet = webhook.greet if webhook else None
        return greet is not None and greet(request, self.secrets) is not None

    def whole(self, events: Sequence[Event]) -> list[Event]:
        """Thin events with what they lack, as the hub has it fetched; others as they are."""
        if self.connector.enrich is None or not events:
            return list(events)
        found = self.connector.enrich(self.ctx, events)
        insist(len(found) == len(events), f"{len(events)} thin events got {len(found)} answers.")
        return [event for event in found if isinstance(event, Event)]

    def recordings(self) -> Sequence[Recording]:
        """The folder's recorded deliveries."""
        return recordings(self.candidate.folder)

    def _door_of(self, request: Request) -> Door:
        for door in self.doors():
            if accepts(door, request, self.secrets):
                return door
        raise AssertionError("A genuine delivery of the simulator is rejected by verify.")


def accepts(door: Door, request: Request, secrets: Secrets) -> bool:
    """Whether the door takes this request; nothing but Rejected may be raised."""
    try:
        door.verify(stamped(request), secrets)
    except Rejected:
        return False
    except Exception as error:
        kind = type(error).__name__
        raise AssertionError(f"verify raised {kind}; it may raise Rejected only.") from error
    return True


def stamped(request: Request) -> Request:
    """The request with the hub's time of receipt, now unless it says another."""
    headers = {RECEIVED_AT: utc_now().isoformat(), **request.headers}
    return replace(request, headers=headers)


def defaults(connector: Connector) -> dict[str, str]:
    """What the connector's declared fields hold where nothing was typed."""
    return {f.name: f.default for f in connector.settings if f.default}


def doors(connector: Connector, settings: Mapping[str, str]) -> tuple[Door, ...]:
    """The ways into a connector; a carrier's verify is given the settings with the secrets."""
    found = []
    if connector.webhook:
        hook = connector.webhook
        found.append(
            Door("webhook", hook.verify, hook.dedupe, lambda request: hook.parse(request, settings))
        )
    if connector.carrier:
        carrier = connector.carrier
        found.append(
            Door(
                "carrier",
                lambda request, secrets: carrier.verify(request, {**settings, **secrets}),
                carrier.dedupe,
                lambda request: (carrier.receipts(request), carrier.replies(request)),
            )
        )
    return tuple(found)


@contextmanager
def on_bench(candidate: Candidate) -> Iterator[Bench]:
    """A fresh simulator on a fresh socket, for one check."""
    simulator, ear = candidate.simulate(), Ear()
    with serve(simulator) as served, serve(ear) as hub:
        yield Bench(candidate, simulator, served, ear, f"{hub.url}/hooks/{candidate.slug}/k1")


def _closed_url() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return f"http://127.0.0.1:{port}"
