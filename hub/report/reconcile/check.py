"""What a comparison is: a name, how often, one look, and what a person does about what it finds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hub.store.ground import Ground

NIGHT = 2  # o'clock, UTC


@dataclass(frozen=True)
class Finding:
    """What does not agree in one workspace: how many, and a sentence."""

    workspace_id: UUID
    found: int
    words: str


@dataclass(frozen=True)
class Check:
    """`says` is what is compared, `step` the next thing to do; `look(ground)` compares, now."""

    name: str
    says: str
    step: str
    every: timedelta
    look: Callable[[Ground], Sequence[Finding]]

    def next_after(self, now: datetime) -> datetime:
        """When it is due again; what is compared daily is compared at night."""
        if self.every < timedelta(days=1):
            return now + self.every
        night = now.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
        return night + timedelta(days=1) if night <= now else night
