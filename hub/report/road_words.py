"""How the road writes times, money, languages and phones for a merchant."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.numbers import get_currency_symbol

from hub.contract import VOCABULARY, Phone
from hub.store.database import Row

_PHONE = re.compile(r"\+\d{8,15}\b")
_LONGEST = 120  # characters of a stranger's value
_SUMS = ("refund_amount", "order_total", "cart_total")


@dataclass(frozen=True)
class Times:
    """Writes instants in the workspace's zone; the date only when it is not today's."""

    zone: str
    now: datetime

    def at(self, instant: datetime) -> str:
        """«at 14:02:07», or «on 9 June 2026 at 14:02:07»."""
        local, today = self._local(instant), self._local(self.now)
        clock = f"at {local:%H:%M:%S}"
        same = local.date() == today.date()
        return clock if same else f"on {local.day} {local:%B %Y} {clock}"

    def _local(self, instant: datetime) -> datetime:
        try:
            return instant.astimezone(ZoneInfo(self.zone))
        except (ZoneInfoNotFoundError, ValueError, OverflowError):
            return instant.astimezone(UTC)


def took(began: datetime, ended: datetime) -> str:
    """«in 12 ms», «in 3.2 s»."""
    seconds = max((ended - began).total_seconds(), 0.0)
    return f"in {round(seconds * 1000)} ms" if seconds < 1 else f"in {seconds:.1f} s"


def masked_in(text: str) -> str:
    """The text with every whole phone number in it masked."""
    return _PHONE.sub(lambda found: Phone(found.group()).masked, text)


def language(code: str) -> str:
    """«French» for fr."""
    short = code[:2].lower()
    return str(Locale("en").languages.get(short, code))


def place(connection: Row | None) -> str:
    """A connection as a merchant knows it: «shop.example.com» (its connector)."""
    if connection is None:
        return "a connection that is gone"
    return f"«{connection['label'] or connection['connector']}» ({connection['connector']})"


def counted(number: int, noun: str) -> str:
    """«1 part», «2 parts»."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def happened(event: Row) -> str:
    """What an event says, with its record and its sum: «An order was placed»: order 12, 64.90 €."""
    kind = VOCABULARY.get(event["type"])
    said = kind.says.rstrip(".") if kind else event["type"]
    facts = [_record(event), *_sum(event["data"])]
    return f"«{said}»: {', '.join(facts)}."


def _record(event: Row) -> str:
    noun, _, name = event["subject"].partition(":")
    number = event["data"].get("order_number") or name
    return brief(f"{noun} {number}".strip())


def _sum(data: Mapping[str, Any]) -> list[str]:
    found = next((data[name] for name in _SUMS if data.get(name)), None)
    return [money(found)] if isinstance(found, Mapping) else []


def money(value: Mapping[str, Any]) -> str:
    """«64.90 €»; what cannot be read is shown as it is."""
    try:
        amount = Decimal(str(value["amount"]))
        return f"{amount:.2f} {get_currency_symbol(str(value['currency']), 'en')}"
    except (InvalidOperation, KeyError, ValueError):
        return brief(str(dict(value)))


def shown(value: Any) -> str:
    """A variable's value for a detail line."""
    match value:
        case {"amount": _, "currency": _}:
            return money(value)
        case {"name": name}:
            return brief(str(name))
        case list():
            return brief(", ".join(shown(each) for each in value[:10]))
        case None:
            return ""
        case str() if value.startswith(("http://", "https://")):
            return brief(value.partition("?")[0])  # what follows may open a cart or a payment
        case _:
            return brief(str(value))


def brief(text: str) -> str:
    """One short line, phones masked."""
    line = " ".join(masked_in(text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
