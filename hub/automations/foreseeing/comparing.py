"""Comparing: two runs over the same events, or two texts for the same messages, held side by
side."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from hub.automations.foreseeing.foreseen import MOST_EXAMPLES, Example, Kind, Side, Words
from hub.automations.foreseeing.planned import Planned, Unsent
from hub.automations.foreseeing.run import Run
from hub.store.prices import Price

Prices = Mapping[tuple[str, str], Price]


@dataclass(frozen=True)
class Sight:
    """One side of one pair: the words that would have left, or why there are none."""

    words: Words | None
    reason: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class About:
    """What a pair is about, as an example shows it."""

    event_id: UUID | None
    message_id: UUID | None
    event: str
    occurred_at: datetime
    phone: str
    language: str
    country: str


@dataclass
class Tally:
    """Adds one side up."""

    prices: Prices
    sends: int = 0
    parts: int = 0
    micros: Counter[str] = field(default_factory=Counter)
    unpriced: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, sight: Sight, country: str) -> None:
        """One more, sent or not."""
        if sight.words is None:
            self.reasons[sight.reason] += 1
            return
        self.sends += 1
        self.parts += sight.words.parts
        channel = sight.words.channel
        price = self.prices.get((channel, country)) or self.prices.get((channel, ""))
        if price is None:
            self.unpriced += 1
        else:
            self.micros[price[1]] += price[0] * sight.words.parts

    def side(self, waiting: int = 0) -> Side:
        """What it came to."""
        costs = {currency: Decimal(m) / 10**6 for currency, m in sorted(self.micros.items())}
        reasons = dict(self.reasons.most_common())
        return Side(self.sends, self.parts, costs, self.unpriced, reasons, waiting)


@dataclass
class Differences:
    """Collects what differs, with the first examples of each kind."""

    figures: Counter[Kind] = field(default_factory=Counter)
    examples: dict[Kind, list[Example]] = field(default_factory=dict)

    def add(self, about: About, before: Sight, after: Sight) -> None:
        """One pair."""
        for kind in _kinds(before.words, after.words):
            self.figures[kind] += 1
            shown = self.examples.setdefault(kind, [])
            if len(shown) < MOST_EXAMPLES:
                why = before.sentence if kind == "more" else after.sentence
                why = why if kind in ("more", "fewer") else ""
                shown.append(
                    Example(kind, **vars(about), before=before.words, after=after.words, why=why)
                )


def _kinds(before: Words | None, after: Words | None) -> Iterable[Kind]:
    if before is None or after is None:
        if before is not after:
            yield "more" if before is None else "fewer"
        return
    if after.parts != before.parts:
        yield "longer" if after.parts > before.parts else "shorter"
    if (after.text, after.channel) != (before.text, before.channel):
        yield "reworded"
    if after.leaves != before.leaves:
        yield "moved"


@dataclass(frozen=True)
class Sides:
    """Two runs, as far as they went, held side by side."""

    before: Tally
    after: Tally
    found: Differences


def compare(before: Run | None, after: Run, prices: Prices) -> Sides:
    """The two runs; no run at all is one that sends nothing and is asked nothing."""
    sides = Sides(Tally(prices), Tally(prices), Differences())
    old: Mapping[Any, Planned | Unsent] = before.outcomes if before else {}
    for one, other in _pairs(old, after.outcomes):
        for tally, outcome in ((sides.before, one), (sides.after, other)):
            if outcome is not None:
                tally.add(_sight(outcome), outcome.country if isinstance(outcome, Planned) else "")
        about = _about(one, other)
        if about is not None:
            sides.found.add(about, _sight(one), _sight(other))
    return sides


_Pair = tuple[Planned | Unsent | None, Planned | Unsent | None]


def _pairs(
    before: Mapping[Any, Planned | Unsent], after: Mapping[Any, Planned | Unsent]
) -> Iterable[_Pair]:
    """Outcomes by the same event and step. Where one side answered another event about the same
    record or cart of the same person, that is one message which moved, and not two changes."""
    keys = list(dict.fromkeys([*before, *after]))
    pairs: list[_Pair] = [(before.get(key), after.get(key)) for key in keys]
    gone: dict[Any, list[int]] = {}
    for at, (one, other) in enumerate(pairs):
        if _is_sent(one) and not _is_sent(other):
            gone.setdefault(_matter(one), []).append(at)
    for at, (one, other) in enumerate(pairs):
        if _is_sent(other) and not _is_sent(one) and (waits := gone.get(_matter(other))):
            twin = waits.pop(0)
            pairs[at], pairs[twin] = (pairs[twin][0], other), (one, pairs[twin][1])
    return pairs


def _is_sent(outcome: Planned | Unsent | None) -> bool:
    return isinstance(outcome, Planned) and outcome.sent


def _matter(outcome: Planned | Unsent | None) -> Any:
    event = outcome.event if isinstance(outcome, Planned) else {}
    return event["phone"], event["connection_id"], event["cart"] or event["subject"]


def _sight(outcome: Planned | Unsent | None) -> Sight:
    if outcome is None:
        return Sight(None)
    if isinstance(outcome, Planned) and outcome.sent and outcome.said:
        return Sight(outcome.said.words(outcome.left_at or outcome.due_at))
    return Sight(None, outcome.reason, outcome.sentence)


def _about(one: Planned | Unsent | None, other: Planned | Unsent | None) -> About | None:
    """None where neither side planned a message: there is nothing to show."""
    planned: Sequence[Planned] = [p for p in (other, one) if isinstance(p, Planned)]
    if not planned:
        return None
    event, language = planned[0].event, planned[0].row["language"]
    when, phone = event["occurred_at"], event["phone"]
    return About(event["id"], None, event["type"], when, phone, language, planned[0].country)
