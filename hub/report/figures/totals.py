"""Totals: what the lines of a stretch of days come to, for all of it or for one part."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from hub.report.figures.rates import Money, Rate
from hub.store.database import Row

ARRIVED = ("delivered", "read")
Reason = tuple[str, str]  # a state, or "" of an answer; and the reason beside it
_HOW = ("code", "click", "cart")


@dataclass(frozen=True)
class Totals:
    """Counts, and why some went no further: by (state, reason), the most frequent first."""

    events: int = 0
    answers: int = 0
    agreed: int = 0
    planned: int = 0
    tried: int = 0
    sent: int = 0
    delivered: int = 0
    clicked: int = 0
    replied: int = 0
    stopped: int = 0
    bought: int = 0
    by_rcs: int = 0
    read: int = 0
    clicked_rcs: int = 0
    skipped: tuple[tuple[Reason, int], ...] = ()
    unsent: tuple[tuple[Reason, int], ...] = ()
    lost: tuple[tuple[Reason, int], ...] = ()
    money: tuple[Money, ...] = ()

    @property
    def rates(self) -> Mapping[str, Rate]:
        """Each out of what it is measured by."""
        base = self.delivered
        return {
            "delivery": Rate(self.delivered, self.sent),
            "read": Rate(self.read, self.by_rcs, measurable=self.by_rcs > 0),
            "click": Rate(self.clicked, base),
            "click_read": Rate(self.clicked_rcs, self.read, measurable=self.read > 0),
            "reply": Rate(self.replied, base),
            "conversion": Rate(self.bought, base),
            "opt_out": Rate(self.stopped, base),
        }

    @property
    def waits(self) -> int:
        """Messages that are still to go."""
        return sum(n for (state, _), n in self.unsent if state in ("scheduled", "held", "sending"))

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened at all."""
        return not (self.events or self.answers or self.planned or self.sent)

    def money_in(self, currency: str) -> Money:
        """What is counted in that currency."""
        found = (one for one in self.money if one.currency == currency)
        return next(found, Money(currency))


@dataclass
class _Adding:
    counts: Counter[str] = field(default_factory=Counter)
    skipped: Counter[Reason] = field(default_factory=Counter)
    unsent: Counter[Reason] = field(default_factory=Counter)
    lost: Counter[Reason] = field(default_factory=Counter)
    costs: dict[str, Decimal] = field(default_factory=dict)
    orders: dict[tuple[str, str], tuple[int, Decimal]] = field(default_factory=dict)

    def add(self, line: Row) -> None:
        what = line["what"]
        adder = getattr(self, f"_{what}", None)
        if adder is not None:
            adder(line)
        elif what != "compared":
            self.counts[what] += line["n"]

    def _decided(self, line: Row) -> None:
        self.counts["answers"] += line["n"]
        if line["state"] == "send":
            self.counts["agreed"] += line["n"]
        else:
            self.skipped["", line["reason"]] += line["n"]

    def _planned(self, line: Row) -> None:
        self.counts["planned"] += line["n"]
        if line["state"]:
            self.unsent[line["state"], line["reason"]] += line["n"]

    def _tried(self, line: Row) -> None:
        self.counts["tried"] += line["n"]
        self.unsent[line["state"], line["reason"]] += line["n"]

    def _sent(self, line: Row) -> None:
        n, state, rcs = line["n"], line["state"], line["channel"] == "rcs"
        self.counts["sent"] += n
        if state in ARRIVED:
            self.counts["delivered"] += n
            self.counts["by_rcs"] += n if rcs else 0
            self.counts["read"] += n if rcs and state == "read" else 0
        else:
            self.lost[state, line["reason"]] += n

    def _clicked(self, line: Row) -> None:
        self.counts["clicked"] += line["n"]
        self.counts["clicked_rcs"] += line["n"] if line["channel"] == "rcs" else 0

    def _cost(self, line: Row) -> None:
        known = self.costs.get(line["currency"], Decimal(0))
        self.costs[line["currency"]] = known + line["amount"]

    def _revenue(self, line: Row) -> None:
        key = (line["currency"], line["reason"])
        n, amount = self.orders.get(key, (0, Decimal(0)))
        self.orders[key] = (n + line["n"], amount + line["amount"])

    def money(self) -> tuple[Money, ...]:
        """By currency, the one with most in it first."""
        named = {*self.costs, *(currency for currency, _ in self.orders)} - {""}
        made = [self._in(currency) for currency in sorted(named)]
        return tuple(sorted(made, key=lambda one: one.revenue + one.cost, reverse=True))

    def _in(self, currency: str) -> Money:
        found = (
            (how, *self.orders[currency, how]) for how in _HOW if (currency, how) in self.orders
        )
        return Money(currency, self.costs.get(currency, Decimal(0)), tuple(found))


def total(lines: Iterable[Row]) -> Totals:
    """What these lines of figures come to."""
    adding = _Adding()
    for line in lines:
        adding.add(line)
    return Totals(
        **adding.counts,
        skipped=tuple(adding.skipped.most_common()),
        unsent=tuple(adding.unsent.most_common()),
        lost=tuple(adding.lost.most_common()),
        money=adding.money(),
    )
