"""What a page shows, made of a message's variables: strangers wrote them, so each is read as what
it should be, and left out where it is not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from hub.compose.values import Unfit, clean, moment_of, money_of, number_of, text_of
from hub.store.links import may_lead_to
from hub.web.landing.telling import Tongue
from hub.web.landing.words import words

T = TypeVar("T")
LAYOUTS = ("basket", "appointment", "offer")
MOST_ITEMS = 20
SOON = timedelta(days=3)  # a page that ends later is in no hurry


@dataclass(frozen=True)
class Item:
    """One article: its picture is an address on the shop's side, or empty."""

    name: str
    picture: str = ""
    quantity: str = ""
    total: str = ""


@dataclass(frozen=True)
class Shown:
    """A page's words, ready to be printed; what is empty is not shown. `facts` are label and words
    of an appointment or an order."""

    layout: str
    heading: str
    button: str
    items: Sequence[Item] = ()
    more: str = ""
    total: str = ""
    facts: Sequence[tuple[str, str]] = ()
    code: str = ""
    note: str = ""
    ended: str = ""


@dataclass(frozen=True)
class _Told:
    """The variables, read."""

    values: Mapping[str, Any]
    tongue: Tongue
    pictures: str = field(default="https://")

    def text(self, name: str) -> str:
        return _or_empty(lambda: clean(text_of(self.values.get(name))))

    def money(self, name: str) -> str:
        return _or_empty(lambda: self.tongue.money(*money_of(self.values.get(name))))

    def moment(self, name: str) -> datetime | None:
        value = self.values.get(name)
        found = _read(lambda: moment_of(value, self.tongue.zone)) if value else None
        return found if isinstance(found, datetime) else None


def show(made_of: Mapping[str, Any], expires_at: datetime, now: datetime, own: str) -> Shown:
    """A page from a row of `links.page_of`. `own` is the hub's own address: pictures come from
    there or over https, from nowhere else."""
    values = made_of["variables"] if isinstance(made_of["variables"], Mapping) else {}
    told = _Told(values, Tongue(made_of["language"], made_of["zone"], now), f"{own}/")
    layout = _layout(made_of["page"], values)
    shown = _DRAWN[layout](told, made_of)
    return _with_code(shown, told, made_of, expires_at)


def _layout(wanted: str, values: Mapping[str, Any]) -> str:
    if wanted in LAYOUTS:
        return wanted
    if values.get("items"):
        return "basket"
    return "appointment" if values.get("starts_at") else "offer"


def _basket(told: _Told, made_of: Mapping[str, Any]) -> Shown:
    say, number = told.tongue.say, told.text("order_number")
    items, more = _items(told)
    total = told.money("cart_total") or told.money("order_total")
    if not number:
        heading, button = say("basket_title"), say("basket_button")
        return Shown("basket", heading, button, items, more, total)
    status, unpaid = told.text("status"), told.text("status") in ("pending", "failed")
    known = words(told.tongue.language).get(f"status_{status}", status)
    facts = [(say("status"), known)] if status else []
    button = say("pay_button" if unpaid and told.text("payment_url") else "order_button")
    return Shown("basket", say("order_title", number=number), button, items, more, total, facts)


def _appointment(told: _Told, made_of: Mapping[str, Any]) -> Shown:
    tongue = told.tongue
    starts, ends = told.moment("starts_at"), told.moment("ends_at")
    facts: list[tuple[str, str]] = []
    note = ended = ""
    if starts is not None:
        until = f" – {tongue.time(ends)}" if ends and ends > starts else ""
        facts.append((tongue.say("when"), f"{tongue.day(starts)}\n{tongue.time(starts)}{until}"))
        passed = (ends or starts) <= tongue.now
        ended = tongue.say("passed") if passed else ""
        note = tongue.ahead(starts) if starts > tongue.now else ""
    if told.text("place"):
        facts.append((tongue.say("where"), told.text("place")))
    heading = told.text("title") or tongue.say("appointment_title")
    button = tongue.say("appointment_button")
    return Shown("appointment", heading, button, facts=facts, note=note, ended=ended)


def _offer(told: _Told, made_of: Mapping[str, Any]) -> Shown:
    worth = _worth(made_of["terms"] or {}, told.tongue)
    say = told.tongue.say
    heading = say("offer_worth", worth=worth) if worth else say("offer_title")
    items, more = _items(told)
    return Shown("offer", heading, say("offer_button"), items, more)


_DRAWN: Mapping[str, Callable[[_Told, Mapping[str, Any]], Shown]] = {
    "basket": _basket,
    "appointment": _appointment,
    "offer": _offer,
}


def _worth(terms: Mapping[str, Any], tongue: Tongue) -> str:
    """What a code takes off: "20 %", "10,00 €"."""
    if terms.get("percent"):
        return _or_empty(lambda: tongue.percent(number_of(terms["percent"])))
    return _or_empty(lambda: tongue.money(*money_of(terms))) if terms.get("amount") else ""


def _items(told: _Told) -> tuple[list[Item], str]:
    """The articles, the one that the message speaks of first; and how many did not fit."""
    listed = told.values.get("items")
    raw = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    items = [item for one in raw if (item := _item(_Told(one, told.tongue, told.pictures))).name]
    first = told.text("first_item")
    items.sort(key=lambda item: item.name != first)
    left = len(items) - MOST_ITEMS
    say = told.tongue.say
    more = "" if left < 1 else say("more_one") if left == 1 else say("more_other", n=left)
    return items[:MOST_ITEMS], more


def _item(told: _Told) -> Item:
    many = _read(lambda: number_of(told.values.get("quantity")))
    quantity = told.tongue.say("quantity", n=f"{many:f}") if many and many != Decimal(1) else ""
    return Item(told.text("name"), _picture(told), quantity, told.money("total"))


def _picture(told: _Told) -> str:
    found = told.values.get("image")
    fits = isinstance(found, str) and found.startswith(("https://", told.pictures))
    return str(found) if fits and may_lead_to(str(found), ()) else ""


def _with_code(
    shown: Shown, told: _Told, made_of: Mapping[str, Any], expires_at: datetime
) -> Shown:
    """The code and how long it holds; without one, how long the page does, if that is soon."""
    tongue = told.tongue
    code = told.text("coupon") or str(made_of["code"] or "")
    until = told.moment("coupon_until") or made_of["code_until"]
    if code and until and until <= tongue.now:
        return replace(shown, code=code, ended=tongue.say("code_ended"))
    end = until if code else expires_at
    if shown.layout == "appointment" or end is None or (not code and end - tongue.now > SOON):
        return replace(shown, code=code)
    return replace(shown, code=code, note=tongue.deadline(end))


def _or_empty(reading: Callable[[], str]) -> str:
    return _read(reading) or ""


def _read(reading: Callable[[], T]) -> T | None:
    """What it gives, or None where a stranger's value is not what it should be."""
    try:
        return reading()
    except (Unfit, ValueError, LookupError):
        return None
