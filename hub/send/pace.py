"""Pace: no carrier is given more messages a second than its connection's setting allows, and no
range of numbers more a minute than the workspace's rules, however many workers there are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hub.contract import utc_now
from hub.send import buckets
from hub.store.database import Row
from hub.store.ground import Ground

PREFIX = 8  # digits of a number, its country code included
_MINUTE = 60.0


@dataclass(frozen=True)
class Turn:
    """How many may go now, and when the one at place `n` behind them may."""

    room: int
    per_second: int
    now: datetime

    def due_at(self, n: int) -> datetime:
        """The second in which the n-th that waits (from 0) gets its turn."""
        return self.now + timedelta(seconds=1 + n // max(self.per_second, 1))


def take(ground: Ground, carrier: Row, channel: str, wanted: int, now: datetime) -> Turn:
    """Ask for so many sends through a carrier connection on a channel. What is granted is used
    up, sent or not."""
    per_second = whole(carrier["settings"].get("per_second"))
    if not per_second or not wanted:
        return Turn(wanted, wanted, now)
    key = f"relais:pace:{carrier['id']}:{channel}"
    room = buckets.pour(ground.settings, key, per_second, wanted, _moved(ground))
    return Turn(room, per_second, now)


def prefix_room(ground: Ground, workspace: Row, phones: Sequence[str]) -> list[bool]:
    """Which of these numbers may be sent to now: at most `prefix_per_minute` of the workspace's
    rules in any minute to numbers that begin alike. First come, first served."""
    most = whole(workspace["rules"].get("prefix_per_minute"))
    if not most:
        return [True] * len(phones)
    prefixes = [prefix_of(phone) for phone in phones]
    wanted = Counter(prefixes)
    keys = {prefix: f"relais:prefix:{workspace['id']}:{prefix}" for prefix in sorted(wanted)}
    asked = {key: wanted[prefix] for prefix, key in keys.items()}
    room = buckets.log_sends(ground.settings, asked, most, _MINUTE, _moved(ground))
    going = []
    for prefix in prefixes:
        room[keys[prefix]] -= 1
        going.append(room[keys[prefix]] >= 0)
    return going


def prefix_of(phone: str) -> str:
    """The range a number stands in: its first eight digits."""
    return phone.removeprefix("+")[:PREFIX]


def whole(setting: Any) -> int:
    """A setting as a whole number; empty, zero or unreadable means no limit."""
    return int(str(setting)) if str(setting).isdecimal() else 0


def _moved(ground: Ground) -> float | None:
    """The hub's time, where its clock is not this machine's but moved by hand."""
    now = ground.clock()
    return now.timestamp() if abs((now - utc_now()).total_seconds()) > _MINUTE else None
