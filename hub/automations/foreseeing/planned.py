"""What a run plans: messages that leave, wait or end, and why nothing was sent."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import Any
from uuid import UUID

from hub.automations.caps import Sent
from hub.automations.document import SAME
from hub.automations.facts import Facts
from hub.automations.foreseeing.texts import Said
from hub.store.database import Row

Asking = tuple[UUID, str]  # an event, and the name of the step


@dataclass(eq=False)
class Planned:
    """A message of this run. While it `waits` it may end; `said` is there once it has left, or
    would leave after the end. One that is `cancelled` leaves its once-key free, as on the road.
    `kept` are the facts of the decision that there really was, where there was one."""

    row: dict[str, Any]
    event: Row
    asking: Asking
    due_at: datetime
    country: str = ""
    waits: bool = True
    left_at: datetime | None = None
    kept: Facts | None = None
    said: Said | None = None
    cancelled: bool = False
    reason: str = ""
    sentence: str = ""

    @property
    def sent(self) -> bool:
        """Whether it left, or would."""
        return self.said is not None and not self.reason

    def counts(self) -> Sent | None:
        """As the caps see it; None where it did not come to anything."""
        if self.reason:
            return None
        return Sent(self.row["id"], self.row["kind"], self.left_at or self.due_at, self.waits)


@dataclass(frozen=True)
class Unsent:
    """An event to which nothing was sent: the reason's code, one sentence."""

    reason: str
    sentence: str


@dataclass
class WaitingRoom:
    """What waits, by when it is due and by what it is about."""

    _heap: list[tuple[datetime, int, Planned]] = field(default_factory=list)
    _about: dict[tuple[Any, ...], dict[UUID, Planned]] = field(default_factory=dict)
    _turn: Iterator[int] = field(default_factory=count)

    def enter(self, one: Planned) -> None:
        """One more, or the same again with another hour."""
        heappush(self._heap, (one.due_at, next(self._turn), one))
        for about in _abouts(one.event):
            self._about.setdefault(about, {})[one.row["id"]] = one

    def leave(self, one: Planned) -> None:
        """It waits no longer: nothing that happens can end it."""
        one.waits = False
        for about in _abouts(one.event):
            self._about.get(about, {}).pop(one.row["id"], None)

    def due(self, until: datetime) -> Iterator[Planned]:
        """What is due before then, in turn; whoever takes it sees to it."""
        while self._heap and self._heap[0][0] < until:
            due, _, one = heappop(self._heap)
            if one.waits and one.due_at == due:
                yield one

    def about(self, event: Row) -> list[Planned]:
        """What waits about the same record, cart or person."""
        found: dict[UUID, Planned] = {}
        for about in _abouts(event):
            found |= self._about.get(about, {})
        return list(found.values())

    def everybody(self) -> list[Planned]:
        """All that waits, the soonest first."""
        return [one for _, _, one in sorted(self._heap) if one.waits]


def _abouts(event: Row) -> Iterator[tuple[Any, ...]]:
    """What a message for this event is about: its record, its cart, its person."""
    for same in SAME:
        value = event["phone"] if same == "person" else event[same]
        if value:
            yield same, None if same == "person" else event["connection_id"], value
