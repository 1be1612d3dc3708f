"""The phones of the world as a carrier's simulator sees them: what each can receive, what it
showed. The same for every carrier, so that one table of tests can be run against all of them."""

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Literal

from hub.contract.rich import Rich

Kind = Literal["reachable", "unreachable", "offline", "learns_late", "blocks", "wrong"]
Schedule = Literal["once", "late", "twice", "never", "crossed"]

KINDS: tuple[Kind, ...] = (
    "reachable",  # RCS and SMS arrive
    "unreachable",  # no RCS, and the carrier knows it: a question or a send says so
    "offline",  # has RCS, but no data: RCS never arrives, SMS does
    "learns_late",  # the carrier thinks it has RCS, takes the message, then finds out that not
    "blocks",  # opted out at the carrier: nothing arrives, the receipt says blocked
    "wrong",  # no such number: nothing arrives on any channel
)
# How receipts come: on time; held back until the simulator's `release()`; each twice; not at all;
# in the wrong order, the last first.
SCHEDULES: tuple[Schedule, ...] = ("once", "late", "twice", "never", "crossed")


@dataclass(frozen=True)
class Shown:
    """One message on a phone's screen, parts joined."""

    reference: str
    channel: str
    text: str
    sender: str = ""
    rich: Rich | None = None


@dataclass
class Handsets:
    """Phones by number (E.164, with or without the plus); unknown ones are `usual`."""

    usual: Kind = "reachable"
    _kinds: dict[str, Kind] = field(default_factory=dict)
    _screens: dict[str, list[Shown]] = field(default_factory=lambda: defaultdict(list))
    _carried: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def behave(self, number: str, kind: Kind) -> None:
        """From now on this phone is of that kind."""
        with self._lock:
            self._kinds[bare(number)] = kind

    def kind(self, number: str) -> Kind:
        """What kind of phone it is."""
        with self._lock:
            return self._kinds.get(bare(number), self.usual)

    def seems_able(self, number: str) -> bool:
        """What a carrier answers when it is asked whether the phone has RCS."""
        return self.kind(number) in ("reachable", "offline", "learns_late", "blocks")

    def takes(self, number: str, channel: str) -> bool:
        """Whether a message on that channel arrives there."""
        kind = self.kind(number)
        arrives = kind == "reachable" if channel == "rcs" else True
        return arrives and kind not in ("blocks", "wrong")

    def show(self, number: str, shown: Shown) -> None:
        """The phone shows it."""
        with self._lock:
            self._screens[bare(number)].append(shown)
            self._carried[shown.reference] += 1

    def screen(self, number: str) -> tuple[Shown, ...]:
        """All that the phone shows, oldest first."""
        with self._lock:
            return tuple(self._screens.get(bare(number), ()))

    def carried(self, reference: str) -> int:
        """How many times a phone showed a message with this reference."""
        with self._lock:
            return self._carried[reference]

    def all_carried(self) -> Counter[str]:
        """The same for every reference."""
        with self._lock:
            return Counter(self._carried)


def bare(number: str) -> str:
    """Digits alone, without a channel's prefix."""
    return number.rpartition(":")[2].strip().removeprefix("+")
