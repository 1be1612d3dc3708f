"""A connector is a value: a frozen dataclass of plain functions. A part that is present is a
capability; there is nothing to subclass and nothing to leave unimplemented."""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from hub.contract.context import Account, Context, Ignored, Parsed
from hub.contract.events import Event
from hub.contract.outcomes import (
    Counted,
    Coupon,
    Found,
    Listed,
    Minted,
    Outcome,
    Outgoing,
    Receipt,
    Reply,
    SendResult,
    Written,
)
from hub.contract.request import Request, Response
from hub.contract.signing_in import Field, Way
from hub.contract.values import Money, Person, Phone
from hub.contract.workflows import Action, Question


@dataclass(frozen=True)
class Subscription:
    """The vendor's subscriptions as they stand: `state` to keep, `repaired` in words if any,
    `until` when they end by themselves where they do."""

    state: Mapping[str, Any]
    repaired: tuple[str, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True)
class Webhook:
    """How a vendor's deliveries are received.

    `verify(request, secrets)` raises Rejected; it sees raw bytes only. `parse(request, settings)`
    is pure; `settings` holds the connection's `account` too. `dedupe(request)` names the delivery
    so that the same one twice is one intake. `greet(request, secrets)` answers a vendor's
    handshake, which is then not stored; None means "an ordinary delivery". `answer(request)` is
    what the vendor must read once the delivery is kept, where an empty 200 is not enough.
    `subscribe(ctx)` makes or repairs the subscriptions and may be run at any time;
    `unsubscribe(ctx)` removes them. `accounts_of(request)` names the accounts a delivery is about,
    for vendors with one address for a whole app; each of their connections then reads it.
    """

    verify: Callable[[Request, Mapping[str, str]], None]
    parse: Callable[[Request, Mapping[str, str]], Parsed]
    dedupe: Callable[[Request], str]
    greet: Callable[[Request, Mapping[str, str]], Response | None] | None = None
    answer: Callable[[Request], Response] | None = None
    accounts_of: Callable[[Request], Sequence[str]] | None = None
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
    """Reconciliation: `pull(ctx, cursor)` reads what changed; an empty cursor means "from now".

    A vendor without a webhook brings `parse` and `dedupe` here; otherwise the webhook's are used.
    `rewind(settings, cursor, at)` is pure: a cursor from which what changed since `at` is read
    again; an empty one has never read. Absent where a vendor cannot be asked what changed since.
    """

    pull: Callable[[Context, str], Page]
    every: timedelta
    parse: Callable[[Request, Mapping[str, str]], Parsed] | None = None
    dedupe: Callable[[Request], str] | None = None
    rewind: Callable[[Mapping[str, str], str, datetime], str] | None = None


@dataclass(frozen=True)
class Target:
    """Where outcomes are told. `write(ctx, outcomes)` answers in their order, safe to run twice.

    `subjects` are the nouns of the records that can be written on ("order" for "order:12").
    `gather` is how long an outcome waits for others to share a call with.
    """

    write: Callable[[Context, Sequence[Outcome]], Sequence[Written]]
    subjects: tuple[str, ...]
    batch_size: int = 50
    gather: timedelta = timedelta(0)

    def takes(self, subject: str) -> bool:
        """Whether there is a record to write on for this subject."""
        return subject.partition(":")[0] in self.subjects


@dataclass(frozen=True)
class PeoplePage:
    """One page of a list of people."""

    people: tuple[Person, ...]
    cursor: str = ""
    more: bool = False


@dataclass(frozen=True)
class Audience:
    """Lists of people at the vendor: `lists(ctx)` are (id, label) pairs, `people(ctx, list_id,
    cursor)` reads one, page by page; an empty cursor begins."""

    lists: Callable[[Context], Sequence[tuple[str, str]]]
    people: Callable[[Context, str, str], PeoplePage]


