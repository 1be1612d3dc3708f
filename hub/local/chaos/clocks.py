"""Clocks that can be put wrong: each part of the hub reads how far its own is off from a file, and
the trial writes there."""

import mmap
import os
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from hub.contract import utc_now

PROGRAM = ("hub.local.chaos.patched", "clocks", "--")
_VARIABLE = "HUB_CHAOS_CLOCK"
_OFF = struct.Struct("d")  # seconds ahead of the true time


@dataclass(frozen=True)
class Clocks:
    """One for each part, in a folder."""

    folder: Path

    def environment(self, name: str) -> dict[str, str]:
        """What a part must be started with to have one, right at first."""
        self.put(name, 0.0)
        return {_VARIABLE: str(self._file(name))}

    def put(self, name: str, seconds: float) -> None:
        """From now on this part's clock is so far ahead, or behind."""
        file = self._file(name)
        file.touch()
        with file.open("r+b") as clock:
            clock.write(_OFF.pack(seconds))

    def _file(self, name: str) -> Path:
        return self.folder / f"clock-of-{name}"


def clock_from(file: Path) -> partial[datetime]:
    """A clock that is off by what stands in the file at that moment."""
    with file.open("r+b") as opened:
        return partial(_now, mmap.mmap(opened.fileno(), _OFF.size))


def _now(off: mmap.mmap) -> datetime:
    return utc_now() + timedelta(seconds=_OFF.unpack(off[: _OFF.size])[0])


def patch() -> None:
    """Give this process the clock that its environment names."""
    from hub import app

    clock = clock_from(Path(os.environ[_VARIABLE]))
    app.build = partial(app.build, clock=clock)
