"""Reading smsmode's JSON without trusting its shape: texts, maps, prices and times."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hub.contract import Money, strict

# Ids and references of smsmode hold at most 140 characters; anything longer matches nothing.
SHORT = 140
_TOO_DEAR, _MOST_DIGITS, _MOST_PARTS = 1_000_000, 20, 255
_NO_TEXT = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(r"\+?\d(?:[ .()-]?\d){6,}")


def items_of(body: bytes) -> list[Any]:
    """A callback's one object or array of objects, as a list. Raises ValueError in words."""
    try:
        document = strict.read(body, most=strict.MOST_DELIVERED)
    except strict.Unreadable as unfit:
        raise ValueError(f"smsmode's callback is not JSON. {unfit}") from None
    if isinstance(document, dict):
        return [document]
    if isinstance(document, list):
        return document
    raise ValueError("smsmode's callback is neither a JSON object nor an array.")


def part(document: Any, name: str) -> Mapping[str, Any]:
    """The object under a name, or an empty one."""
    found = document.get(name) if isinstance(document, dict) else None
    return found if isinstance(found, dict) else {}


def text(value: Any, limit: int = SHORT) -> str:
    """A text or a whole number as text a database can hold; anything else is an empty text."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    kept = str(value) if isinstance(value, int) else value.replace("\0", "")
    return _NO_TEXT.sub("\ufffd", kept)[:limit]


def is_rcs(item: Any) -> bool:
    """Whether a message resource, or a reply, says that it is RCS."""
    if not isinstance(item, dict):
        return False
    kinds = (text(part(item, "channel").get("type")), text(item.get("type")))
    return "RCS" in (kind.upper() for kind in kinds)


def parts(item: Any) -> int:
    """How many parts a message resource is billed as, 0 where it does not say so."""
    stated = part(item, "body").get("messagePartCount")
    return stated if type(stated) is int and 1 <= stated <= _MOST_PARTS else 0


def price(document: Any) -> Money | None:
    """The price a message resource states; None when it states none that can be true."""
    stated = part(document, "price")
    currency = text(stated.get("currency"))
    if not (len(currency) == 3 and currency.isalpha() and currency.isascii()):
        return None
    try:
        money = Money.parse(stated.get("amount"), currency)
    except ValueError:
        return None
    believable = 0 <= money.amount < _TOO_DEAR and len(f"{money.amount:f}") <= _MOST_DIGITS
    return money if believable else None


def time(value: Any) -> datetime | None:
    """An ISO 8601 time that carries its offset, in UTC. smsmode's zone-less times say too little:
    no document names their zone, so they are not believed."""
    try:
        stated = datetime.fromisoformat(text(value))
        return stated.astimezone(UTC) if stated.tzinfo else None
    except (ValueError, OverflowError):
        return None


def hide_numbers(words: str) -> str:
    """The same words without anything that could be somebody's phone number."""
    return _NUMBER.sub("(a number)", words)
