"""What the page of figures shows: stages, headlines and changes, each with its way to the log."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext

from hub.report.figures.rates import Rate
from hub.report.figures.reading import Chosen, Figures
from hub.report.figures.totals import Reason
from hub.web.pages import written
from hub.web.pages.figures.drawn import share, spark
from hub.web.pages.figures.words import reason_words

MOST_REASONS = 12


@dataclass(frozen=True)
class Why:
    """So many went no further, for this reason."""

    words: str
    n: int
    href: str


@dataclass(frozen=True)
class Stage:
    """One bar of the funnel: how many came so far, and why others did not."""

    words: str
    n: int
    before: int
    bar: float
    href: str = ""
    note: str = ""
    whys: Sequence[Why] = ()


@dataclass(frozen=True)
class Headline:
    """A large figure, what it was before, and its line over the days."""

    words: str
    value: str
    change: str
    tone: str
    was: str
    spark: str
    href: str = ""
    note: str = ""


@dataclass(frozen=True)
class Address:
    """Addresses with the same choices: of this page, and of the log for the same days."""

    figures: Figures
    chosen: Chosen
    by: str
    _kept: dict[str, str] = field(default_factory=dict)

    def page(self, path: str = "/figures", **changes: str) -> str:
        """This page, some of it otherwise; empty values are left out."""
        period = self.figures.period
        kept = {"period": period.name, "automation": self.chosen.automation,
                "template": self.chosen.template, "channel": self.chosen.channel,
                "by": self.by, **self._days()}  # fmt: skip
        if changes.get("period"):
            kept |= {"from": "", "to": ""}
        return _address(path, kept | changes)

    def log(self, **filters: str) -> str:
        """The log of these messages."""
        period, chosen = self.figures.period, self.chosen
        kept = {"automation": chosen.automation, "template": chosen.template,
                "channel": chosen.channel, "from": period.first.isoformat(),
                "to": period.last.isoformat()}  # fmt: skip
        return _address("/messages", kept | filters)

    def _days(self) -> dict[str, str]:
        period = self.figures.period
        if period.name != "custom":
            return {}
        return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def _address(path: str, values: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{query}" if query else path


def stages(found: Figures, chosen: Chosen, address: Address) -> list[Stage]:
    """From the events that arrived to the orders that came of them."""
    now, before = found.now, found.before
    made = [
        (gettext("Events that arrived"), now.events, before.events, "", (), _per_event(found))
        if not chosen else None,
        (gettext("Messages decided on"), now.planned, before.planned, address.log(),
         () if chosen.template or chosen.channel else _whys(now.skipped, address), ""),
        (gettext("Sent"), now.sent, before.sent, address.log(), _whys(now.unsent, address), ""),
        (gettext("Delivered"), now.delivered, before.delivered, address.log(state="delivered"),
         _whys(now.lost, address), ""),
        (gettext("Clicked"), now.clicked, before.clicked, "", (), ""),
        (gettext("Bought"), now.bought, before.bought, "", (), ""),
    ]  # fmt: skip
    kept = [one for one in made if one is not None]
    most = max(one[1] for one in kept)
    return [
        Stage(words, n, was, share(n, most), href, note, tuple(whys))
        for words, n, was, href, whys, note in kept
    ]


def _per_event(found: Figures) -> str:
    if not found.now.answers:
        return ""
    words = gettext(
        "Each automation answers each event for itself: %(answers)s answers, %(agreed)s times yes.",
        answers=written.number(found.now.answers),
        agreed=written.number(found.now.agreed),
    )
    return str(words)


def _whys(reasons: Iterable[tuple[Reason, int]], address: Address) -> Iterator[Why]:
    for (state, reason), n in list(reasons)[:MOST_REASONS]:
        href = address.log(state=state or "skipped", reason=reason)
        yield Why(reason_words(state, reason), n, href)


def headlines(found: Figures, address: Address) -> list[Headline]:
    """Sent, delivered, and what it brought."""
    now, before, points = found.now, found.before, found.points
    return [
        Headline(
            gettext("Messages sent"), written.number(now.sent), *grown(now.sent, before.sent),
            written.number(before.sent), spark([p.sent for p in points]), address.log(),
            _of_rcs(found),
        ),
        _delivered(found, address),
        _brought(found),
    ]  # fmt: skip


def _of_rcs(found: Figures) -> str:
    rcs = next((part.now.sent for part in found.parts["channel"] if part.name == "rcs"), 0)
    return gettext("%(number)s of them by RCS", number=written.number(rcs)) if rcs else ""


def _delivered(found: Figures, address: Address) -> Headline:
    now, before = found.now.rates["delivery"], found.before.rates["delivery"]
    note = gettext("%(count)s of %(base)s", count=written.number(now.count),
                   base=written.number(now.base))  # fmt: skip
    shares = [p.delivered / p.sent if p.sent else 0 for p in found.points]
    return Headline(
        gettext("Delivered"), share_words(now), *moved(now, before), share_words(before),
        spark(shares), address.log(state="delivered"), note if now.base else "",
    )  # fmt: skip


def _brought(found: Figures) -> Headline:
    """The money of the currency with most in it; the others in a note."""
    money = found.now.money or found.before.money
    currency = money[0].currency if money else ""
    if not currency:
        return Headline(gettext("Orders brought"), "0", "", "", "0", spark([0, 0]))
    now, before = found.now.money_in(currency), found.before.money_in(currency)
    daily = [float((p.brought or {}).get(currency, 0)) for p in found.points]
    others = [written.money(m.revenue, m.currency) for m in found.now.money[1:] if m.revenue]
    return Headline(
        gettext("Revenue brought"), written.money(_round(now.revenue), currency),
        *grown(now.revenue, before.revenue), written.money(_round(before.revenue), currency),
        spark(daily), "", gettext("and %(others)s", others=", ".join(others)) if others else "",
    )  # fmt: skip


def _round(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))


def share_words(rate: Rate) -> str:
    """A share in percent; a dash where there is none."""
    return "–" if rate.share is None else written.percent(rate.share)


def grown(now: Any, before: Any) -> tuple[str, str]:
    """How much more or less than before, and the tone it is said in."""
    if not before:
        return "", ""
    change = float(now) / float(before) - 1
    return _signed(written.percent(abs(change)), change)


def moved(now: Rate, before: Rate) -> tuple[str, str]:
    """The same of two shares, in points."""
    if now.share is None or before.share is None:
        return "", ""
    change = now.share - before.share
    points = written.number(round(abs(change) * 100, 1))
    return _signed(gettext("%(number)s points", number=points), change)


def _signed(words: str, moved: float) -> tuple[str, str]:
    if abs(moved) < 0.0005:
        return gettext("as before"), "still"
    return (f"+{words}", "up") if moved > 0 else (f"−{words}", "down")
