"""Stop: the sender's own judgement on a message that may go, but not now or not this way."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Stop:
    """What keeps a message here although it may go: hold until `due_at`, or skip."""

    action: str
    reason: str
    sentence: str
    due_at: datetime | None = None
