"""How wide a variable may be: what is declared where no real value is known yet.

A text is within its bound when every spelling of it (as it is, in capitals, spelled cheaply) takes
at most `longest` units and its letters are Latin; times, sums and numbers have their widest values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from hub.contract import Variable

_MONTHS = range(1, 13)
_PLAIN_KINDS = {"quantity": "number", "total": "money", "image": "url", "url": "url"}  # of items
# Written by machines, in letters and digits: never a costly character.
_PLAIN = frozenset({"order_number", "order_id", "cart_id", "booking_id", "deal_id", "row_id",
    "record_id", "coupon", "code", "email", "zone", "status", "stage", "pipeline", "workflow",
    "template", "object", "series"})  # fmt: skip

_WIDE: Mapping[str, int] = {
    "first_name": 20, "last_name": 25, "brand": 20, "title": 40, "place": 60, "city": 25,
    "first_item": 60, "name": 60, "deal_name": 60, "email": 50, "refund_reason": 60,
    "order_number": 15, "order_id": 12, "cart_id": 36, "booking_id": 36, "coupon": 12, "code": 8,
}  # fmt: skip
_FAIR: Mapping[str, int] = {
    "first_name": 10, "last_name": 12, "brand": 12, "title": 20, "place": 24, "city": 15,
    "first_item": 60, "name": 60, "deal_name": 30, "email": 30, "refund_reason": 30,
    "order_number": 8, "order_id": 8, "cart_id": 12, "booking_id": 12, "coupon": 12, "code": 6,
}  # fmt: skip
_SHORT: Mapping[str, int] = {"code": 4, "coupon": 6}


@dataclass(frozen=True)
class Bounds:
    """Widths in units by variable, `usual` for the others; the largest sum, number and list."""

    widths: Mapping[str, int]
    usual: int
    amount: Decimal
    number: int
    items: int
    url: int
    link: int = 25
    currencies: tuple[str, ...] = ("EUR",)
    known: Mapping[str, str] = field(default_factory=dict)  # the one value there is, as a brand

    def width(self, name: str) -> int:
        """How many units a text takes at most."""
        return self.widths.get(name, self.usual)


WIDE = Bounds(_WIDE, 40, Decimal("99999.99"), 999, 10, 100)
FAIR = Bounds(_FAIR, 20, Decimal("1234.50"), 12, 3, 60)
SHORT = Bounds(_SHORT, 2, Decimal("5.00"), 2, 1, 25)

_NAMES = {
    "first_name": "Maximilian-Alexandre", "last_name": "Delacroix-Villeneuve-Roy",
    "brand": "Maison Lumen & Soeurs", "title": "Coupe et coiffage", "coupon": "LUNE-7KQ2MX9",
    "code": "48291375", "order_number": "20260104", "order_id": "20260104",
    "place": "12 rue des Jardins, Villeurbanne, deuxieme etage a droite",
    "city": "Aix-en-Provence", "email": "maximilian.alexandre@example.com",
}  # fmt: skip
_FILLER = "Chemise en lin naturel a col mao, coupe droite, bleu nuit, manches longues"


def sample_text(name: str, width: int) -> str:
    """A text that takes just so many units."""
    whole = _NAMES.get(name, _FILLER)
    whole = whole if len(whole) >= width else f"{whole} {_FILLER} {_FILLER}"
    return f"{whole[: width - 1]}{whole[width - 1].strip() or 'x'}" if width else ""


def may_be_costly(name: str) -> bool:
    """Whether a value may have letters that only transliteration makes cheap."""
    return name not in _PLAIN


def kind_of(name: str, kind: str) -> str:
    """A variable's kind; an item's field has the kind that its name tells."""
    return kind if kind != "any" else _PLAIN_KINDS.get(name, "text")


def candidates(kind: str, bounds: Bounds) -> Sequence[object]:
    """Values among which the widest is, whatever filter shows it; () for texts."""
    match kind:
        case "money":
            return [
                {"amount": str(amount), "currency": currency}
                for amount in (bounds.amount, Decimal(1))
                for currency in bounds.currencies
            ]
        case "number":
            return [0, 1, 2, bounds.number]
        case "datetime":
            return _MOMENTS
        case "flag":
            return [True, False]
        case _:
            return ()


_MOMENTS = [
    datetime(2026, month, day, hour, 30, tzinfo=UTC)
    for month in _MONTHS
    for day, hour in ((1, 9), (10, 0), (28, 23), (20, 12), (23, 10), (5, 20), (27, 1))
]


def value_of(variable: Variable, bounds: Bounds) -> object:
    """One value as wide as the bound, for an example."""
    return _example(variable.name, variable.kind, variable.fields, bounds)


def _example(name: str, kind: str, fields: Sequence[str], bounds: Bounds) -> object:
    kind = kind_of(name, kind)
    if kind == "list":
        item = {one: _example(one, "any", (), bounds) for one in fields}
        return [item or sample_text("name", bounds.width("name"))] * bounds.items
    if kind == "money":
        return {"amount": str(bounds.amount), "currency": bounds.currencies[0]}
    if kind == "url":
        return "https://shop.example.com/".ljust(bounds.url, "x")
    if kind == "datetime":
        return "2026-09-23T12:30:00+00:00"
    if kind in ("number", "flag"):
        return bounds.number if kind == "number" else True
    return bounds.known.get(name) or sample_text(name, bounds.width(name))
