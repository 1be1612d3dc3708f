"""Money, days and what is left of them, in the words of a page. A page has the whole alphabet, so
unlike a text message it keeps every accent and sign as the language writes it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.numbers import format_currency, format_percent

from hub.compose.formats import locale_of
from hub.web.landing.words import words

Unit = Literal["minute", "hour", "day"]
_LONG = 10_000  # so many units before the next larger one is used: never


@dataclass(frozen=True)
class Tongue:
    """A language, the zone whose clock is meant, and the present moment."""

    language: str
    zone: str
    now: datetime

    @property
    def locale(self) -> Locale:
        """The language's writing habits."""
        return locale_of(self.language)

    def local(self, moment: datetime) -> datetime:
        """The moment on the zone's clock."""
        try:
            return moment.astimezone(ZoneInfo(self.zone))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return moment

    def say(self, name: str, **filled: object) -> str:
        """One of the page's own words, filled in."""
        return words(self.language)[name].format(**filled)

    def money(self, amount: Decimal, currency: str) -> str:
        """ "1 234,50 €"."""
        return format_currency(amount, currency, locale=self.locale)

    def percent(self, value: Decimal) -> str:
        """ "20 %" of 20."""
        return format_percent(value / 100, locale=self.locale, decimal_quantization=False)

    def time(self, moment: datetime) -> str:
        """ "18:30"."""
        return format_time(self.local(moment).time(), "short", locale=self.locale)

    def day(self, moment: datetime) -> str:
        """ "Friday, June 12"."""
        there = self.local(moment)
        day = format_skeleton("MMMMd", there, locale=self.locale)
        return self.say("date", weekday=self._weekday(there), day=day)

    def _weekday(self, there: datetime) -> str:
        return format_date(there, "EEEE", locale=self.locale)

    def deadline(self, end: datetime) -> str:
        """ "Until Friday 18:30, 3 hours left": rounded down, so that it never promises more."""
        count, unit = _span(end - self.now)
        left = self._many(count, unit)
        form = "left_one" if count == 1 else "left_other"
        return self.say(form, until=self._until(end), span=left.replace(" ", "\xa0"))

    def _until(self, end: datetime) -> str:
        there, here = self.local(end), self.local(self.now)
        days = _days(here, there)
        if days <= 1:
            return self.say("until_tomorrow" if days else "until_today", time=self.time(end))
        if days < 7:
            weekday = self._weekday(there)
            return self.say("until_weekday", weekday=weekday, time=self.time(end))
        return self.say("until_day", day=format_skeleton("MMMMd", there, locale=self.locale))

    def ahead(self, start: datetime) -> str:
        """ "In 3 hours", "Tomorrow", "In 3 Tagen": days are those of the calendar."""
        days = _days(self.local(self.now), self.local(start))
        if days == 1:
            return self.say("tomorrow")
        count, unit = _span(start - self.now)
        if days:
            count, unit = days, "day"
        there = self._many(count, unit, direction=True)
        return there[:1].upper() + there[1:]

    def _many(self, count: int, unit: Unit, direction: bool = False) -> str:
        span = timedelta(**{f"{unit}s": count})
        return format_timedelta(
            span, unit, threshold=_LONG, add_direction=direction, locale=self.locale
        )


def _days(here: datetime, there: datetime) -> int:
    return (there.date() - here.date()).days


def _span(left: timedelta) -> tuple[int, Unit]:
    """The largest unit of which there are at least two, rounded down; at least a minute."""
    minutes = int(left.total_seconds() // 60)
    if minutes < 120:
        return max(minutes, 1), "minute"
    hours = minutes // 60
    return (hours, "hour") if hours < 48 else (hours // 24, "day")
