"""Strict JSON in, tolerant values out: a vendor is believed to send JSON, not to keep its types."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from hub.contract import Money, strict

Document = Mapping[str, Any]

_SURROGATES = re.compile("[\ud800-\udfff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def read(body: bytes) -> Any:
    """The body as JSON. Raises ValueError with a sentence."""
    try:
        return strict.read(body, most=strict.MOST_DELIVERED)
    except strict.Unreadable as unfit:
        raise ValueError(f"The delivery is not readable JSON. {unfit}") from None


def text(value: Any, limit: int = 500) -> str:
    """A text or a whole number as clean text; anything else is as if absent."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if isinstance(value, int) and abs(value) >= 10**30:
        return ""
    # NUL and lone surrogates are legal in JSON; no UTF-8 text column takes them.
    return _SURROGATES.sub("\ufffd", str(value)).replace("\x00", "").strip()[:limit]


def identity(value: Any) -> str:
    """A record's number as text, or an empty text where it is none."""
    found = text(value, 21)
    return found if found.isascii() and found.isdigit() and len(found) < 20 else ""


def part(parent: Any, name: str) -> Document:
    """An object inside another; anything else is as if empty."""
    found = parent.get(name) if isinstance(parent, Mapping) else None
    return found if isinstance(found, dict) else {}


def rows(value: Any) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def listed(value: str) -> tuple[str, ...]:
    """A comma separated setting as its parts, in order."""
    return tuple(filter(None, (one.strip() for one in value.split(","))))


def money(value: Any, currency: str) -> dict[str, str] | None:
    """An amount as event data has it; None where it cannot be read or has no currency."""
    written = text(value, 24)
    try:
        found = Money.parse(written, currency)
    except ValueError:
        return None
    plain = "E" not in written.upper() and abs(found.amount.adjusted()) < 15
    return found.as_json() if plain and re.fullmatch("[A-Z]{3}", found.currency) else None


def moment(value: Any) -> datetime | None:
    """A time as the vendor writes them: ISO 8601, or milliseconds since 1970."""
    written = text(value, 40)
    number = written.removeprefix("-")
    if number.isascii() and number.isdigit():
        return from_ms(int(written))
    try:
        found = datetime.fromisoformat(written)
        known = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return known if 1990 <= known.year < 2200 else None


def from_ms(value: int) -> datetime | None:
    """Milliseconds since 1970 as a moment; None where that makes no sense."""
    return _EPOCH + value * _MS if 6 * 10**11 <= value < 7 * 10**12 else None


def to_ms(at: datetime) -> int:
    """A moment as milliseconds since 1970, cut, never rounded."""
    return (at - _EPOCH) // _MS


def web_address(value: Any) -> str:
    """An http(s) address, or an empty text."""
    found = text(value, 2000)
    return found if re.fullmatch(r"https?://[^\s/?#]+\S*", found) else ""


def fingerprint(found: Any) -> str:
    """A short name for exactly this content."""
    written = json.dumps(found, sort_keys=True, separators=(",", ":"), default=str)
    return sha256(written.encode("utf-8", "replace")).hexdigest()[:16]


def number(value: Any) -> Decimal | None:
    """A finite number as a person may have typed it."""
    try:
        found = Decimal(text(value, 20).replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
