"""How many messages a worker takes at once: as many as it can be done with in time. Of a batch that
takes longer the carrier is not called, and one that is cut off is done all over again: where the
machine is slow, or PostgreSQL away again and again, only smaller ones come through."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

MOST, LEAST = 500, 20


@dataclass
class Bite:
    """So `many` may be taken; how many there were to take is to be put into `found`."""

    many: int
    found: int = 0


@dataclass
class Appetite:
    """What one process takes; its threads share it."""

    many: int = MOST

    @contextmanager
    def bite(self, within: float) -> Iterator[Bite]:
        """One batch, to be done with `within` so many seconds. Half as many the next time where it
        is not, or fails; twice as many after a full one that is."""
        bite, since = Bite(self.many), time.monotonic()
        well = False
        try:
            yield bite
            well = time.monotonic() - since < within
        finally:
            if not well:
                self.many = max(bite.many // 2, LEAST)
            elif bite.found >= bite.many:
                self.many = min(bite.many * 2, MOST)
