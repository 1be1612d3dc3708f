"""A connector is a value: a frozen dataclass of plain functions. A part that is present is a
capability; there is nothing to subclass and nothing to leave unimplemented."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hub.contract.events import Event
from hub.contract.outcomes import (
    Found,
    Outcome,
    Outgoing,
    Receipt,
    Reply,
    SendResult,
    Written,
)
from hub.contract.values import Clock, Money, utc_now


@dataclass(frozen=True)
class Request:
    """A request as it arrived: header names in lower case, the body as raw bytes."""

    method: str
    headers: Mapping[str, str]
    body: bytes
    query: Mapping[str, str] = field(default_factory=dict)
    path: str = ""

    @classmethod
    def of(cls, method: str, headers: Mapping[str, str], body: bytes, **more: Any) -> "Request":
        """The same, from headers in any case."""
        return cls(method, {k.lower(): v for k, v in headers.items()}, body, **more)

    def header(self, name: str) -> str:
        """A header's value, or an empty text."""
        return self.headers.get(name.lower(), "")


@dataclass(frozen=True)
class Response:
    """What the hub answers a vendor that needs more than an empty 200."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Ignored:
    """The request is genuine and means nothing to us; `reason` is shown to the operator."""

    reason: str


@dataclass(frozen=True)
class Pull:
    """A doorbell: it carries no data, the hub must poll now."""


Parsed = Sequence[Event] | Ignored | Pull


@dataclass(frozen=True)
class Field:
    """One field of a form. `kind`: text, url, secret, number, flag, choice, choices.

    `choices` are (value, label) pairs; `default` is used where nothing was typed.
    """

    name: str
    label: str
    kind: str = "text"
    help: str = ""
    default: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Grant:
    """A vendor's own consent page, for vendors that hand out keys in a browser.

    `url(settings, state, return_url, callback_url)` is where the merchant goes; the vendor then
    POSTs to the callback, and `read(request)` gives (state, secrets). Raises Rejected.
    """

    url: Callable[[Mapping[str, str], str, str, str], str]
    read: Callable[[Request], tuple[str, dict[str, str]]]


@dataclass(frozen=True)
class Keys:
    """Credentials a merchant pastes in; `grant` is the vendor's page that can hand them out."""

    fields: tuple[Field, ...]
    grant: Grant | None = None


@dataclass(frozen=True)
class OAuth2:
    """An OAuth 2 dance, declared; the hub runs it, keeps the tokens and refreshes them."""

    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    pkce: bool = True


@dataclass(frozen=True)
class Context:
    """What a connector's I/O functions are given: one connection and the hub's clock.

    `settings` and `secrets` are by field name; `hook_url` is where the vendor must deliver;
    `state` is what `subscribe` returned last; `deadline` bounds one call, in seconds.
    """

    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    hook_url: str = ""
    state: Mapping[str, Any] = field(default_factory=dict)
    clock: Clock = utc_now
    deadline: float = 10.0


@dataclass(frozen=True)
class Subscription:
    """The vendor's subscriptions as they stand: `state` to keep, `repaired` in words if any."""

    state: Mapping[str, Any]
    repaired: tuple[str, ...] = ()


@dataclass(frozen=True)
class Webhook:
    """How a vendor's deliveries are received.

    `verify(request, secrets)` raises Rejected; it sees raw bytes only. `parse(request, settings)`
    is pure. `dedupe(request)` names the delivery so that the same one twice is one intake.
    `greet(request, secrets)` answers a vendor's handshake, which is then not stored; None means
    "an ordinary delivery". `subscribe(ctx)` makes or repairs the subscriptions and may be run at
    any time; `unsubscribe(ctx)` removes them. `connection_of(request)` names the account for
    vendors with one address for all.
    """

    verify: Callable[[Request, Mapping[str, str]], None]
    parse: Callable[[Request, Mapping[str, str]], Parsed]
    dedupe: Callable[[Request], str]
    greet: Callable[[Request, Mapping[str, str]], Response | None] | None = None
    connection_of: Callable[[Request], str] | None = None
    subscribe: Callable[[Context], Subscription] | None = None
    unsubscribe: Callable[[Context], None] | None = None
    renew_every: timedelta | None = None


@dataclass(frozen=True)
class Page:
    """One page of a poll: each item as the request its webhook would have been.

    `cursor` is saved after the page's intakes are committed; `more` asks for the next at once.
    """

    requests: tuple[Request, ...]
    cursor: str
    more: bool = False


@dataclass(frozen=True)
class Poll:
    """Reconciliation: `pull(ctx, cursor)` reads what changed; an empty cursor means "from now"."""

    pull: Callable[[Context, str], Page]
    every: timedelta


@dataclass(frozen=True)
class Target:
    """Where outcomes are told. `write(ctx, outcomes)` answers in their order, safe to run twice.

    `subjects` are the nouns of the records that can be written on ("order" for "order:12").
    """

    write: Callable[[Context, Sequence[Outcome]], Sequence[Written]]
    subjects: tuple[str, ...]
    batch_size: int = 50

    def takes(self, subject: str) -> bool:
        """Whether there is a record to write on for this subject."""
        return subject.partition(":")[0] in self.subjects


@dataclass(frozen=True)
class Carrier:
    """Who carries messages to phones.

    `send(ctx, messages)` answers in their order and raises only when *nothing* was sent
    (AuthLost, Throttled, Refused, Unavailable(reached=False)); anything doubtful is an Unknown
    in the answer. `find(ctx, reference)` asks for an uncertain send; a miss is believed only
    `settle_after` the attempt, twice. `verify`, `receipts` and `replies` read callbacks.
    """

    channels: tuple[str, ...]
    send: Callable[[Context, Sequence[Outgoing]], Sequence[SendResult]]
    batch_size: int
    verify: Callable[[Request, Mapping[str, str]], None]
    dedupe: Callable[[Request], str]
    receipts: Callable[[Request], Sequence[Receipt]]
    replies: Callable[[Request], Sequence[Reply]]
    find: Callable[[Context, str], Found | None] | None = None
    settle_after: timedelta = timedelta(minutes=10)
    balance: Callable[[Context], Money | None] | None = None
    appends_stop: bool = False


@dataclass(frozen=True)
class Connector:
    """One folder's whole shape. Its slug is the folder's name, in every place."""

    title: str
    auth: Keys | OAuth2
    check: Callable[[Context], str]
    settings: tuple[Field, ...] = ()
    emits: tuple[str, ...] = ()
    webhook: Webhook | None = None
    poll: Poll | None = None
    target: Target | None = None
    carrier: Carrier | None = None

    @property
    def roles(self) -> tuple[str, ...]:
        """What it can do, in the words of the design: source, target, carrier."""
        present = {
            "source": self.webhook is not None or self.poll is not None,
            "target": self.target is not None,
            "carrier": self.carrier is not None,
        }
        return tuple(name for name, there in present.items() if there)
