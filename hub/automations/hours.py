"""Sending hours as a value, and the arithmetic on them: open at, next open; daylight saving kept.

Hours are wall-clock hours: in the hour that comes twice both passes count, and hours that a
change of clocks skips are simply not there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import count, islice
from zoneinfo import ZoneInfo

Span = tuple[int, int]  # minutes since local midnight, end exclusive, at most 1440
_SEARCHED_DAYS = 400  # own closed days not counted: however many, hours open after them
_SEARCHED_TURNS = 120  # from one zone's opening to the other's: some two months


@dataclass(frozen=True)
class Closure:
    """Days on which a merchant is closed, both ends among them, and why in a few words."""

    first: date
    last: date
    why: str = ""


@dataclass(frozen=True)
class Window:
    """Sending hours: seven days from Monday, each a tuple of spans, in the time zone `zone`.

    `holidays` (ISO 3166 country) and `subdivision` name the calendar of public holidays on which
    nothing is sent; None means that holidays count as any day. `country` is whose habits these
    are, for the words; `closed` are the merchant's own days without hours. Raises
    ValueError when no day has hours.
    """

    zone: str
    days: tuple[tuple[Span, ...], ...]
    holidays: str | None = None
    subdivision: str = ""
    country: str = ""
    closed: tuple[Closure, ...] = ()

    def __post_init__(self) -> None:
        if len(self.days) != 7 or not any(self.days):
            raise ValueError("Sending hours need at least one day with hours.")


def zone_of(window: Window, zone: str = "") -> tzinfo:
    """The person's own zone where it is known and exists, else the window's."""
    return zone_named(zone) or zone_named(window.zone) or UTC


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of that name, or None: strangers write these names."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return None


def open_at(window: Window, instant: datetime, zone: str = "") -> bool:
    """Whether a message may leave at that instant (aware); a span's end is already closed."""
    local = instant.astimezone(zone_of(window, zone))
    if holiday_on(window, local.date()) or closure_on(window, local.date()):
        return False
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in window.days[local.weekday()])


def next_open(window: Window, instant: datetime, zone: str = "") -> datetime:
    """The first instant (UTC), not before the given one, at which a message may leave."""
    if open_at(window, instant, zone):
        return instant.astimezone(UTC)
    place = zone_of(window, zone)
    first = instant.astimezone(place).date()
    days = (first + timedelta(days=ahead) for ahead in count())
    for day in islice((day for day in days if not closure_on(window, day)), _SEARCHED_DAYS):
        starts = sorted(s for s in _starts(window, day, place) if s > instant)
        found = next((s for s in starts if open_at(window, s, zone)), None)
        if found:
            return found
    raise ValueError("These sending hours never open.")


@lru_cache(maxsize=1024)
def next_open_in(window: Window, instant: datetime, zones: tuple[str, ...]) -> datetime | None:
    """The same where hours must be open in each of these zones at once; None where they have none
    in common for weeks. All of a batch leave at one instant, in a few zones: it is asked once."""
    found = instant.astimezone(UTC)
    for _ in range(_SEARCHED_TURNS):
        latest = max(next_open(window, found, zone) for zone in zones)
        if latest == found:
            return found
        found = latest
    return None


def holiday_on(window: Window, day: date) -> str:
    """The public holiday's name in its country's language, or nothing."""
    if window.holidays is None:
        return ""
    return _holidays(window.holidays, window.subdivision, day.year).get(day, "")


def closure_on(window: Window, day: date) -> Closure | None:
    """The merchant's own closing that a day falls into."""
    return next((one for one in window.closed if one.first <= day <= one.last), None)


@lru_cache(maxsize=512)
def _holidays(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    import holidays  # 3 MB that most of the web has no use for

    calendar = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    language = calendar.default_language
    return dict(
        holidays.country_holidays(
            country, subdiv=subdivision or None, years=year, language=language
        )
    )


def _starts(window: Window, day: date, zone: tzinfo) -> Iterator[datetime]:
    """Every instant of a local day at which hours may begin: spans' starts, a change of clocks."""
    midnight = datetime.combine(day, time(), zone)
    for start, _ in window.days[day.weekday()]:
        wall = midnight + timedelta(minutes=start)  # wall-clock arithmetic: same zone both sides
        yield from (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    change = _clock_change(zone, day)
    if change and change.astimezone(zone).date() == day:
        yield change


@lru_cache(maxsize=4096)
def _clock_change(zone: tzinfo, day: date) -> datetime | None:
    """The instant (UTC) within 15 hours of a day's noon at which the zone's offset changes."""
    noon = datetime.combine(day, time(12), zone).astimezone(UTC)
    before, after = noon - timedelta(hours=15), noon + timedelta(hours=15)
    offset = before.astimezone(zone).utcoffset()
    if after.astimezone(zone).utcoffset() == offset:
        return None
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
