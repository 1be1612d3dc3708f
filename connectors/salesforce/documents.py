"""Tolerant values out of what Salesforce sends: texts, moments, sums, record ids, countries."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from babel import Locale

from hub.contract import Money, strict

Row = Mapping[str, Any]

_SURROGATES = re.compile("[\ud800-\udfff]")
_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_LANGUAGES = ("en", "fr", "es", "it", "de")


def document(body: bytes) -> dict[str, Any]:
    """The body as one JSON object. Raises ValueError with a sentence."""
    try:
        found = strict.read(body, most=strict.MOST_DELIVERED)
    except strict.Unreadable as unfit:
        raise ValueError(f"The request is not readable JSON. {unfit}") from None
    if not isinstance(found, dict):
        raise ValueError("The request is not one JSON object.")  # noqa: TRY004  a body's fault
    return found


def text(value: Any, limit: int = 500) -> str:
    """A text or a number as clean text; anything else is as if absent."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, int) and abs(value) > 10**20:
        return ""
    bare = _SURROGATES.sub("\ufffd", str(value)).replace("\x00", "")
    return bare.strip()[:limit]


def record_id(value: Any) -> str:
    """A record's id, or an empty text where it is none."""
    found = text(value, 19)
    return found if _ID.fullmatch(found) else ""


def long_id(value: Any) -> str:
    """A record's id in its form of 18 characters: the last three say which letters are capitals."""
    found = record_id(value)
    if len(found) != 15:
        return found
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    parts = (found[at : at + 5] for at in (0, 5, 10))
    return found + "".join(
        alphabet[sum(1 << at for at, letter in enumerate(part) if letter.isupper())]
        for part in parts
    )


def pick(row: Any, path: str) -> Any:
    """A field of a row, or of a row it refers to ("Contact__r.MobilePhone")."""
    for name in path.split("."):
        row = row.get(name) if isinstance(row, Mapping) else None
    return row


def first(row: Row, paths: tuple[str, ...], limit: int = 254) -> str:
    """The first of these fields that holds something."""
    return next((found for path in paths if (found := text(pick(row, path), limit))), "")


def moment(value: Any) -> datetime | None:
    """A time as Salesforce writes it (2026-06-12T09:00:00.000+0000), or a date at midnight UTC."""
    try:
        found = datetime.fromisoformat(text(value, 40))
        known = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return known if 1990 <= known.year < 2200 else None


def stamp(at: datetime) -> str:
    """A moment as SOQL wants it, milliseconds kept."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def money(value: Any, currency: str) -> dict[str, str] | None:
    """An amount as event data has it; None where it or its currency is missing."""
    written = text(value, 40)
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", written) or len(currency) != 3:
        return None
    amount, _, cents = written.partition(".")
    exact = f"{amount}.{cents}" if len(cents) > 1 else f"{amount}.{cents or '0'}0"
    return Money.parse(exact, currency).as_json()


def country(value: Any) -> str:
    """ "FR", "France", "Frankreich" → "FR"; an empty text where nobody knows."""
    named = text(value, 80).casefold()
    if re.fullmatch("[a-z]{2}", named):
        return named.upper()
    return _countries().get(named, "")


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in _LANGUAGES:
        names = Locale(language).territories
        found |= {str(n).casefold(): c for c, n in names.items() if c.isalpha() and len(c) == 2}
    return found


@lru_cache(maxsize=1)
def _tongues() -> dict[str, str]:
    codes = ("en", "fr", "es", "it", "de", "pt", "nl")
    found: dict[str, str] = {}
    for spoken in _LANGUAGES:
        names = Locale(spoken).languages
        found |= {str(names[code]).casefold(): code for code in codes if code in names}
    return found


def language(value: Any) -> str:
    """ "French", "Français", "Französisch" → "fr"; an empty text where nobody knows."""
    return _tongues().get(text(value, 40).casefold(), "")


def digest(*values: Any) -> str:
    """A short name for exactly these values."""
    written = json.dumps(values, ensure_ascii=True, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:12]


def is_on(flag: str) -> bool:
    """A flag field as forms and files write it."""
    return flag.strip().lower() in ("1", "true", "yes", "on")
