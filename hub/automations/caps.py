"""Caps: at most so many messages of a kind to one person in a length of time, counted at the
moment a message leaves, over all automations and sources."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from hub.automations.wording import duration

EVERY = "all"


@dataclass(frozen=True)
class Cap:
    """`kind` is marketing, transactional or all: both what is counted and what is stopped."""

    messages: int
    minutes: int
    kind: str = "marketing"

    def covers(self, kind: str) -> bool:
        """Whether a message of that kind counts, and is stopped."""
        return self.kind in (EVERY, kind)


@dataclass(frozen=True)
class CapSeen(Cap):
    """A cap with how many messages the person has had, or will have had, by then."""

    recent: int = 0

    @property
    def full(self) -> bool:
        """Whether no further message fits."""
        return self.recent >= self.messages

    def __str__(self) -> str:
        return f"{self.recent} of {self.messages} in {duration(self.minutes)}"


@dataclass(frozen=True)
class Sent:
    """A message that left (or, where it `waits`, will leave) at an instant. `one` names it: an RCS
    message and the SMS beneath it are one."""

    one: UUID
    kind: str
    at: datetime
    waits: bool = False


def count(caps: Sequence[Cap], sent: Iterable[Sent], leaves: datetime) -> tuple[CapSeen, ...]:
    """Each cap with what counts against it for a message that leaves at that instant."""
    known = tuple(sent)
    if not known:
        return _untouched(tuple(caps))
    return tuple(
        CapSeen(cap.messages, cap.minutes, cap.kind, _within(cap, known, leaves)) for cap in caps
    )


@lru_cache(maxsize=1024)
def _untouched(caps: tuple[Cap, ...]) -> tuple[CapSeen, ...]:
    return tuple(CapSeen(cap.messages, cap.minutes, cap.kind) for cap in caps)


def _within(cap: Cap, sent: Sequence[Sent], leaves: datetime) -> int:
    since = leaves - timedelta(minutes=cap.minutes)
    return len({s.one for s in sent if cap.covers(s.kind) and since < s.at <= leaves})
