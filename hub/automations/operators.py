"""What may be asked of a variable, by its kind: the words, the value taken, the test."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from hub.automations.wanted import (
    Unfit,
    decimal_of,
    read_amount,
    read_flag,
    read_hours,
    read_number,
    read_range,
    read_text,
    read_texts,
)
from hub.automations.wording import listed, shown
from hub.contract import Money


@dataclass(frozen=True)
class Operator:
    """`words` holds {} for the wanted value; `read` checks the document's value (raises Unfit);
    `holds(seen, wanted, now)` answers, `seen` being what `seen_as` made of the event's value."""

    words: str
    read: Callable[[Any], Any]
    holds: Callable[[Any, Any, datetime], bool]


def folded(text: str) -> str:
    """Text as it is compared: no case, no outer spaces, one way of setting accents."""
    return normalize("NFC", text).strip().casefold()


def seen_as(kind: str, value: Any) -> Any:
    """An event's value as its kind is compared. Raises Unfit where it is something else."""
    match kind, value:
        case (("text" | "url"), str()):
            return folded(value)
        case "number", _:
            return decimal_of(value)
        case "money", {"amount": amount, "currency": str(currency)}:
            return Money(decimal_of(amount), currency.upper())
        case "flag", bool():
            return value
        case "datetime", str():
            return _instant(value)
        case "list", list():
            return [folded(str(i.get("name", ""))) for i in value if isinstance(i, Mapping)]
    raise Unfit(f"is not a {kind}.")


def _instant(value: str) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise Unfit("is not a date.") from None
    if instant.tzinfo is None:
        raise Unfit("is a date without a time zone.")
    return instant


def _compared(test: Callable[[Decimal, Decimal], bool]) -> Callable[[Any, Any, datetime], bool]:
    def holds(seen: Any, wanted: Any, now: datetime) -> bool:
        if isinstance(wanted, Money):
            if seen.currency != wanted.currency:
                raise Unfit(f"is in {seen.currency}, not in {wanted.currency}.")
            wanted = wanted.amount
        amount = seen.amount if isinstance(seen, Money) else seen
        return test(amount, Decimal(str(wanted)))

    return holds


def _between(seen: Any, wanted: Any, now: datetime) -> bool:
    amount = seen.amount if isinstance(seen, Money) else seen
    return bool(Decimal(str(wanted[0])) <= amount <= Decimal(str(wanted[1])))


def _numeric(read: Callable[[Any], Any]) -> dict[str, Operator]:
    return {
        "equals": Operator("is exactly {}", read, _compared(lambda a, b: a == b)),
        "at_least": Operator("is at least {}", read, _compared(lambda a, b: a >= b)),
        "at_most": Operator("is at most {}", read, _compared(lambda a, b: a <= b)),
        "above": Operator("is above {}", read, _compared(lambda a, b: a > b)),
        "below": Operator("is below {}", read, _compared(lambda a, b: a < b)),
        "between": Operator("is between {}", read_range, _between),
    }


_KNOWN = {"is_known": Operator("is known", read_flag, lambda s, w, now: bool(w))}
_TEXT = {
    "is": Operator("is {}", read_text, lambda s, w, now: s == folded(w)),
    "is_not": Operator("is not {}", read_text, lambda s, w, now: s != folded(w)),
    "is_one_of": Operator("is {}", read_texts, lambda s, w, now: s in set(map(folded, w))),
    "contains": Operator("contains {}", read_text, lambda s, w, now: folded(w) in s),
    "starts_with": Operator("starts with {}", read_text, lambda s, w, n: s.startswith(folded(w))),
}
_DATETIME = {
    "before": Operator("is less than {} away", read_hours, lambda s, w, now: s < _ahead(now, w)),
    "after": Operator("is more than {} away", read_hours, lambda s, w, now: s > _ahead(now, w)),
}
_LIST = {
    "contains_item": Operator(
        "has an item with {} in its name", read_text, lambda s, w, n: any(folded(w) in i for i in s)
    ),
}

OPERATORS: Mapping[str, Mapping[str, Operator]] = {
    "text": _TEXT | _KNOWN,
    "url": _TEXT | _KNOWN,
    "number": _numeric(read_number) | _KNOWN,
    "money": _numeric(read_amount) | _KNOWN,
    "flag": {"is": Operator("is {}", read_flag, lambda s, w, now: s is w)} | _KNOWN,
    "datetime": _DATETIME | _KNOWN,
    "list": _LIST | _KNOWN,
}


def _ahead(now: datetime, hours: float) -> datetime:
    return now + timedelta(hours=hours)


def described(kind: str, name: str, wanted: Any) -> str:
    """The operator with its wanted value, to follow the variable's name: «is at least 20»."""
    match name:
        case "is_known":
            return "is known" if wanted else "is not known"
        case "is_one_of":
            words = listed(map(shown, wanted))
        case "between":
            words = listed(map(shown, wanted), "and")
        case "before" | "after":
            words = "1 hour" if wanted == 1 else f"{wanted} hours"
        case _:
            words = shown(wanted)
    return OPERATORS[kind][name].words.format(words)
