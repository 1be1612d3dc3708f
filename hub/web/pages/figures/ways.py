"""The page of figures, and the same as a file."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from flask_babel import gettext

from hub.report.cells import as_csv
from hub.report.figures import comparing
from hub.report.figures.days import PERIODS, Period, period_of, today
from hub.report.figures.reading import PARTS, Chosen, Figures, read
from hub.report.figures.totals import total
from hub.store.database import Row
from hub.web.pages import written
from hub.web.pages.figures import drawn, words
from hub.web.pages.figures.view import Address, headlines, share_words, stages
from hub.web.pages.visits import Visit
from hub.web.pages.wings import File, Shown, Wing

wing = Wing("figures")

_HEADER = (
    "from", "to", "automation", "template", "channel", "wording", "sent", "delivered", "read",
    "clicked", "replied", "opted out", "brought an order", "orders", "cost", "revenue", "currency",
)  # fmt: skip


@wing.way("GET /figures", may="see")
def page(visit: Visit) -> Shown:
    """A period beside the one before it."""
    found, chosen = _read(visit)
    by = visit.args.get("by", "")
    by = by if by in PARTS else PARTS[0]
    address = Address(found, chosen, by)
    values = {
        "here": "/figures", "found": found, "chosen": chosen, "by": by, "address": address,
        "period": found.period, "headlines": headlines(found, address),
        "stages": stages(found, chosen, address), "words": words, "share_words": share_words,
        "uplifts": comparing.uplifts(found.lines, found.names),
        "trials": comparing.trials(found.lines, found.names),
        "seat_rates": words.seat_rates(found.seats),
        "lines": _lines(found), "size": (drawn.WIDTH, drawn.HEIGHT),
        "form": _form(found.period, chosen), "choices": _choices(found),
        "chips": _chips(found.period, chosen, address), "channels": _by_channel(found),
        "is_new": found.now.is_empty and found.before.is_empty and not chosen,
    }  # fmt: skip
    return Shown("figures/page.html", values)


@wing.way("GET /figures.csv", may="see")
def export(visit: Visit) -> File:
    """The period as rows, one for each automation, template, channel, wording and currency."""
    found, _ = _read(visit)
    period = found.period
    name = quote(f"figures-{period.first}-{period.last}.csv")
    return File(name, "text/csv", as_csv(_HEADER, _cells(found)))


def _read(visit: Visit) -> tuple[Figures, Chosen]:
    args, zone = visit.args, str(written.zone())
    last = today(written.now(), zone)
    days = (args.get("from", ""), args.get("to", ""))
    period = period_of("custom" if all(days) else args.get("period", ""), last, *days)
    chosen = Chosen(
        args.get("automation", ""), args.get("template", ""), args.get("channel", "")
    )  # fmt: skip
    with visit.begin() as db:
        return read(db, visit.workspace_id, zone, period, chosen), chosen


def _form(period: Period, chosen: Chosen) -> dict[str, str]:
    days = period.name == "custom"
    return {
        "automation": chosen.automation, "template": chosen.template, "channel": chosen.channel,
        "from": period.first.isoformat() if days else "",
        "to": period.last.isoformat() if days else "",
    }  # fmt: skip


def _choices(found: Figures) -> dict[str, list[tuple[str, str]]]:
    """What there is to choose among: whatever anything was planned by, now or before."""
    kept = {
        part: [(name, words.part_words(part, name)) for name in names if name]
        for part, names in found.known.items()
    }
    return {part: [("", gettext("All")), *named] for part, named in kept.items()}


def _chips(period: Period, chosen: Chosen, address: Address) -> list[tuple[str, str, str]]:
    labels = {
        "automation": gettext("Automation"), "template": gettext("Template"),
        "channel": gettext("Channel"),
    }  # fmt: skip
    found = [
        (labels[part], words.part_words(part, value), address.page(**{part: ""}))
        for part in PARTS
        if (value := getattr(chosen, part))
    ]
    if period.name == PERIODS[-1]:
        days = f"{period.first.isoformat()} – {period.last.isoformat()}"
        found.append((gettext("Days"), days, address.page(period="30")))
    return found


def _lines(found: Figures) -> list[tuple[str, str, str]]:
    """Each line over time: its name in the style sheet, its words, its points."""
    points = found.points
    named = (("sent", gettext("Sent")), ("delivered", gettext("Delivered")),
             ("clicked", gettext("Clicked")))  # fmt: skip
    most = max((p.sent for p in points), default=0)
    return [
        (name, said, drawn.line([getattr(p, name) for p in points], most)) for name, said in named
    ]


def _by_channel(found: Figures) -> list[Any]:
    """SMS and RCS, where there is something of both."""
    kept = [one for one in found.parts["channel"] if one.now.sent and one.name in words.CHANNELS]
    return kept if len(kept) > 1 else []


def _cells(found: Figures) -> Iterator[tuple[Any, ...]]:
    by: dict[tuple[str, ...], list[Row]] = {}
    for line in found.lines:
        if line["template_id"] is not None:
            named = (found.names.get(line[one], "") for one in ("automation_id", "template_id"))
            by.setdefault((*named, line["channel"], line["variant"]), []).append(line)
    for key in sorted(by):
        yield from _rows(found.period, key, by[key])


def _rows(period: Period, key: tuple[str, ...], lines: list[Row]) -> Iterator[tuple[Any, ...]]:
    """Counts stand in the first currency's row alone, so that a column adds up."""
    sums = total(lines)
    days = (period.first.isoformat(), period.last.isoformat())
    counts: tuple[Any, ...] = (sums.sent, sums.delivered, sums.read, sums.clicked, sums.replied,
                               sums.stopped, sums.bought)  # fmt: skip
    if not sums.money:
        yield (*days, *key, *counts, 0, 0, 0, "")
    for money in sums.money:
        yield (*days, *key, *counts, money.orders, money.cost, money.revenue, money.currency)
        counts = ("",) * len(counts)