@dataclass(frozen=True)
class Preview:
    """What the settings would read, shown while installing: some rows under their headings, and
    what is missing in words. Phones are masked."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Agent:
    """Who an RCS message comes from, as the phone shows it; `active` once the carrier lets it
    send."""

    name: str
    logo: str = ""
    active: bool = True


_SECONDS = re.compile(r"[0-9]{1,7}(\.[0-9]{1,3})?")
SETTLE = "settle_seconds"  # the setting of a carrier that can be asked; see `settle_delay`


@dataclass(frozen=True)
class Carrier:
    """Who carries messages to phones.

    `send(ctx, messages)` answers in their order and raises only when *nothing* was sent
    (AuthLost, Throttled, Refused, Unavailable(reached=False)); anything doubtful is an Unknown
    in the answer. `find(ctx, reference)` asks for an uncertain send; a miss is believed only
    `settle_after` the attempt, twice. `status(ctx, id)` asks how a message stands that the carrier
    took under that id of its own. `verify`, `receipts` and `replies` read callbacks, which come by
    `methods`; `greet` and `answer` are a webhook's, for carriers that need them.

    `carries(settings)` narrows the channels to those this connection is set up for, and
    `agent(settings)` is the brand as an RCS phone shows it. `reach(ctx, phones)` tells in their
    order which phones RCS can reach now, None where the carrier cannot say. `revoke(ctx, id)`
    takes a message back that has not reached its phone: True is proof that it never will.
    Within `replay_within` of the first attempt the same reference may be sent again and stays one
    message. `listed(ctx, phone, since, until)` is what the carrier took for a number in that time;
    `echoes` says that receipts name our reference. `counted(ctx, day)` is what it says it took on a
    day. `bind(ctx, until)` runs the connection's own process until told to stop, for carriers that
    want a line kept open.
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
    methods: tuple[str, ...] = ("POST",)
    greet: Callable[[Request, Mapping[str, str]], Response | None] | None = None
    answer: Callable[[Request], Response] | None = None
    carries: Callable[[Mapping[str, str]], Sequence[str]] | None = None
    agent: Callable[[Mapping[str, str]], Agent] | None = None
    reach: Callable[[Context, Sequence[Phone]], Sequence[bool | None]] | None = None
    revoke: Callable[[Context, str], bool] | None = None
    replay_within: timedelta | None = None
    bind: Callable[[Context, threading.Event], None] | None = None
    status: Callable[[Context, str], Found | None] | None = None
    listed: Callable[[Context, Phone, datetime, datetime], Sequence[Listed]] | None = None
    echoes: bool = True
    counted: Callable[[Context, date], Counted | None] | None = None

    @property
    def proofs(self) -> tuple[str, ...]:
        """What can settle an uncertain send, the strongest first: «replay» the same reference
        again, «lookup» by it, «list» by number and time, a «receipt»; «nothing» at the end."""
        there = {
            "replay": self.replay_within is not None,
            "lookup": self.find is not None,
            "list": self.listed is not None,
            "receipt": self.echoes,
            "nothing": True,
        }
        return tuple(name for name, present in there.items() if present)

    @property
    def proof(self) -> str:
        """The strongest of them: the carrier's class."""
        return self.proofs[0]

    def settle_delay(self, settings: Mapping[str, str]) -> timedelta:
        """How long after the attempt a miss is not believed: the connection's own
        «settle_seconds» where it has one that can be read."""
        chosen = str(settings.get(SETTLE, "")).strip()
        usable = _SECONDS.fullmatch(chosen) and float(chosen) > 0
        return timedelta(seconds=float(chosen)) if usable else self.settle_after

    def channels_of(self, settings: Mapping[str, str]) -> tuple[str, ...]:
        """The channels of one connection."""
        return tuple(self.carries(settings)) if self.carries else self.channels


@dataclass(frozen=True)
class Coupons:
    """A shop that honours codes: `mint(ctx, coupons)` makes them, answers in their order, and is
    safe to run twice: a code that stands already is answered as made."""

    mint: Callable[[Context, Sequence[Coupon]], Sequence[Minted]]
    batch_size: int = 100


@dataclass(frozen=True)
class Connector:
    """One folder's whole shape. Its slug is the folder's name, in every place.

    `auth` is one way of signing in, or several by name, the usual one first. `enrich(ctx, events)`
    fetches, many at once, what thin events lack, and answers in their order: the whole event, or
    why it means nothing. `options(ctx, field)` are the choices of a `live` field; `preview(ctx)`
    shows what the settings would read; `leaves` says in a sentence what stays at the vendor when
    the connection is removed.
    """

    title: str
    auth: Way | Mapping[str, Way]
    check: Callable[[Context], Account]
    settings: tuple[Field, ...] = ()
    emits: tuple[str, ...] = ()
    webhook: Webhook | None = None
    poll: Poll | None = None
    enrich: Callable[[Context, Sequence[Event]], Sequence[Event | Ignored]] | None = None
    target: Target | None = None
    audience: Audience | None = None
    carrier: Carrier | None = None
    coupons: Coupons | None = None
    actions: Mapping[str, Action] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)
    options: Callable[[Context, str], Sequence[tuple[str, str]]] | None = None
    preview: Callable[[Context], Preview] | None = None
    leaves: str = ""

    @property
    def ways(self) -> Mapping[str, Way]:
        """The ways of signing in by name, the usual one first."""
        return self.auth if isinstance(self.auth, Mapping) else {"": self.auth}

    @property
    def parse(self) -> Callable[[Request, Mapping[str, str]], Parsed] | None:
        """How a delivery or a polled record is read."""
        polled = self.poll.parse if self.poll else None
        return self.webhook.parse if self.webhook else polled

    @property
    def dedupe(self) -> Callable[[Request], str] | None:
        """How a delivery or a polled record is named."""
        polled = self.poll.dedupe if self.poll else None
        return self.webhook.dedupe if self.webhook else polled

    @property
    def roles(self) -> tuple[str, ...]:
        """What it can do, in the words of the design: source, target, audience, carrier."""
        present = {
            "source": self.webhook is not None or self.poll is not None,
            "target": self.target is not None,
            "audience": self.audience is not None,
            "carrier": self.carrier is not None,
        }
        return tuple(name for name, there in present.items() if there)
