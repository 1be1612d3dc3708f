"""Reading Google's JSON without trusting its shape."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hub.contract import strict

_LONGEST_ID = 200
_BROKEN = re.compile("[\0\ud800-\udfff]")
_NUMBER = re.compile(r"\+?\d{7,15}")


def object_of(raw: bytes, what: str) -> dict[str, Any]:
    """The JSON object in these bytes. Raises ValueError, with `what` in its words."""
    try:
        found = strict.read(raw, most=strict.MOST_DELIVERED)
    except strict.Unreadable as unfit:
        raise ValueError(f"{what} is not JSON. {unfit}") from None
    if isinstance(found, dict):
        return found
    raise ValueError(f"{what} is not a JSON object.")


def part(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under a name; an empty one where there is none."""
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def text(document: Mapping[str, Any], name: str, longest: int = _LONGEST_ID) -> str:
    """The text under a name as a database can hold it; empty where there is none."""
    found = document.get(name)
    return _BROKEN.sub("\ufffd", found)[:longest] if isinstance(found, str) else ""


def time(document: Mapping[str, Any], name: str) -> datetime | None:
    """The time under a name in UTC; None where there is none, or none with an offset."""
    try:
        stated = datetime.fromisoformat(text(document, name))
        return stated.astimezone(UTC) if stated.tzinfo else None
    except (ValueError, OverflowError):
        return None


def hide_numbers(words: str) -> str:
    """The same words without anything that could be somebody's phone number."""
    return _NUMBER.sub("(a number)", words)
