"""Faults of what comes in: verified badly, named badly, read badly."""

import itertools
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import uuid6

from hub.contract import Connector, Ignored, Poll, Pull, Webhook
from hub.contract.events import Event
from hub.contract.kit.mutants import Seeded
from hub.contract.request import Request
from hub.contract.workflows import Action

Source = Webhook | Poll | Action


@dataclass(frozen=True)
class _Fault:
    name: str
    laws: tuple[str, ...]
    part: str
    wrap: Callable[[Any], Any]


def seeded(connector: Connector) -> Iterator[Seeded]:
    """Each fault at each way in."""
    for label, source, rebuilt in _sources(connector):
        shared = getattr(source, "accounts_of", None) is not None
        for fault in (*FAULTS, *(SHARED if shared else ())):
            genuine = getattr(source, fault.part, None)
            if genuine is not None:
                spoilt = rebuilt(replace(source, **{fault.part: fault.wrap(genuine)}))
                yield Seeded(f"{label}: {fault.name}", fault.laws, spoilt)


def _sources(
    connector: Connector,
) -> Iterator[tuple[str, Source, Callable[[Any], Connector]]]:
    if connector.webhook:
        yield "webhook", connector.webhook, lambda it: replace(connector, webhook=it)
    elif connector.poll:
        yield "poll", connector.poll, lambda it: replace(connector, poll=it)
    for name, action in connector.actions.items():
        yield f"action «{name}»", action, _with_action(connector, name)


def _with_action(connector: Connector, name: str) -> Callable[[Any], Connector]:
    return lambda it: replace(connector, actions={**connector.actions, name: it})


def _open_when_empty(verify: Any) -> Any:
    def shut(request: Request, secrets: Mapping[str, str]) -> None:
        if any(value for name, value in secrets.items() if "secret" in name):
            verify(request, secrets)

    return shut


def _strict_about_letters(verify: Any) -> Any:
    def verify_ascii(request: Request, secrets: Mapping[str, str]) -> None:
        "".join(request.headers.values()).encode("ascii")
        verify(request, secrets)

    return verify_ascii


def _by_arrival(_: Any) -> Any:
    count = itertools.count()
    return lambda request: f"delivery-{next(count)}"


def _events(change: Callable[[Sequence[Event]], Sequence[Event]]) -> Callable[[Any], Any]:
    """A parse whose events are changed."""

    def wrap(parse: Any) -> Any:
        def parsed(request: Request, settings: Mapping[str, str]) -> Any:
            said = parse(request, settings)
            return said if isinstance(said, Ignored | Pull) else change(tuple(said))

        return parsed

    return wrap


def _careless(parse: Any) -> Any:
    def parsed(request: Request, settings: Mapping[str, str]) -> Any:
        request.body.decode("ascii")
        return parse(request, settings)

    return parsed


def _asking(parse: Any) -> Any:
    def parsed(request: Request, settings: Mapping[str, str]) -> Any:
        socket.getaddrinfo("localhost", 80)
        return parse(request, settings)

    return parsed


def _new_keys(events: Sequence[Event]) -> Sequence[Event]:
    return [replace(event, key=uuid6.uuid7().hex) for event in events]


def _unknown_type(events: Sequence[Event]) -> Sequence[Event]:
    return [replace(event, type="something.happened") for event in events]


def _for_everybody(parse: Any) -> Any:
    return lambda request, settings: parse(request, {**settings, "account": ""})


FAULTS = (
    _Fault(
        "the signature is not checked",
        ("verify-signature", "verify-tampered", "verify-secret"),
        "verify",
        lambda _: lambda request, secrets: None,
    ),
    _Fault("an empty secret opens the door", ("verify-secret",), "verify", _open_when_empty),
    _Fault("a strange header crashes it", ("verify-strange",), "verify", _strict_about_letters),
    _Fault(
        "two deliveries have one name",
        ("dedupe-different",),
        "dedupe",
        lambda _: lambda request: "one",
    ),
    _Fault("a delivery has a new name each time", ("dedupe-same",), "dedupe", _by_arrival),
    _Fault(
        "the last event of a delivery is dropped",
        ("actions", "fixtures-parse", "poll-all"),
        "parse",
        _events(lambda events: events[:-1]),
    ),
    _Fault("each reading makes new keys", ("pure", "keys"), "parse", _events(_new_keys)),
    _Fault(
        "an event is told twice",
        ("keys", "actions"),
        "parse",
        _events(lambda events: [*events, *events]),
    ),
    _Fault(
        "events are of a type nobody knows",
        ("vocabulary", "actions"),
        "parse",
        _events(_unknown_type),
    ),
    _Fault("a body of no sense crashes it", ("junk-bodies",), "parse", _careless),
    _Fault("reading asks the network", ("pure",), "parse", _asking),
)
SHARED = (
    _Fault("every account reads every delivery", ("accounts",), "parse", _for_everybody),
    _Fault("no account is named", ("accounts",), "accounts_of", lambda _: lambda request: ()),
)
