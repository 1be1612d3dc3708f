"""Reading one raw value as what its variable declares; strangers write these values."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hub.compose.alphabet import tidy
from hub.compose.spellings import REMOVED

LONGEST_VALUE = 500  # characters
_READ_AT_MOST = 4 * LONGEST_VALUE
_MOST_DIGITS = 15  # beyond this a number is a mistake, and writing 1e999999 out fills the memory
_LONGEST_NUMBER = 40  # characters
_INVISIBLE = dict.fromkeys(map(ord, REMOVED))
_WEB_ADDRESS = re.compile(r"https?://[^\s/]\S*|[^\s:/]+\.[^\s:/]+(?:/\S*)?", re.IGNORECASE)


class Unfit(ValueError):
    """The value is not of its kind; the argument ends the sentence "The value of «x» …"."""


def clean(text: str) -> str:
    """One line of plain text, at most 500 characters: strangers' line breaks become spaces.

    Control characters, direction marks and zero-width spaces go; runs of spaces become one.
    """
    if len(text) > LONGEST_VALUE or not text.isprintable():
        visible = tidy(text[:_READ_AT_MOST].translate(_INVISIBLE))
        return " ".join(visible.split())[:LONGEST_VALUE]
    text = text.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def text_of(value: object) -> str:
    """Text, or a number written plainly (an order number may come as one)."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"{number_of(value):f}"
    raise Unfit("is not text")


def number_of(value: object) -> Decimal:
    """A finite number from an int, a float, a Decimal or plain digits."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise Unfit("is not a number")
    if isinstance(value, str) and len(value) > _LONGEST_NUMBER:
        raise Unfit("is not a number that can be written")
    try:
        number = Decimal(value if isinstance(value, Decimal) else str(value))
    except (InvalidOperation, ValueError):
        raise Unfit("is not a number") from None
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise Unfit("is not a number that can be written")
    if number == number.to_integral_value():
        return number.quantize(Decimal(1)) + 0  # no "-0"
    return number


def money_of(value: object) -> tuple[Decimal, str]:
    """Amount and currency from {"amount": "25.00", "currency": "EUR"}."""
    if not isinstance(value, Mapping):
        raise Unfit("is not an amount of money with its currency")
    currency = value.get("currency")
    if not (isinstance(currency, str) and len(currency) == 3 and currency.isalpha()):
        raise Unfit("has no currency")
    return number_of(value.get("amount")), currency.upper()


def url_of(value: object) -> str:
    """A web address whole, as a cut one leads nowhere."""
    if isinstance(value, str) and len(value) < LONGEST_VALUE and _WEB_ADDRESS.fullmatch(value):
        return value
    raise Unfit("is not a web address")


def moment_of(value: object, zone: str) -> datetime | date:
    """A moment in the zone from ISO 8601 with its offset; a bare date stays the date it is."""
    return _told(value, zone) if isinstance(value, str) else _read_moment(value, zone)


@lru_cache(maxsize=2048)
def _told(words: str, zone: str) -> datetime | date:
    """A template shows the same moment as a day and as a time."""
    return _read_moment(words, zone)


def _read_moment(value: object, zone: str) -> datetime | date:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        if isinstance(value, str) and len(value) == len("2026-03-12"):
            return date.fromisoformat(value)
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            return moment.astimezone(ZoneInfo(zone))
    except (ValueError, OverflowError):
        raise Unfit("is not a date with a time and its offset") from None
    except ZoneInfoNotFoundError:
        raise Unfit(f"cannot be shown in «{zone}», which is not a time zone") from None
    raise Unfit("is not a date with a time and its offset")
