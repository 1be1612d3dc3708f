"""What a decision looks at, and what comes out of it: plain values, no row and no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from hub.automations.caps import CapSeen
from hub.automations.draws import LAST
from hub.automations.hours import Window
from hub.automations.wording import masked

REASONS = (
    "paused",
    "stale",
    "conditions",
    "no_phone",
    "landline",
    "testing",
    "country",
    "dead_number",
    "stopped",
    "no_consent",
    "consent_withdrawn",
    "already",
    "cancelled",
    "moved",
    "answered",
    "past",
    "outdated",
    "cap",
    "no_template",
    "window",
    "late",
    "holdout",
)


class Check(NamedTuple):
    """One question of a decision: what was asked, the value seen, the answer, one sentence.

    `data` is JSON; its "reason" is one of REASONS where the answer is no.
    """

    asked: str
    seen: str
    verdict: Literal["yes", "no", "wait"]
    sentence: str
    data: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Verdict:
    """What is to be done, when (UTC, None where nothing is sent), and every check that led there.

    "hold" comes from `recheck` alone: keep the message until `due_at`. `replaces` says that the
    message which still waits under the same key gives way to this one.
    """

    action: Literal["send", "skip", "hold"]
    due_at: datetime | None
    once_key: str
    reason: str
    checks: tuple[Check, ...]
    replaces: bool = False

    @property
    def sentence(self) -> str:
        """The one sentence to show: why it stopped, what it waits for, or when it leaves."""
        if self.reason:
            return self.checks[-1].sentence
        leaves = (check for check in self.checks if check.data.get("check") == "late")
        waits = (check for check in self.checks if check.verdict == "wait")
        return next(waits, next(leaves, self.checks[-1])).sentence

    @property
    def held(self) -> bool:
        """Whether it waits for sending hours."""
        return any(check.verdict == "wait" for check in self.checks)

    @property
    def variant(self) -> str:
        """The wording that this person gets; empty where it is the template's own text."""
        found = (str(c.data["variant"]) for c in self.checks if c.data.get("check") == "wording")
        return next(found, "")


@dataclass(frozen=True)
class EventSeen:
    """The event decided on. `connection` is its connection's id: vendors' record ids collide."""

    type: str
    key: str
    subject: str
    occurred_at: datetime
    received_at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    cart: str = ""
    connection: str = ""


@dataclass(frozen=True)
class BookingSeen:
    """A booking as it stands when it is looked at, whatever the event said of it.

    `state` is booked or cancelled; `answer` confirmed, declined, postponed or nothing. `newest`:
    no later event is known of it; `moved`: this event gave it another start, or it stands again;
    `zone` is its place's, from whichever event told it.
    """

    state: str
    starts_at: datetime | None
    answer: str = ""
    newest: bool = True
    moved: bool = False
    zone: str = ""


@lru_cache(maxsize=10_000)
def person_key(key: str) -> str:
    """A person's stable id as decisions keep it: a whole phone number becomes its digest."""
    if masked(key) == key:
        return key
    return f"phone-{sha256(key.encode()).hexdigest()[:24]}"


@dataclass(frozen=True)
class PersonSeen:
    """Who it is about. `key` is a stable id, digested where it is a phone; `phone` is masked.

    `phone_problem` is NotAPhone's sentence where the record's phone could not be read; `tester`
    says that the number is on the workspace's test list. `zone` is the record's; `number_zones`
    are those that the number itself tells of.
    """

    key: str
    phone: str = ""
    kind: str = "mobile"
    country: str = ""
    language: str = ""
    zone: str = ""
    first_name: str = ""
    last_name: str = ""
    phone_problem: str = ""
    tester: bool = False
    number_zones: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "phone", masked(self.phone))
        object.__setattr__(self, "key", person_key(self.key))


@dataclass(frozen=True)
class ConsentSeen:
    """The consent in force, strictest record first: granted or withdrawn, where, when."""

    granted: bool
    source: str
    at: datetime


@dataclass(frozen=True)
class StopSeen:
    """A STOP in force. `everything` where it covers order messages too (the carrier blocks)."""

    at: datetime
    source: str
    everything: bool = False


@dataclass(frozen=True)
class Facts:
    """All that `decide` and `recheck` may know, gathered by the caller beforehand.

    `window` are the hours of marketing to this number; `transactional_window` those of all else,
    where the workspace set any. `already`: the once-per key was used before. `waiting`: when the
    event of that earlier message occurred, where that message has not left yet. `caps` are counted
    for this person at the moment the message leaves, itself left out. `cancelled_by`: the type of
    the event that cancels it. `allowed_countries` empty means every country. `testing`: only
    testers get anything. `step` is the place in the delay's plan; `zone` the workspace's;
    `templates` are named where the wanted one is unknown; `variants` are the template's other
    wordings. The draws are the person's own, for this automation and for this template.
    """

    automation_state: str
    automation_live_since: datetime | None
    event: EventSeen
    person: PersonSeen | None
    now: datetime
    window: Window
    consent: ConsentSeen | None = None
    stopped: StopSeen | None = None
    allowed_countries: tuple[str, ...] = ()
    caps: tuple[CapSeen, ...] = ()
    already: bool = False
    waiting: datetime | None = None
    cancelled_by: str | None = None
    template_known: bool = True
    dead_number: bool = False
    max_age_hours: int = 24
    booking: BookingSeen | None = None
    step: int = 0
    zone: str = ""
    templates: tuple[str, ...] = ()
    transactional_window: Window | None = None
    testing: bool = False
    variants: tuple[str, ...] = ()
    holdout_draw: int = LAST
    wording_draw: int = LAST
