"""Reading the vendor's JSON without trust: every field may be missing or of a wrong type."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hub.contract import strict

Row = Mapping[str, Any]


def document(body: bytes) -> dict[str, Any]:
    """The body as one JSON object. Raises ValueError with a sentence."""
    try:
        found = strict.read(body, most=strict.MOST_DELIVERED)
    except strict.Unreadable as unfit:
        raise ValueError(f"The record is not JSON. {unfit}") from None
    if isinstance(found, dict):
        return found
    raise ValueError("The record is not a JSON object.")


def text(value: Any, most: int = 500) -> str:
    """A text without characters that no database takes; empty for anything else."""
    if not isinstance(value, str):
        return ""
    clean = value[: most * 4].encode("utf-8", "ignore").decode("utf-8").replace("\x00", "")
    return clean.strip()[:most]


def row(value: Any) -> Row:
    """An object; empty for anything else."""
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[Row]:
    """The objects of a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def whole(value: Any) -> int:
    """A whole number that a database takes, 0 for anything else."""
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    return value if fits else 0


def moment(value: Any) -> datetime | None:
    """An instant in UTC from RFC 3339; None where it is none or has no offset."""
    found = wall(value)
    if found is None or found.tzinfo is None:
        return None
    try:
        return found.astimezone(UTC)
    except OverflowError:
        return None


def wall(value: Any) -> datetime | None:
    """A date and time with the offset it has, or without one."""
    if not isinstance(value, str) or "T" not in value[:40].upper():
        return None
    try:
        return datetime.fromisoformat(value[:40].upper())
    except ValueError:
        return None


def private(event: Row) -> dict[str, str]:
    """The event's private extended properties, which only our side of it sees."""
    found = row(row(event.get("extendedProperties")).get("private"))
    return {str(name): text(value, 1024) for name, value in found.items()}
