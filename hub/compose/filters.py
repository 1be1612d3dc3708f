"""The filters a template may use: what each takes, what it gives, what it does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from hub.compose import formats
from hub.compose.alphabet import is_gsm, transliterate
from hub.compose.segments import count
from hub.compose.values import Unfit, clean, moment_of, money_of, number_of, text_of, url_of

KINDS = frozenset({"text", "number", "money", "datetime", "url", "list", "flag"})
ANY = "any"  # a field of a list item, known only when its value arrives
TEXT = "text"


Shorten = Callable[[str, str], str]  # (an address, its label) become a short address


@dataclass(slots=True)
class Scope:
    """What one rendering knows, and what it found missing or filled in on its way."""

    values: Mapping[str, object]
    language: str
    zone: str
    defaults: Mapping[str, str]
    shorten: Shorten | None = None
    item: object = None
    missing: list[str] = field(default_factory=list)
    filled: list[str] = field(default_factory=list)


Step = Callable[[object, Scope], object]  # a value becomes another; None means there is none
Wording = Callable[[str], str]


def _number(value: object, scope: Scope) -> str:
    return formats.number(number_of(value), scope.language)


def _money(value: object, scope: Scope) -> str:
    if isinstance(value, Mapping) and isinstance(amount := value.get("amount"), str):
        return _sum(amount, str(value.get("currency")), scope.language)
    return formats.money(*money_of(value), scope.language)


@lru_cache(maxsize=8192)
def _sum(amount: str, currency: str, language: str) -> str:
    """A shop's sums come back: reading one costs more than writing it."""
    return formats.money(*money_of({"amount": amount, "currency": currency}), language)


def _moment(value: object, scope: Scope) -> str:
    return formats.moment(moment_of(value, scope.zone), scope.language)


def _date(value: object, scope: Scope) -> str:
    return formats.day(moment_of(value, scope.zone), scope.language)


def _time(value: object, scope: Scope) -> str:
    return formats.time(moment_of(value, scope.zone), scope.language)


def _weekday(value: object, scope: Scope) -> str:
    return formats.weekday(moment_of(value, scope.zone), scope.language)


def _any(value: object, scope: Scope) -> str:
    if isinstance(value, Mapping):
        return _money(value, scope)
    if isinstance(value, int | float | Decimal):
        return _number(value, scope)
    return text_of(value)


SHOWN: dict[str, Step] = {
    "text": lambda value, _: text_of(value),
    "url": lambda value, _: url_of(value),
    "number": _number,
    "money": _money,
    "datetime": _moment,
    ANY: _any,
}


def linked(address: str, label: str, scope: Scope) -> str:
    """The short address for this one; the address itself where nobody shortens."""
    return address if scope.shorten is None else scope.shorten(address, label)


def short(label: str) -> Step:
    """A tracked short link in place of an address."""
    return lambda value, scope: linked(url_of(value), label, scope)


def _plural(one: str, many: str) -> Step:
    def choose(value: object, scope: Scope) -> str:
        amount = Decimal(len(value)) if isinstance(value, list | tuple) else number_of(value)
        return one if formats.is_one(amount, scope.language) else many

    return choose


def items_of(value: object) -> Sequence[object]:
    """A list as it is. Raises Unfit for anything else."""
    if isinstance(value, list | tuple):
        return value
    raise Unfit("is not a list")


def item_words(item: object) -> object:
    """An item of a plain list, cleaned; None where it is blank."""
    return clean(item) or None if isinstance(item, str) else item


def first_word(text: str) -> str:
    """ "Anne" of "Anne Marie"."""
    return text.split(" ", 1)[0]


def shorten(most: int) -> Wording:
    """At most `most` units, spelled cheaply or not; "..." stands for what is left out, between
    words where possible."""

    def cut(text: str) -> str:
        if _units(text) <= most:
            return text
        tail = "..." if most > 6 else ""
        head = text[: most - len(tail)]
        while _units(head + tail) > most:
            head = head[:-1]
        words, space, _ = head.rpartition(" ")
        if space and len(words) > len(head) // 2 and text[len(head)] != " ":
            head = words
        return head.rstrip(" \u200d\ufe0f") + tail

    return cut


def _units(text: str) -> int:
    """The sender may spell the text cheaply afterwards, and œ is two letters then."""
    units = count(text).units
    return units if is_gsm(text) else max(units, count(transliterate(text)).units)


@dataclass(frozen=True)
class Filter:
    """`arguments` are types of constants; `step` gives text, `wording` changes text."""

    takes: frozenset[str]
    arguments: tuple[type, ...] = ()
    gives: str = TEXT
    step: Callable[..., Step] | None = None
    wording: Callable[..., Wording] | None = None


_MOMENTS = frozenset({"datetime", ANY})
_SHOWABLE = KINDS - {"list", "flag"} | {ANY}

FILTERS: dict[str, Filter] = {
    "money": Filter(frozenset({"money", ANY}), step=lambda: _money),
    "date": Filter(_MOMENTS, step=lambda: _date),
    "time": Filter(_MOMENTS, step=lambda: _time),
    "weekday": Filter(_MOMENTS, step=lambda: _weekday),
    "plural": Filter(frozenset({"number", "list", ANY}), (str, str), step=_plural),
    "upper": Filter(_SHOWABLE, wording=lambda: str.upper),
    "lower": Filter(_SHOWABLE, wording=lambda: str.lower),
    "truncate_gsm": Filter(_SHOWABLE, (int,), wording=shorten),
}

FIRST_WORD = Filter(frozenset({TEXT, ANY}), wording=lambda: first_word)


def first_of(fields: tuple[str, ...]) -> Filter:
    """«first» of a list: its first item, which for a record is named by its first field."""

    def first(value: object, _: Scope) -> object:
        items = items_of(value)
        item = items[0] if items else None
        return item_words(item.get(fields[0]) if fields and isinstance(item, Mapping) else item)

    return Filter(frozenset({"list"}), gives=ANY, step=lambda: first)
