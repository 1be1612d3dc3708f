"""The doors of a connector: its deliveries, its actions and its questions, each with its part."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hub.contract import Connector, Parsed, Question, Request, Response

Verify = Callable[[Request, Mapping[str, str]], None]
Parse = Callable[[Request, Mapping[str, str]], Parsed]


@dataclass(frozen=True)
class Door:
    """One way in whose requests are kept. `road` is "events" or "carrier"."""

    road: str
    verify: Verify
    dedupe: Callable[[Request], str]
    greet: Callable[[Request, Mapping[str, str]], Response | None] | None = None
    answer: Callable[[Request], Response] | None = None
    accounts_of: Callable[[Request], Sequence[str]] | None = None
    methods: tuple[str, ...] = ("POST",)


def door_of(connector: Connector, name: str) -> Door | Question | None:
    """The door of that name; the nameless one takes deliveries and callbacks."""
    if name in connector.questions:
        return connector.questions[name]
    if name in connector.actions:
        action = connector.actions[name]
        return Door(
            "events",
            action.verify,
            action.dedupe,
            None,
            action.answer,
            action.accounts_of,
            ("GET", "POST"),
        )
    if name:
        return None
    if connector.webhook:
        hook = connector.webhook
        return Door("events", hook.verify, hook.dedupe, hook.greet, hook.answer, hook.accounts_of)
    if connector.carrier:
        told = connector.carrier
        return Door(
            "carrier", told.verify, told.dedupe, told.greet, told.answer, methods=told.methods
        )
    return None


def parse_of(connector: Connector, name: str) -> Parse | None:
    """How what came through that door is read."""
    if name:
        action = connector.actions.get(name)
        return action.parse if action else None
    return connector.parse
