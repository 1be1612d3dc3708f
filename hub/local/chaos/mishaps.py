"""What goes wrong at a vendor, call by call, by a seed: before the work is done or after it."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from hub.local.chaos.wire import Cut

# Before: nothing was done. After: it was done, and the caller does not hear of it.
KINDS = ("500 before", "500 after", "cut before", "cut after", "silent before", "silent after",
         "nonsense after")  # fmt: skip
TOWER_KINDS = (*KINDS, "429 before")  # not now: the other tower takes it
_SILENCE = 6.0  # seconds without an answer: longer than any deadline of a caller in chaos

Work = Callable[[], Awaitable[tuple[int, bytes]]]


@dataclass
class Mishaps:
    """Faults on a share of the calls; `met` counts them by kind."""

    seed: int = 0
    share: float = 0.0
    kinds: tuple[str, ...] = KINDS
    met: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)  # noqa: S311 - a seed must play the same again

    async def around(self, work: Work) -> tuple[int, bytes]:
        """Do the work and answer, or not, as luck has it."""
        if self._dice.random() >= self.share:
            return await work()
        kind = self._dice.choice(self.kinds)
        self.met[kind] += 1
        if kind.endswith("after"):
            await work()
        return await _fail(kind.partition(" ")[0])


async def _fail(how: str) -> tuple[int, bytes]:
    match how:
        case "429":
            return 429, b'{"message":"Slow down."}'
        case "500":
            return 500, b'{"message":"Oops."}'
        case "nonsense":
            return 200, b"<html>Welcome</html>"
        case "silent":
            await asyncio.sleep(_SILENCE)
    raise Cut("planned: no answer")
