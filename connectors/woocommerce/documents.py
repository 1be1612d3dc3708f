"""Strict JSON in, tolerant values out: a shop is believed to send JSON, never to keep its types."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from hub.contract import Money, strict

Document = Mapping[str, Any]

_SURROGATES = re.compile("[\ud800-\udfff]")


def document(body: bytes) -> dict[str, Any]:
    """The body as one JSON object, decimals kept exact. Raises ValueError with a sentence."""
    try:
        found = strict.read(body, most=strict.MOST_DELIVERED, decimals=True)
    except strict.Unreadable as unfit:
        raise ValueError(f"The delivery is not readable JSON. {unfit}") from None
    if isinstance(found, dict):
        return found
    raise ValueError("The delivery is not one JSON object, as the shop's always are.")


def text(value: Any, limit: int = 500) -> str:
    """A text or a number as clean text; anything else is as if absent."""
    if type(value) is str and value.isascii() and "\x00" not in value:
        return value.strip()[:limit]
    if isinstance(value, Decimal):
        value = format(value, "f") if abs(value.adjusted()) < 30 else ""
        value = value.rstrip("0").rstrip(".") if "." in value else value
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    # NUL and lone surrogates are legal in JSON; no UTF-8 text column takes them.
    bare = _SURROGATES.sub("\ufffd", str(value)).replace("\x00", "")
    return bare.strip()[:limit]


def identity(value: Any) -> str:
    """A record's number as text, or an empty text where it is none."""
    found = text(value, 21)
    digits = found.removeprefix("-")
    return found if digits.isascii() and digits.isdigit() and len(found) < 21 else ""


def part(parent: Any, name: str) -> Document:
    """An object inside another; PHP writes an empty one as [], which is as if absent."""
    found = parent.get(name) if isinstance(parent, Mapping) else None
    return found if isinstance(found, dict) else {}


def rows(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; PHP writes a list with gaps as an object."""
    listed = list(value.values()) if isinstance(value, dict) else value
    return [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []


def number(value: Any) -> int | float | None:
    """A count, whole where it is whole; None where there is none."""
    try:
        found = Decimal(text(value, 40))
    except InvalidOperation:
        return None
    if not found.is_finite() or abs(found) >= 10**9:
        return None
    return int(found) if found == found.to_integral_value() else float(found)


def money(value: Any, currency: str) -> dict[str, str] | None:
    """An amount as event data has it; None where it cannot be read."""
    written = str(value) if isinstance(value, Decimal) else text(value, 40)
    try:
        found = Money.parse(written, currency)
    except ValueError:
        return None
    small = len(written) < 24 and abs(found.amount.adjusted()) < 15
    return found.as_json() if small and len(currency) == 3 and "E" not in written.upper() else None


def moment(value: Any) -> datetime | None:
    """An ISO 8601 time, UTC where it names no zone (as the shop's …_gmt fields do not)."""
    try:
        found = datetime.fromisoformat(text(value, 40))
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        known = aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return known if 1990 <= known.year < 2200 else None


def web_address(value: Any) -> str:
    """An http(s) address, or an empty text."""
    found = text(value, 2000)
    try:
        split = urlsplit(found)
    except ValueError:
        return ""
    good = split.scheme in ("http", "https") and bool(split.netloc) and " " not in found
    return found if good else ""


def fingerprint(found: Document) -> str:
    """A short name for exactly this content, for what has no date of its own."""
    return sha256(repr(found).encode("utf-8", "replace")).hexdigest()[:16]
