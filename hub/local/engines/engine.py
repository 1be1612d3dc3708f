"""One server process of ours: start it, know that it answers, notice its death, end it."""

import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.local.engines import process
from hub.local.engines.damage import Damaged
from hub.local.engines.folder import EngineError
from hub.local.engines.privileges import REFUSED

_TICK = 0.02
# A large database that was killed may read its log for minutes before it answers.
_PATIENCE_TO_ANSWER = 300.0
_PATIENCE_TO_BE_FREE = 20.0
_PORT_TAKEN = ("Address already in use", "Address in use")


@dataclass(frozen=True)
class Recipe:
    """All that differs between PostgreSQL and Valkey."""

    name: str
    log: Path
    command: Callable[[int], list[str]]  # port -> command line
    settings: Callable[[int], str]  # port -> standard input, where secrets do not show in `ps`
    answers: Callable[[int], bool]
    clear: Callable[[], None]  # ends what an earlier owner left
    stops: process.Stops
    passing: tuple[str, ...] = ()  # refusals in the log that pass by themselves
    damage: tuple[str, ...] = ()  # refusals that say that its files are damaged


class Engine:
    """A running server. `restart_if_dead` and `stop` belong to one thread at a time."""

    def __init__(self, recipe: Recipe, port: int, ports: Iterator[int]) -> None:
        self.port = port
        self._recipe = recipe
        self._ports = ports
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The server's process number; None when it is not running."""
        running = self._process is not None and self._process.poll() is None
        return self._process.pid if running and self._process else None

    def start(self) -> None:
        """Start and wait for the first answer; `port` changes if another program has taken it.

        EngineError when it cannot start.
        """
        self._recipe.clear()
        deadline = time.monotonic() + _PATIENCE_TO_BE_FREE
        while (refusal := self._try_start()) is not None:
            if any(words in refusal for words in _PORT_TAKEN):
                self.port = next(self._ports)
            elif not any(words in refusal for words in self._recipe.passing):
                raise self._failed(refusal)
            if time.monotonic() > deadline:
                raise self._failed(refusal)
            time.sleep(_TICK)

    def restart_if_dead(self) -> bool:
        """Start it again if it died without `stop`; True when it did. EngineError if it cannot."""
        if self._process is None or self._process.poll() is None:
            return False
        self.start()
        return True

    def stop(self) -> None:
        """End it in good order, harder when it does not listen; harmless when it is not running."""
        if self._process is not None:
            process.stop(self._process, self._recipe.stops)
            self._process = None

    def _try_start(self) -> str | None:
        """None once it answers, else what the log says about why it stopped."""
        recipe = self._recipe
        before = recipe.log.stat().st_size if recipe.log.exists() else 0
        command, settings = recipe.command(self.port), recipe.settings(self.port)
        self._process = process.start(command, recipe.log, settings)
        deadline = time.monotonic() + _PATIENCE_TO_ANSWER
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                return _read_from(recipe.log, before)
            if recipe.answers(self.port):
                return None
            time.sleep(_TICK)
        self.stop()
        return "it did not answer in five minutes"

    def _failed(self, refusal: str) -> EngineError:
        why = why_it_stopped(refusal)
        words = f"{self._recipe.name} cannot start: {why}. See {self._recipe.log}."
        damaged = any(sign in refusal for sign in self._recipe.damage)
        return Damaged(words) if damaged else EngineError(words)


def why_it_stopped(words: str) -> str:
    """The one line of a program's last words that says most, without its full stop."""
    lines = words.strip().splitlines() or ["it said nothing"]
    telling = [line for line in lines if "FATAL" in line or line.startswith(REFUSED)]
    return (telling or lines)[-1].removeprefix(REFUSED).strip().rstrip(".")


def _read_from(log: Path, offset: int) -> str:
    with log.open("rb") as file:
        # The log may have been put aside and begun anew.
        file.seek(offset if offset <= log.stat().st_size else 0)
        return file.read().decode(errors="replace")
