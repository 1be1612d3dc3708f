"""Days on the workspace's clock: a week of them, each with where it begins and ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Day:
    """One day of the strip: how many bookings it has, and whether it is shown, or today."""

    on: date
    bookings: int
    is_shown: bool
    is_today: bool


def read(text: str, today: date) -> date:
    """The day that an address asks for; today where it names none."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if 1990 < found.year < 2200 else today


def week_of(day: date) -> list[date]:
    """The seven days from Monday that it is one of."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=n) for n in range(7)]


def edges(days: Sequence[date], zone: ZoneInfo) -> list[datetime]:
    """Where each of these days begins, and where the last ends: a day of 23 or 25 hours is one."""
    every = [*days, days[-1] + timedelta(days=1)]
    return [datetime.combine(one, time.min, zone).astimezone(UTC) for one in every]
