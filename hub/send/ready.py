"""What becomes of a claimed message before its carrier is called: ready to go, or stopped here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hub.send.routing import Route
from hub.store.database import Row


class Judgement(Protocol):
    """The last word before sending: send, hold until `due_at`, or skip for a reason."""

    @property
    def action(self) -> str: ...

    @property
    def reason(self) -> str: ...

    @property
    def sentence(self) -> str: ...

    @property
    def due_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Stop:
    """A judgement of our own: what keeps a message here although it may go."""

    action: str
    reason: str
    sentence: str
    due_at: datetime | None = None


@dataclass(frozen=True)
class Ready:
    """A claimed message with its text, its carrier and the fence of this attempt."""

    row: Row
    route: Route
    text: str
    encoding: str
    parts: int
    sender: str
