"""One call for each of many, several at a time, inside one deadline."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from hub.contract import ConnectorError, Unavailable
from hub.contract.outbound import as_here

WORKERS = 16

_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")


@dataclass(eq=False)
class NotTried(Unavailable):
    """Its turn did not come: the time was up, or an answer before it held for all."""

    words: str = "Google stopped answering before this one's turn: it was not tried yet."
    reached: bool = False


@dataclass
class _Round:
    seconds: float
    ends: float
    over: bool = False

    def left(self) -> float:
        """Seconds for the next call, half of the whole time at least; 0 where none may start."""
        left = self.ends - time.monotonic()
        return 0.0 if self.over or left < self.seconds / 2 else left


def in_turn(
    seconds: float, items: Sequence[_Item], call: Callable[[_Item, float], _Answer]
) -> list[_Answer | ConnectorError]:
    """`call(item, seconds)` for each item, in their order; what it raises stands in its place.

    A ConnectorError is one that holds for all: no further call starts, and NotTried stands in the
    places of the rest.
    """
    turns = _Round(seconds, time.monotonic() + seconds)

    def one(item: _Item) -> _Answer | ConnectorError:
        left = turns.left()
        if not left:
            return NotTried()
        try:
            return call(item, left)
        except ConnectorError as error:
            turns.over = True
            return error

    with ThreadPoolExecutor(min(WORKERS, len(items)) or 1, "google-rcs") as pool:
        return list(pool.map(as_here(one), items))


def first_error(found: Sequence[object]) -> ConnectorError | None:
    """The error that ended a round, where one did; else that a turn did not come."""
    errors = [one for one in found if isinstance(one, ConnectorError)]
    tried = (one for one in errors if not isinstance(one, NotTried))
    return next(tried, errors[0] if errors else None)
