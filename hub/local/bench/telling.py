"""How a bench speaks: lines that stay, and one live line for what goes on now."""

import time
from types import TracebackType

from rich.console import Console
from rich.status import Status

_EVERY = 5.0  # seconds between lines where there is no screen to draw on


class Teller:
    """`say(words)` writes a line, `say.now(words)` changes the live one."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self._told = 0.0

    def __call__(self, words: str) -> None:
        """A line that stays."""
        self._console.print(words, markup=False, highlight=False)

    def now(self, words: str) -> None:
        """What goes on at this moment; without a screen, a line every few seconds."""
        if self._status is not None:
            self._status.update(words)
        elif time.monotonic() - self._told > _EVERY:
            self._told = time.monotonic()
            self(f"  … {words}")

    def __enter__(self) -> "Teller":
        if self._console.is_terminal:
            self._status = Status("Starting…", console=self._console)
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None
