"""The bench a connector is put on: its simulator on a socket, a context, an ear for deliveries."""

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hub.contract import Connector, Context, Event, Request
from hub.contract.kit.doors import Door as Door
from hub.contract.kit.doors import accepts as accepts
from hub.contract.kit.doors import at_their_address, stamped
from hub.contract.kit.doors import doors as doors
from hub.contract.kit.ear import Ear
from hub.contract.kit.recordings import Recording, recordings
from hub.contract.kit.simulator import Served, Simulator, serve


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
class Bench:
    """All that a check may use. `secrets` are the credentials the simulator accepts."""

    candidate: Candidate
    simulator: Simulator
    served: Served
    ear: Ear
    hook_url: str
    secrets: dict[str, str]
    account: str = ""
    state: Mapping[str, Any] = field(default_factory=dict)

    @property
    def connector(self) -> Connector:
        """The connector under test."""
        return self.candidate.connector

    @property
    def settings(self) -> dict[str, str]:
        """The declared defaults, and what reaches the simulator; its account where known."""
        reaching = self.simulator.settings(self.served.url)
        account = {"account": self.account} if self.account else {}
        return defaults(self.connector) | reaching | account

    @property
    def ctx(self) -> Context:
        """A connection to the simulator, as the hub would give it."""
        return Context(
            self.settings,
            self.secrets,
            hook_url=self.hook_url,
            deadline=5.0,
            account=self.account,
            state=self.state,
        )

    @property
    def deaf(self) -> Context:
        """The same connection, to a port on which nothing listens."""
        ctx = self.ctx
        there = self.simulator.settings(_closed_url())
        self.simulator.settings(self.served.url)  # some simulators remember where they stand
        return replace(ctx, settings={**ctx.settings, **there}, deadline=2.0)

    def doors(self) -> tuple[Door, ...]:
        """The connector's ways in: its webhook, its actions, its carrier callbacks."""
        return doors(self.connector, self.settings)

    def genuine(self) -> list[tuple[Door, Request]]:
        """The simulator's deliveries and a workflow's calls, each with the door that accepts it;
        greetings left out."""
        asked = [*self.executions(1), *self.executions(1)]
        told = [*self.simulator.deliveries(), *(request for _, request in asked)]
        found = [(self.door_of(r), r) for r in told if not self.greets(r)]
        insist(found, "The simulator's deliveries() gives no delivery to test with.")
        return found

    def executions(self, count: int) -> Sequence[tuple[str, Request]]:
        """So many calls of each action, with the action's name, where the simulator makes them."""
        made = getattr(self.simulator, "executions", None)
        return list(made(count)) if made and self.connector.actions else []

    def greets(self, request: Request) -> bool:
        """Whether this request is a handshake, which is answered and not stored."""
        webhook = self.connector.webhook
        greet = webhook.greet if webhook else None
        return greet is not None and greet(stamped(request), self.secrets) is not None

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

    def door_of(self, request: Request) -> Door:
        """The door that accepts this request: its address says which, where there are several."""
        for door in at_their_address(self.doors(), request):
            if accepts(door, request, self.secrets):
                return door
        raise AssertionError("A genuine delivery of the simulator is rejected by verify.")


def defaults(connector: Connector) -> dict[str, str]:
    """What the connector's declared fields hold where nothing was typed."""
    return {f.name: f.default for f in connector.settings if f.default}


@contextmanager
def on_bench(candidate: Candidate) -> Iterator[Bench]:
    """A fresh simulator on a fresh socket, for one check."""
    simulator, ear = candidate.simulate(), Ear()
    with serve(simulator) as served, serve(ear) as hub:
        simulator.settings(served.url)
        address = f"{hub.url}/hooks/{candidate.slug}/k1"
        bench = Bench(candidate, simulator, served, ear, address, simulator.secrets())
        yield replace(bench, account=_account(bench))


def _account(bench: Bench) -> str:
    # The hub checks a connection before it uses it; what a check does wrong, other laws tell.
    try:
        return bench.connector.check(bench.ctx).id
    except Exception:
        return ""


def _closed_url() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return f"http://127.0.0.1:{port}"
