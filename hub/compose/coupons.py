"""What a code is worth, as a template says it: a share or a sum off, for how many days."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

_MOST_DAYS = 366
_CURRENCY = re.compile(r"[A-Z]{3}")
_PREFIX = re.compile(r"[A-Z0-9]{1,8}")
_KEYS = ("percent", "amount", "currency", "days", "shared", "prefix")


class NotACoupon(ValueError):
    """The terms cannot be kept; the words say why."""


def coupon_from(words: str) -> dict[str, Any]:
    """Terms written in a line: "percent 20, days 3", "amount 5.00, currency EUR, days 10, shared
    yes, prefix LUNE". Raises NotACoupon."""
    found: dict[str, Any] = {}
    for piece in words.split(","):
        key, _, value = piece.strip().partition(" ")
        if key not in _KEYS or not value:
            raise NotACoupon(f"«{piece.strip()}» is not known. Use {', '.join(_KEYS)}.")
        found[key] = _typed(key, value.strip())
    return checked(found)


def _typed(key: str, value: str) -> Any:
    if key == "shared":
        return value == "yes"
    return int(value) if key == "days" and value.isdigit() else value


def checked(terms: Mapping[str, Any]) -> dict[str, Any]:
    """The terms as rows keep them: numbers as texts but for days. Raises NotACoupon."""
    if ("percent" in terms) == ("amount" in terms):
        raise NotACoupon("Say either «percent» or «amount».")
    worth = "percent" if "percent" in terms else "amount"
    number = _number(terms[worth])
    if not 0 < number <= (100 if worth == "percent" else 100_000):
        raise NotACoupon(f"«{worth}» is out of range.")
    if worth == "amount" and not _CURRENCY.fullmatch(str(terms.get("currency", ""))):
        raise NotACoupon("An amount needs its currency, as in «currency EUR».")
    days = terms.get("days")
    if not isinstance(days, int) or not 1 <= days <= _MOST_DAYS:
        raise NotACoupon(f"Say for how many days it holds, 1 to {_MOST_DAYS}.")
    if terms.get("prefix") and not _PREFIX.fullmatch(str(terms["prefix"])):
        raise NotACoupon("A prefix has 1 to 8 capitals and digits.")
    return {**terms, worth: f"{number:f}"}


def _number(value: object) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise NotACoupon(f"«{value}» is not a number.") from None
    if not number.is_finite() or number != round(number, 2):
        raise NotACoupon(f"«{value}» is not a number with at most two decimals.")
    return number
