"""The week in three figures, for Home: sent, delivered, and what it brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection

from hub.report.figures.days import bounds, today
from hub.report.figures.rates import Rate
from hub.report.figures.reading import Point, points
from hub.store import figures

_DAYS = 7


@dataclass(frozen=True)
class Week:
    """The last seven days in the workspace's zone, today among them, and the seven before.

    `brought` is money in `currency`, or where no order ever came of a message, seats that people
    confirmed. `daily` has fourteen points, oldest first: sent, delivered and `brought` of each day
    in `daily_brought` (of money only; empty for seats).
    """

    sent: int
    sent_before: int
    delivered: Rate
    delivered_before: Rate
    kind: Literal["money", "seats"]
    currency: str
    brought: Decimal
    brought_before: Decimal
    daily: Sequence[Point]
    daily_brought: Sequence[Decimal]


def week(db: Connection, workspace_id: UUID, now: datetime, zone: str, currency: str) -> Week:
    """The week up to now; `currency` is the workspace's, for where there is no money yet."""
    last = today(now, zone)
    days = [last - timedelta(days=n) for n in range(2 * _DAYS - 1, -1, -1)]
    daily = points(db, workspace_id, days)
    before, ours = daily[:_DAYS], daily[_DAYS:]
    named = _main(daily) or currency
    daily_brought = [(point.brought or {}).get(named, Decimal(0)) for point in daily]
    brought = [sum(daily_brought[:_DAYS], Decimal(0)), sum(daily_brought[_DAYS:], Decimal(0))]
    seats = [Decimal(0), Decimal(0)]
    if not any(brought):
        seats = [
            _confirmed(db, workspace_id, zone, days[0], days[_DAYS - 1]),
            _confirmed(db, workspace_id, zone, days[_DAYS], last),
        ]
    as_seats = any(seats)
    return Week(
        sent=sum(p.sent for p in ours),
        sent_before=sum(p.sent for p in before),
        delivered=_rate(ours),
        delivered_before=_rate(before),
        kind="seats" if as_seats else "money",
        currency=named,
        brought=(seats if as_seats else brought)[1],
        brought_before=(seats if as_seats else brought)[0],
        daily=daily,
        daily_brought=() if as_seats else daily_brought,
    )


def _main(daily: Sequence[Point]) -> str:
    """The currency that most came in."""
    sums: dict[str, Decimal] = {}
    for point in daily:
        for currency, amount in (point.brought or {}).items():
            sums[currency] = sums.get(currency, Decimal(0)) + amount
    return max(sums, key=lambda one: sums[one], default="")


def _rate(days: Sequence[Point]) -> Rate:
    return Rate(sum(p.delivered for p in days), sum(p.sent for p in days))


def _confirmed(db: Connection, workspace_id: UUID, zone: str, first: date, last: date) -> Decimal:
    since, until = bounds(first, zone)[0], bounds(last, zone)[1]
    found = figures.bookings(db, workspace_id, since, until)
    kept = (r["n"] for r in found if r["state"] == "booked" and r["answer"] == "confirmed")
    return Decimal(sum(kept))
