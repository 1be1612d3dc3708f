"""How times, lists and strangers' values are written in the sentences a merchant reads."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale

from hub.contract import VOCABULARY, Money, Phone

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_PHONE = re.compile(r"\+\d{8,15}\b")
_LONGEST = 60  # characters of a value in a sentence


def duration(span: timedelta | int) -> str:
    """A length of time: minutes, or hours, or days where they come out even ("45 minutes")."""
    minutes = span if isinstance(span, int) else round(span.total_seconds() / 60)
    if minutes and minutes % 1440 == 0 and minutes > 1440:
        return _count(minutes // 1440, "day")
    hours, rest = divmod(minutes, 60)
    parts = [_count(hours, "hour")] * bool(hours) + [_count(rest, "minute")] * bool(rest)
    return " ".join(parts) or "0 minutes"


def day(instant: datetime) -> str:
    """«Tuesday 14 July», in the zone the instant is in."""
    return f"{WEEKDAYS[instant.weekday()]} {instant.day} {_MONTHS[instant.month - 1]}"


def moment(instant: datetime, zone: tzinfo) -> str:
    """«Wednesday 15 July at 08:00 in Paris»."""
    try:
        local = instant.astimezone(zone)
    except OverflowError:  # strangers write dates: year 1, year 9999
        return instant.isoformat()
    return f"{day(local)} at {local.hour:02}:{local.minute:02} in {place(zone)}"


@lru_cache(maxsize=1024)
def place(zone: tzinfo) -> str:
    """The town of a zone: «Paris» for Europe/Paris."""
    return str(zone).rsplit("/", 1)[-1].replace("_", " ")


def country_name(country: str) -> str:
    """«France» for FR."""
    return str(Locale("en").territories.get(country, country))


def happening(event_type: str) -> str:
    """What a type of event says, to be put after a conjunction: «a cart was left …»."""
    kind = VOCABULARY.get(event_type)
    if kind is None:
        return f"{event_type} came"
    return kind.says[:1].lower() + kind.says[1:].rstrip(".")


def listed(words: Iterable[str], last: str = "or") -> str:
    """«a, b or c»."""
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end


def shown(value: Any) -> str:
    """A value for a sentence: short, money with its currency, whole phone numbers masked."""
    match value:
        case Money():
            return f"{value.amount} {value.currency}"
        case {"amount": amount, "currency": currency}:
            return _brief(f"{amount} {currency}")
        case list() | tuple():
            return _brief(", ".join(shown(v) for v in value[:10])) or "empty"
        case {"name": str(name)}:
            return _quoted(name)
        case bool() | int() | float() | Decimal() | None:
            return _brief(str(value).lower())
        case _:
            return _quoted(str(value))


def masked(text: str) -> str:
    """The text with every whole phone number in it masked."""
    if "+" not in text:
        return text
    return _PHONE.sub(lambda found: Phone(found.group()).masked, text)


def _quoted(text: str) -> str:
    return f"«{_brief(text)}»"


def _brief(text: str) -> str:
    line = " ".join(masked(text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
