"""Days of a workspace's own zone, periods of them, and the period to compare each with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from hub.automations.hours import zone_named
from hub.store.figures import Day

PERIODS = ("7", "30", "90", "month", "custom")
LONGEST = 366  # days


@dataclass(frozen=True)
class Period:
    """From a first day to a last one, both in it, and the days just before to compare with."""

    name: str
    first: date
    last: date
    before_first: date
    before_last: date

    @property
    def days(self) -> list[date]:
        """Each day of it."""
        return list(_each(self.first, self.last))

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def today(now: datetime, zone: str) -> date:
    """Which day it is there."""
    return now.astimezone(zone_named(zone) or UTC).date()


def bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """When a day begins there and when the next one does: 23 or 25 hours where clocks change."""
    return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)


def day_of(workspace_id: UUID, day: date, zone: str) -> Day:
    """A day with its bounds."""
    return Day(workspace_id, day, *bounds(day, zone))


def between(first: datetime, last: datetime, zone: str) -> Iterator[date]:
    """Every day there that touches this stretch."""
    return _each(today(first, zone), today(last, zone))


def period_of(name: str, last: date, first: str = "", until: str = "") -> Period:
    """The period of a name up to `last`: so many days, the month so far, or "custom" from `first`
    until `until` (ISO), the later no later than `last`. Anything else is thirty days."""
    if name == "custom" and (chosen := _chosen(first, until, last)):
        return _with_before(name, *chosen)
    if name == "month":
        return _month(last)
    days = int(name) if name in ("7", "90") else 30
    return _with_before(str(days), last - timedelta(days=days - 1), last)


def _chosen(first: str, until: str, last: date) -> tuple[date, date] | None:
    try:
        one, two = sorted((date.fromisoformat(first), date.fromisoformat(until)))
    except ValueError:
        return None
    two = min(two, last)
    one = max(min(one, two), two - timedelta(days=LONGEST - 1))
    return one, two


def _month(last: date) -> Period:
    """Beside the same days of the month before."""
    first = last.replace(day=1)
    before_last = first - timedelta(days=1)
    before_first = before_last.replace(day=1)
    same = min(before_first + timedelta(days=last.day - 1), before_last)
    return Period("month", first, last, before_first, same)


def _with_before(name: str, first: date, last: date) -> Period:
    before_last = first - timedelta(days=1)
    return Period(name, first, last, before_last - (last - first), before_last)


def _midnight(day: date, zone: str) -> datetime:
    """A midnight that a change of clocks skips is the moment of the change."""
    there = zone_named(zone) or UTC
    return datetime.combine(day, time(), there).astimezone(UTC)


def _each(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)
