"""What the simulated bind remembers of each message, so that it can be asked and answered."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from hub.contract import Outgoing


@dataclass
class Carried:
    """One message that was taken: the operator's id, where the hub wants to be told, its state."""

    message: Outgoing
    name: str
    hook_url: str
    state: str = "sent"


@dataclass
class Memory:
    """Messages by reference; the same reference again is one more message."""

    _all: list[Carried] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, message: Outgoing, hook_url: str) -> Carried:
        """Give the message an id and remember it."""
        with self._lock:
            made = Carried(message, f"{0x51F0 + len(self._all):08x}", hook_url)
            self._all.append(made)
            return made

    def under(self, reference: str) -> Carried | None:
        """The last message under this reference."""
        return next((one for one in self._newest() if one.message.reference == reference), None)

    def last_to(self, number: str) -> Carried:
        """The last message to this phone. Raises LookupError where there was none."""
        wanted = f"+{number.removeprefix('+')}"
        found = next((one for one in self._newest() if one.message.to.e164 == wanted), None)
        if found is None:
            raise LookupError("No message went to this phone yet.")
        return found

    def _newest(self) -> Iterator[Carried]:
        with self._lock:
            return reversed(tuple(self._all))
