"""Leading: of many clocks one holds the turn. One that is cut off, stopped or stuck loses it within
seconds, whatever its machine still does, and another takes it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from hub.work.line import answers, open_line

SILENCE = 5.0  # seconds after which a leader that gives no sign of life has lost its turn
LONGEST_TICK = 120.0  # seconds in one tick after which it counts as stuck
_BEAT = 1.0


@dataclass
class Turn:
    """The turn, held: `lost` is set once it is another's to take. `ticking` says that we are not
    stuck; it must be called at each tick."""

    line: psycopg.Connection
    lost: threading.Event = field(default_factory=threading.Event)
    _ticked: float = field(default_factory=time.monotonic)

    def ticking(self) -> None:
        """A tick begins."""
        self._ticked = time.monotonic()

    def keep(self) -> None:
        """Give signs of life until the turn is lost or given back."""
        while not self.lost.wait(_BEAT):
            if time.monotonic() - self._ticked > LONGEST_TICK or not answers(self.line):
                self.lost.set()


@contextmanager
def standing_by(url: str, key: int, stop: threading.Event) -> Iterator[Turn | None]:
    """Wait for the turn under this key and hold it; None when told to stop first. Raises
    psycopg.Error when the database is away."""
    with open_line(url, "clock", silence=SILENCE, idle=SILENCE) as line:
        if not _taken(line, key, stop):
            yield None
            return
        turn = Turn(line)
        keeper = threading.Thread(target=turn.keep, daemon=True, name="turn")
        keeper.start()
        try:
            yield turn
        finally:
            turn.lost.set()
            keeper.join()  # the line must not be closed under its hands


def _taken(line: psycopg.Connection, key: int, stop: threading.Event) -> bool:
    while not stop.is_set():
        found = line.execute("SELECT pg_try_advisory_lock(%s)", (key,)).fetchone()
        if found and found[0]:
            return True
        stop.wait(_BEAT)
    return False
