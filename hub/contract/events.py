"""The event vocabulary: what can happen, and the typed, sampled variables of each type."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from hub.contract.values import Person

KINDS = ("text", "number", "money", "datetime", "url", "flag", "list")


@dataclass(frozen=True)
class Variable:
    """A name a template may use. `kind` is one of KINDS; `fields` names a list item's fields.

    In event data: money is {"amount", "currency"}, datetime an ISO 8601 text with its offset,
    list a list of plain objects.
    """

    name: str
    kind: str
    sample: Any
    says: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class EventType:
    """One thing that can happen. `subject` is the noun of the record it happened to."""

    name: str
    subject: str
    says: str
    variables: tuple[Variable, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Variable]:
        """Its own variables by name."""
        return {v.name: v for v in self.variables}

    def variable(self, name: str) -> Variable | None:
        """The variable of that name, the person's own included."""
        return next((v for v in self.variables + PERSON if v.name == name), None)

    def sample(self) -> dict[str, Any]:
        """Sample values for every variable, for previews and lint."""
        return {v.name: v.sample for v in self.variables + PERSON}


WAITS_FOR = ("sent", "delivered", "replied")


@dataclass(frozen=True)
class Callback:
    """A workflow's step that waits. `reference` is the vendor's name for it, or the hub's where
    the vendor only asks later; it waits for one of WAITS_FOR, `within` at the longest."""

    reference: str
    waits_for: str = "delivered"
    within: timedelta = timedelta(hours=24)


@dataclass(frozen=True)
class Event:
    """What an intake means, normalised.

    `key` is unique within its connection and says the same thing for push and poll
    ("order:12:status:completed"); `subject` is the vendor's record ("order:12"); `cart` names the
    cart it belongs to, so that an order cancels the reminder of its own cart; `data` holds the
    type's variables. `callback` is the workflow's step that waits for what becomes of it.
    """

    type: str
    key: str
    subject: str
    occurred_at: datetime
    person: Person = field(default_factory=Person)
    data: Mapping[str, Any] = field(default_factory=dict)
    cart: str = ""
    callback: Callback | None = None


_ITEMS = [
    {
        "name": "Linen shirt",
        "quantity": 1,
        "total": {"amount": "39.90", "currency": "EUR"},
        "image": "https://shop.example.com/img/shirt.jpg",
        "url": "https://shop.example.com/shirt",
    },
    {
        "name": "Silk scarf",
        "quantity": 1,
        "total": {"amount": "25.00", "currency": "EUR"},
        "image": "https://shop.example.com/img/scarf.jpg",
        "url": "https://shop.example.com/scarf",
    },
]
_ITEM_FIELDS = ("name", "quantity", "total", "image", "url")
_SUM = {"amount": "64.90", "currency": "EUR"}
_TIME = "2026-06-12T14:30:00+02:00"

PERSON = (
    Variable("first_name", "text", "Zoë", "The person's first name"),
    Variable("last_name", "text", "Martin", "The person's last name"),
    Variable("brand", "text", "Maison Lune", "Your brand, from the workspace's settings"),
)
# What the hub makes for each message, where its template asks for it.
MADE = (
    Variable("page_url", "url", "https://lnk.fr/3fKx9QbT0a", "A page made of what happened"),
    Variable("coupon", "text", "LUNE-7KQ2MX", "The person's own code at the shop"),
    Variable("coupon_until", "datetime", "2026-06-15T23:59:00+02:00", "How long the code holds"),
)
# What only whoever sends directly can give.
GIVEN = (Variable("code", "text", "482913", "A code that signs in"),)
_GOODS = (
    Variable("items", "list", _ITEMS, "What is in it", _ITEM_FIELDS),
    Variable("item_count", "number", 2, "How many articles"),
    Variable("first_item", "text", "Linen shirt", "The first article's name"),
)
_CART = (
    Variable("cart_id", "text", "c-81", "The cart's number in the shop"),
    Variable("cart_total", "money", _SUM, "The cart's total"),
    Variable("cart_url", "url", "https://shop.example.com/cart/81", "Brings the cart back"),
    *_GOODS,
)
_ORDER = (
    Variable("order_id", "text", "12", "The order's id in the shop"),
    Variable("order_number", "text", "1043", "The number the customer knows"),
    Variable("order_total", "money", _SUM, "The order's total"),
    Variable("status", "text", "processing", "The order's status"),
    Variable("payment_url", "url", "https://shop.example.com/pay/12", "Where to pay it"),
    Variable("codes", "list", [{"code": "LUNE-7KQ2MX"}], "The codes used on it", ("code",)),
    *_GOODS,
)
_REFUND = (
    Variable("refund_amount", "money", {"amount": "25.00", "currency": "EUR"}, "What is paid back"),
    Variable("refund_reason", "text", "wrong size", "Why, where the shop says it"),
)
_BOOKING = (
    Variable("booking_id", "text", "b-7", "The booking's id"),
    Variable("title", "text", "Haircut", "What is booked"),
    Variable("starts_at", "datetime", _TIME, "When it starts"),
    Variable("ends_at", "datetime", "2026-06-12T15:15:00+02:00", "When it ends"),
    Variable("place", "text", "12 Garden Street", "Where"),
    Variable("zone", "text", "Europe/Paris", "The time zone of the place"),
    Variable("series", "text", "", "The series it is one of, where it repeats"),
    Variable("booking_url", "url", "https://calendar.example.com/b-7", "The booking's own page"),
)
_FREE = tuple(
    Variable(f"text_{n}", "text", f"words {n}", f"Free words: the {nth} that you map")
    for n, nth in enumerate(("first", "second", "third", "fourth", "fifth"), 1)
)
_DEAL = (
    Variable("deal_id", "text", "d-31", "The deal's id"),
    Variable("deal_name", "text", "Kitchen for the Martins", "The deal's name"),
    Variable("stage", "text", "closedwon", "The deal's stage"),
    Variable("pipeline", "text", "default", "The deal's pipeline"),
    Variable("amount", "money", _SUM, "What it is worth"),
    Variable("closes_at", "datetime", _TIME, "When it closes"),
)
_RECORD = (
    Variable("object", "text", "Case", "What kind of record it is"),
    Variable("record_id", "text", "500000001", "The record's id"),
    Variable("name", "text", "Roof repair", "The record's name"),
    Variable("status", "text", "Waiting for papers", "The record's status"),
    Variable("due_at", "datetime", _TIME, "The record's date"),
    *_FREE,
)
_ROW = (
    Variable("row_id", "text", "r-7", "The row's id"),
    Variable("status", "text", "ready", "The row's status column"),
    Variable("due_at", "datetime", _TIME, "The row's date column"),
    *_FREE,
)
_CONTACT = (
    Variable("email", "text", "zoe@example.com", "The contact's e-mail address"),
    Variable("city", "text", "Lyon", "The contact's city"),
)
_WORKFLOW = (
    Variable("workflow", "text", "Win back", "The CRM workflow that asks"),
    Variable("template", "text", "win-back", "The template it names"),
    Variable("email", "text", "zoe@example.com", "The contact's e-mail address"),
    Variable("city", "text", "Lyon", "The contact's city"),
    *_FREE,
)

