"""Reads the value that a condition asks for: a text, a number, an amount, a range, hours."""

from decimal import Decimal, InvalidOperation
from typing import Any

from hub.contract import Money

_HIGHEST = 10**12
_LONGEST_TEXT = 200
_MOST_TEXTS = 100


class Unfit(ValueError):
    """A value is not what is needed; the argument ends a sentence that begins with its name."""


def decimal_of(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise Unfit("is not a number.")
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):
        raise Unfit("is not a number.") from None
    if not number.is_finite() or abs(number) > _HIGHEST:
        raise Unfit("is not a number that can be compared.")
    return number


def read_text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_TEXT:
        raise Unfit(f"must be a text of at most {_LONGEST_TEXT} characters.")
    return value


def read_texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not 0 < len(value) <= _MOST_TEXTS:
        raise Unfit("must be a list of texts.")
    return tuple(map(read_text, value))


def read_number(value: Any) -> int | float:
    if isinstance(value, str | Decimal):
        raise Unfit("must be a number, without quotes.")
    try:
        decimal_of(value)
    except Unfit:
        raise Unfit("must be a number.") from None
    number: int | float = value
    return number


def read_amount(value: Any) -> int | float | Money:
    match value:
        case {"amount": amount, "currency": str(currency), **rest} if not rest:
            if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
                raise Unfit("must name its currency by three letters, such as EUR.")
            try:
                return Money(decimal_of(amount), currency.upper())
            except Unfit:
                raise Unfit("must have a number as its amount.") from None
    try:
        return read_number(value)
    except Unfit:
        raise Unfit("must be a number, or an amount with its currency.") from None


def read_range(value: Any) -> tuple[int | float, int | float]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise Unfit("must be two numbers, the lower one first.")
    low, high = map(read_number, value)
    if low > high:
        raise Unfit("must be two numbers, the lower one first.")
    return low, high


def read_flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit("must be true or false.")
    return value


def read_hours(value: Any) -> int | float:
    match value:
        case {"hours": hours, **rest} if not rest and abs(read_number(hours)) <= 24 * 365:
            return read_number(hours)
    raise Unfit('must be hours from now, within a year, such as {"hours": 2}.')
