"""Sending hours as they are seen: a picture of the week, what is closed, the next opening."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel import Locale
from babel.dates import format_date, get_day_names
from flask_babel import get_locale

from hub.automations import windows
from hub.automations.hours import holiday_on
from hub.automations.house_rules import marketing_window, rules_of, transactional_window
from hub.automations.presets import DAY_END
from hub.automations.rules import ANYWHERE
from hub.automations.windows import Window
from hub.store.database import Row

_AHEAD = 366  # days
_MOST = 3  # public holidays that are named


@dataclass(frozen=True)
class Hours:
    """The hours of one kind of message to one country ("*": every other). `window` None: at any
    hour. `own`: whether somebody wrote them, and may take them away."""

    country: str
    kind: str
    window: Window | None
    own: bool


def hours_of(shop: Row) -> list[Hours]:
    """All that are in force: those of every country first."""
    written = rules_of(shop).windows
    whole = [
        Hours(ANYWHERE, "marketing", marketing_window(shop, ""), False),
        Hours(ANYWHERE, "transactional", transactional_window(shop, ""),
              (ANYWHERE, "transactional") in written),
    ]  # fmt: skip
    pick = {"marketing": marketing_window, "transactional": transactional_window}
    return whole + [
        Hours(country, kind, pick[kind](shop, country), True)
        for country, kind in sorted(written)
        if country != ANYWHERE
    ]


def days_of(window: Window) -> list[tuple[str, str, list[tuple[float, float]]]]:
    """(day, hours in words, bars) from Monday; a bar is (from, width) in hundredths of the day."""
    names = get_day_names("abbreviated", locale=get_locale() or Locale("en"))
    return [
        (names[n], ", ".join(f"{_clock(a)}–{_clock(b)}" for a, b in spans),
         [(round(a * 100 / DAY_END, 2), round((b - a) * 100 / DAY_END, 2)) for a, b in spans])
        for n, spans in enumerate(window.days)
    ]  # fmt: skip


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def opening_of(window: Window, now: datetime) -> datetime | None:
    """When it opens next; None while it is open, and where it never does."""
    try:
        found = windows.next_open(window, now)
    except ValueError:
        return None
    return found if found > now else None


def holidays_of(window: Window, now: datetime) -> list[tuple[str, str]]:
    """(day, name) of the next public holidays on which nothing is sent."""
    today = now.astimezone(windows.zone_of(window)).date()
    days = (today + timedelta(n) for n in range(_AHEAD))
    found = ((day, name) for day in days if (name := holiday_on(window, day)))
    return [(_day(day), name) for (day, name), _ in zip(found, range(_MOST), strict=False)]


def _day(day: date) -> str:
    return str(format_date(day, "EEE d MMMM", locale=get_locale() or Locale("en")))


def day_names() -> list[str]:
    """The days from Monday, in the reader's language."""
    names = get_day_names("wide", locale=get_locale() or Locale("en"))
    return [names[n] for n in range(7)]