_TYPES = (
    EventType("cart.abandoned", "cart", "A cart was left without an order.", _CART),
    EventType("cart.recovered", "cart", "A cart that was left became an order.", _CART),
    EventType("order.created", "order", "An order was placed.", _ORDER),
    EventType("order.paid", "order", "An order was paid.", _ORDER),
    EventType("order.status_changed", "order", "An order reached a new status.", _ORDER),
    EventType("order.refunded", "order", "Money was paid back.", _ORDER + _REFUND),
    EventType("order.deleted", "order", "An order was removed.", _ORDER[:1]),
    EventType("booking.created", "booking", "A booking was made.", _BOOKING),
    EventType("booking.changed", "booking", "A booking was moved or edited.", _BOOKING),
    EventType("booking.cancelled", "booking", "A booking was cancelled.", _BOOKING),
    EventType("booking.upcoming", "booking", "A booking stands ahead.", _BOOKING),
    EventType("deal.changed", "deal", "A deal was made or changed its stage.", _DEAL),
    EventType("record.changed", "record", "A record was made or changed.", _RECORD),
    EventType("row.added", "row", "A row was added to a sheet.", _ROW),
    EventType("row.changed", "row", "A row of a sheet was changed.", _ROW),
    EventType("contact.changed", "contact", "A contact was created or edited.", _CONTACT),
    EventType("workflow.requested", "workflow", "A CRM workflow asks for a message.", _WORKFLOW),
)

# A booking's present state, whichever of these told it: what reminders are computed from. No
# connector emits it; an automation that names it answers to both.
UPCOMING = "booking.upcoming"
TELLS_OF_UPCOMING = ("booking.created", "booking.changed")

VOCABULARY: Mapping[str, EventType] = {t.name: t for t in _TYPES}


def faults_of(event: Event) -> tuple[str, ...]:
    """Where an event breaks the vocabulary, in words; empty when it keeps it."""
    kind = VOCABULARY.get(event.type)
    if kind is None:
        return (f"«{event.type}» is not in the event vocabulary.",)
    known = kind.by_name
    unknown = [f"«{n}» is not a variable of {kind.name}." for n in event.data if n not in known]
    wrong = [
        f"«{n}» must be a {known[n].kind}."
        for n, value in event.data.items()
        if n in known and not _fits(known[n], value)
    ]
    missing = [f"{f} is empty." for f in ("key", "subject") if not getattr(event, f)]
    naive = [] if event.occurred_at.tzinfo else ["occurred_at has no time zone."]
    return (*unknown, *wrong, *missing, *naive)


def _fits(variable: Variable, value: Any) -> bool:
    if value is None:
        return True
    match variable.kind:
        case "money":
            return isinstance(value, dict) and set(value) == {"amount", "currency"}
        case "datetime":
            return isinstance(value, str) and _is_instant(value)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "flag":
            return isinstance(value, bool)
        case "list":
            return isinstance(value, list) and all(
                isinstance(i, dict) and set(i) <= set(variable.fields) for i in value
            )
        case _:
            return isinstance(value, str)


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
