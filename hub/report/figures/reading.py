"""Reading figures: a period beside the one before it, of all messages or of some, and its parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.report.figures.days import Period, bounds
from hub.report.figures.totals import ARRIVED, Totals, total
from hub.store import figure_days, figures
from hub.store.database import Row

_ALL: Mapping[str, Any] = {}
PARTS = ("automation", "template", "channel")


@dataclass(frozen=True)
class Chosen:
    """Which messages: by the slugs of an automation and a template, by channel; empty is any."""

    automation: str = ""
    template: str = ""
    channel: str = ""

    def __bool__(self) -> bool:
        return bool(self.automation or self.template or self.channel)


@dataclass(frozen=True)
class Point:
    """One day: messages that went on it, what became of them so far, money by currency."""

    day: date
    sent: int = 0
    delivered: int = 0
    clicked: int = 0
    brought: Mapping[str, Decimal] | None = None


@dataclass(frozen=True)
class Part:
    """One automation, template or channel: its slug, empty for messages that have none."""

    name: str
    now: Totals
    before: Totals


@dataclass(frozen=True)
class Seats:
    """Bookings of the period, by what became of each before it began."""

    all: int = 0
    freed: int = 0
    confirmed: int = 0
    moved: int = 0


@dataclass(frozen=True)
class Figures:
    """All of it. `known` are the names of parts there were, chosen or not; `lines` are the period's
    own, for comparisons; `counted_at` is when the newest day was counted, `waiting` how many days
    never were."""

    period: Period
    now: Totals
    before: Totals
    points: Sequence[Point]
    parts: Mapping[str, Sequence[Part]]
    known: Mapping[str, Sequence[str]]
    seats: Seats
    lines: Sequence[Row]
    names: Mapping[UUID, str]
    counted_at: datetime | None
    waiting: int


def read(
    db: Connection, workspace_id: UUID, zone: str, period: Period, chosen: Chosen = Chosen()
) -> Figures:
    """The figures of a period of days in this zone, of the messages chosen."""
    named = figures.names(db, workspace_id)
    names = {r["id"]: r["slug"] for r in named}
    only = _only(chosen, named)
    found = figures.sums(db, workspace_id, period.first, period.last, period.before_first)
    lines = [line for line in found if all(line[name] == it for name, it in only.items())]
    now = [line for line in lines if line["now"]]
    before = [line for line in lines if not line["now"]]
    fresh = figure_days.freshness(db, workspace_id) or {"counted_at": None, "waiting": 0}
    return Figures(
        period=period,
        now=total(now),
        before=total(before),
        points=points(db, workspace_id, period.days, only),
        parts={part: _parts(part, now, before, names) for part in PARTS},
        known={part: sorted(_by(part, found, names)) for part in PARTS},
        seats=_seats(db, workspace_id, zone, period),
        lines=now,
        names=names,
        counted_at=fresh["counted_at"],
        waiting=fresh["waiting"],
    )


def points(
    db: Connection, workspace_id: UUID, days: Sequence[date], only: Mapping[str, Any] = _ALL
) -> list[Point]:
    """One for each of these days; `only` are columns of the lines wanted."""
    found: dict[date, list[Row]] = {day: [] for day in days}
    for line in figures.days(db, workspace_id, days[0], days[-1], **only):
        found[line["day"]].append(line)
    return [_point(day, lines) for day, lines in found.items()]


def _point(day: date, lines: Iterable[Row]) -> Point:
    counts = {"sent": 0, "delivered": 0, "clicked": 0}
    brought: dict[str, Decimal] = {}
    for line in lines:
        if line["what"] == "sent" and line["state"] in ARRIVED:
            counts["delivered"] += line["n"]
        if line["what"] in counts:
            counts[line["what"]] += line["n"]
        elif line["what"] == "revenue":
            known = brought.get(line["currency"], Decimal(0))
            brought[line["currency"]] = known + line["amount"]
    return Point(day, brought=brought, **counts)


def _only(chosen: Chosen, named: Iterable[Row]) -> dict[str, Any]:
    """The columns of what was chosen; a name that nobody has is no line's."""
    ids = {(r["kind"], r["slug"]): r["id"] for r in named}
    asked: dict[str, Any] = {}
    for kind in ("automation", "template"):
        if slug := getattr(chosen, kind):
            asked[f"{kind}_id"] = ids.get((kind, slug), UUID(int=0))
    if chosen.channel:
        asked["channel"] = chosen.channel
    return asked


def _parts(
    part: str, now: Iterable[Row], before: Iterable[Row], names: Mapping[UUID, str]
) -> list[Part]:
    """Parts of which anything was planned or sent, those that sent most first."""
    ours, theirs = _by(part, now, names), _by(part, before, names)
    found = [
        Part(name, total(ours.get(name, ())), total(theirs.get(name, ())))
        for name in {*ours, *theirs}
    ]
    return sorted(found, key=lambda one: (-one.now.sent, -one.now.planned, one.name))


def _by(part: str, lines: Iterable[Row], names: Mapping[UUID, str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for line in lines:
        if line["what"] in ("events", "compared") or (
            line["what"] == "decided" and part != PARTS[0]
        ):
            continue
        key = line["channel"] if part == "channel" else names.get(line[f"{part}_id"], "")
        found.setdefault(key, []).append(line)
    return found


def _seats(db: Connection, workspace_id: UUID, zone: str, period: Period) -> Seats:
    since, until = bounds(period.first, zone)[0], bounds(period.last, zone)[1]
    found = figures.bookings(db, workspace_id, since, until)
    freed = [r for r in found if r["state"] == "cancelled" or r["answer"] == "declined"]
    stands = [r for r in found if r not in freed]
    return Seats(
        all=sum(r["n"] for r in found),
        freed=sum(r["n"] for r in freed),
        confirmed=sum(r["n"] for r in stands if r["answer"] == "confirmed"),
        moved=sum(r["n"] for r in stands if r["answer"] == "postponed"),
    )
