"""Money, numbers, dates and plurals as each language writes them, in cheap characters."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency, format_decimal, get_currency_symbol

from hub.compose.alphabet import is_gsm, transliterate
from hub.compose.values import Unfit


@lru_cache(maxsize=256)
def locale_of(language: str) -> Locale:
    """The writing habits of "fr", "fr-CA" or "en_GB"; English where the language is unknown."""
    whole = language.replace("-", "_")
    for tag in (whole, whole.split("_")[0]):
        try:
            return Locale.parse(tag)
        except (ValueError, UnknownLocaleError):
            continue
    return Locale.parse("en")


@lru_cache(maxsize=8192)
def money(amount: Decimal, currency: str, language: str) -> str:
    """ "25,00 €" in French; a symbol that is not GSM-7 gives way to its code, "INR 25.00"."""
    locale = locale_of(language)
    text = transliterate(format_currency(amount, currency, locale=locale))
    symbol = transliterate(get_currency_symbol(currency, locale))
    if is_gsm(text) or is_gsm(symbol):
        return text
    return " ".join(text.replace(symbol, f" {currency} ").split())


@lru_cache(maxsize=8192)
def number(amount: Decimal, language: str) -> str:
    """ "1 234,5" in French."""
    return transliterate(format_decimal(amount, locale=locale_of(language)))


def day(moment: date, language: str) -> str:
    """The day of the year, "12 mars", "March 12"; without the year, which a reader knows."""
    return _day(moment.month, moment.day, language)


@lru_cache(maxsize=4096)
def _day(month: int, number: int, language: str) -> str:
    leap = date(2000, month, number)  # a year that has every day
    return transliterate(format_skeleton("MMMMd", leap, locale=locale_of(language)))


def weekday(moment: date, language: str) -> str:
    """ "jeudi", "Thursday"."""
    return _weekday(moment.weekday(), language)


@lru_cache(maxsize=256)
def _weekday(number: int, language: str) -> str:
    monday_first = date(2024, 1, 1 + number)
    return transliterate(format_date(monday_first, "EEEE", locale=locale_of(language)))


def time(moment: date, language: str) -> str:
    """ "14:30", "2:30 PM". A date without a time of day has none to show."""
    if not isinstance(moment, datetime):
        raise Unfit("is a day without a time")
    return _time(moment.hour, moment.minute, language)


@lru_cache(maxsize=4096)
def _time(hour: int, minute: int, language: str) -> str:
    wall = datetime(2000, 1, 1, hour, minute)  # noqa: DTZ001 (a face of the clock, no moment)
    return transliterate(format_time(wall.time(), "short", locale=locale_of(language)))


def moment(instant: date, language: str) -> str:
    """Day and time, "12 mars, 14:30"."""
    if not isinstance(instant, datetime):
        return day(instant, language)
    return f"{day(instant, language)}, {time(instant, language)}"


@lru_cache(maxsize=4096)
def is_one(amount: Decimal, language: str) -> bool:
    """Whether the language speaks of this amount in the singular (French does for 0 and 1.5)."""
    return bool(locale_of(language).plural_form(abs(amount)) == "one")
