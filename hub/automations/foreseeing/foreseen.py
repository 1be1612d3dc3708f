"""What was foreseen: before and after, side by side, with examples; and how large a change is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

Kind = Literal["more", "fewer", "longer", "shorter", "reworded", "moved"]
MOST_EXAMPLES = 10


@dataclass(frozen=True)
class Words:
    """One message as it would leave: `parts` are what is paid for (an RCS message is one); where it
    could not be written, `problem` is the sentence that says why."""

    text: str
    parts: int
    encoding: str
    channel: str
    leaves: datetime
    problem: str = ""


@dataclass(frozen=True)
class Side:
    """What one of the two came to. `sends` would have left, `waiting` of them only after the end of
    what was looked at; `unpriced` of them have no price that is known. `reasons` say of how many
    events nothing came, by the codes of decisions."""

    sends: int = 0
    parts: int = 0
    costs: Mapping[str, Decimal] = field(default_factory=dict)
    unpriced: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    waiting: int = 0


@dataclass(frozen=True)
class Example:
    """One difference: an event, or a message (of a template), with what it would have been on
    either side. `phone` is the person's token; `why` one sentence, where there is one to say."""

    kind: Kind
    event_id: UUID | None
    message_id: UUID | None
    event: str
    occurred_at: datetime
    phone: str
    language: str
    country: str
    before: Words | None
    after: Words | None
    why: str = ""


@dataclass(frozen=True)
class Foreseen:
    """The answer. `read` events (or messages) between `since` and `until` were looked at; `whole`
    is False where that is less than was asked for, at a limit. A message counts once in each of
    the figures that it belongs to: it may be both longer and moved."""

    what: Literal["automation", "template"]
    slug: str
    since: datetime
    until: datetime
    read: int
    whole: bool
    seconds: float
    before: Side
    after: Side
    figures: Mapping[Kind, int]
    examples: Mapping[Kind, tuple[Example, ...]]

    @property
    def more(self) -> int:
        """Sends that only the changed one makes."""
        return self.figures.get("more", 0)

    @property
    def fewer(self) -> int:
        """Sends that only the present one makes."""
        return self.figures.get("fewer", 0)

    @property
    def longer(self) -> int:
        """Messages that take more parts."""
        return self.figures.get("longer", 0)

    @property
    def shorter(self) -> int:
        """Messages that take fewer parts."""
        return self.figures.get("shorter", 0)

    @property
    def reworded(self) -> int:
        """Messages that say something else, or by another channel."""
        return self.figures.get("reworded", 0)

    @property
    def moved(self) -> int:
        """Messages that leave at another time, or for another event about the same."""
        return self.figures.get("moved", 0)

    @property
    def changes(self) -> int:
        """How many people would have noticed by getting something, or nothing."""
        return self.more + self.fewer

    @property
    def nothing(self) -> bool:
        """Whether nothing at all would have been different."""
        return not any(self.figures.values()) and self.before == self.after

    @property
    def reasons(self) -> tuple[tuple[str, int, int], ...]:
        """Why nothing was sent, where the two differ: (reason, before, after), the largest
        difference first."""
        names = {*self.before.reasons, *self.after.reasons}
        old, new = self.before.reasons, self.after.reasons
        found = [(name, old.get(name, 0), new.get(name, 0)) for name in sorted(names)]
        return tuple(sorted((r for r in found if r[1] != r[2]), key=lambda r: -abs(r[2] - r[1])))

    @property
    def cost_change(self) -> dict[str, Decimal]:
        """How much more it costs, by currency; less than nothing where it costs less."""
        names = sorted({*self.before.costs, *self.after.costs})
        old, new, none = self.before.costs, self.after.costs, Decimal(0)
        return {name: new.get(name, none) - old.get(name, none) for name in names}


@dataclass(frozen=True)
class Limits:
    """How large a change may be before somebody must say to have seen it: `share` percent of what
    is sent now, or `sends` messages."""

    share: int = 20
    sends: int = 100

    @classmethod
    def of(cls, shop: Mapping[str, Any]) -> "Limits":
        """A workspace's own."""
        return cls(shop["tick_share"], shop["tick_sends"])


def needs_tick(foreseen: Foreseen, limits: "Limits | Mapping[str, Any]") -> bool:
    """Whether so much would change that publishing it needs a tick; `limits` may be a workspace's
    row. What counts is who gets something or nothing, and whose message takes more parts."""
    own = limits if isinstance(limits, Limits) else Limits.of(limits)
    size = foreseen.changes + foreseen.longer
    return size > own.sends or size * 100 > own.share * max(foreseen.before.sends, 1)
