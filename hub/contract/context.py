"""What a connector's functions are given, and the small answers they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.contract.events import Event
from hub.contract.values import Clock, utc_now


@dataclass(frozen=True)
class Ignored:
    """The request is genuine and means nothing to us; `reason` is shown to the operator."""

    reason: str


@dataclass(frozen=True)
class Pull:
    """A doorbell: it carries no data, the hub must poll now."""


Parsed = Sequence[Event] | Ignored | Pull


@dataclass(frozen=True)
class Account:
    """Whose account the credentials open, as a check found it.

    `label` is for eyes. `id` is the vendor's own name for it, which tells connections apart where
    the vendor delivers for all accounts to one address. `quota` says in words what is left of the
    vendor's limits; `lacks` what the credentials do not allow, each with what then does not work.
    """

    label: str
    id: str = ""
    quota: str = ""
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Context:
    """What a connector's I/O functions are given: one connection and the hub's clock.

    `settings` and `secrets` are by field name; `hook_url` is where the vendor must deliver;
    `state` is what `subscribe` returned last; `account` is what `check` found; `deadline` bounds
    one call, in seconds.
    """

    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    hook_url: str = ""
    state: Mapping[str, Any] = field(default_factory=dict)
    clock: Clock = utc_now
    deadline: float = 10.0
    account: str = ""
