"""An order's document → what happened to it, under keys that push and poll share."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from html import unescape
from typing import Any

from hub.contract import Event, Ignored

from . import people
from .documents import Document, identity, moment, money, number, part, rows, text, web_address

DRAFTS = frozenset(("checkout-draft", "auto-draft", "draft", "new"))
UNPAID = frozenset(("pending", "failed"))


def events(
    order: Document, settings: Mapping[str, str], received: datetime
) -> list[Event] | Ignored:
    """Everything this state of an order proves has happened; the keys make the known ones idle."""
    state = status(order)
    why_not = _not_yet(state)
    if why_not:
        return Ignored(why_not)
    as_it_is = _read(order, settings, received)
    return [
        *_placed(order, state, as_it_is),
        _reached(order, state, as_it_is),
        *_paid(order, state, as_it_is),
        *_refunded(order, as_it_is),
    ]


def deleted(order: Document, received: datetime) -> list[Event]:
    """The shop tells of a removed order nothing but its id."""
    number_ = order_id(order)
    subject = f"order:{number_}"
    data = {"order_id": number_}
    return [
        Event("order.deleted", f"{subject}:deleted", subject, received, data=data, cart=subject)
    ]


def order_id(order: Document) -> str:
    """The order's id as text. Raises ValueError."""
    found = identity(order.get("id"))
    if found in ("", "0"):
        raise ValueError("The delivery does not say which order it is about.")
    return found


def status(order: Document) -> str:
    """The order's status, without the prefix the database gives it. Raises ValueError."""
    found = text(order.get("status"), 60).lower().removeprefix("wc-")
    if not found:
        raise ValueError("The order has no status.")
    return found


def goods(order: Document, currency: str) -> dict[str, Any]:
    """The variables about what was bought."""
    listed = [_item(row, currency) for row in rows(order.get("line_items"))]
    return {
        "items": listed,
        "item_count": sum(item["quantity"] for item in listed),
        "first_item": listed[0]["name"] if listed else "",
    }


def currency_of(order: Document) -> str:
    """The order's currency (ISO 4217), or an empty text."""
    return text(order.get("currency"), 8).upper()


def cart_of(order: Document) -> str:
    """The cart an order belongs to: the one a plugin noted, else the draft it began as."""
    noted = people.note(order, "_relais_cart_id")
    return f"cart:{noted}" if noted else f"order:{order_id(order)}"


def _not_yet(state: str) -> str:
    if state in DRAFTS:
        return (
            "This is an open checkout, not an order yet; if it is left, the hub finds it as a cart."
        )
    if state == "trash":
        return "The order was moved to the bin."
    if state == "pending":
        return "The order is waiting for payment; if it is left, the hub finds it as a cart."
    return ""


def _placed(order: Document, state: str, as_it_is: Event) -> Iterator[Event]:
    # A shop cancels unpaid orders by itself: a confirmation must not follow that.
    never_paid = state in UNPAID or (state == "cancelled" and not _when(order, "date_paid"))
    if not never_paid:
        yield _event(as_it_is, "order.created", "created", _when(order, "date_created"))


def _reached(order: Document, state: str, as_it_is: Event) -> Event:
    told_by = {"completed": "date_completed", "processing": "date_paid"}.get(state, "")
    at = _when(order, told_by) or _when(order, "date_modified")
    return _event(as_it_is, "order.status_changed", f"status:{state}", at)


def _paid(order: Document, state: str, as_it_is: Event) -> Iterator[Event]:
    at = _when(order, "date_paid")
    if at and state not in UNPAID:
        yield _event(as_it_is, "order.paid", "paid", at)


def _refunded(order: Document, as_it_is: Event) -> Iterator[Event]:
    at = _when(order, "date_modified")
    refunds = {identity(row.get("id")): row for row in rows(order.get("refunds"))}
    refunds.pop("", None)
    for key, refund in refunds.items():
        total = text(refund.get("total"), 40) or text(refund.get("amount"), 40)
        more = {
            "refund_amount": money(total.lstrip("-"), currency_of(order)),
            "refund_reason": text(refund.get("reason")),
        }
        yield _event(as_it_is, "order.refunded", f"refund:{key}", at, more)


def _read(order: Document, settings: Mapping[str, str], received: datetime) -> Event:
    """Who and what an order is about, the same for everything that has happened to it."""
    return Event(
        type="order.status_changed",
        key="",
        subject=f"order:{order_id(order)}",
        occurred_at=received,
        person=people.buyer(order, settings, _when(order, "date_created") or received),
        data=_variables(order),
        cart=cart_of(order),
    )


def _event(
    as_it_is: Event, kind: str, key: str, at: datetime | None, more: Mapping[str, Any] | None = None
) -> Event:
    return replace(
        as_it_is,
        type=kind,
        key=f"{as_it_is.subject}:{key}",
        occurred_at=at or as_it_is.occurred_at,
        data={**as_it_is.data, **(more or {})},
    )


def _variables(order: Document) -> dict[str, Any]:
    currency = currency_of(order)
    return {
        "order_id": order_id(order),
        "order_number": text(order.get("number"), 60) or order_id(order),
        "order_total": money(order.get("total"), currency),
        "status": status(order),
        "payment_url": web_address(order.get("payment_url")),
        "codes": _codes(order),
        **goods(order, currency),
    }


def _codes(order: Document) -> list[dict[str, str]]:
    named = (text(row.get("code"), 128) for row in rows(order.get("coupon_lines")))
    return [{"code": code} for code in named if code]


def _item(row: Document, currency: str) -> dict[str, Any]:
    quantity = number(row.get("quantity"))
    shown = {"image": _picture(row), "url": _page(row)}
    return {
        "name": unescape(text(row.get("name"), 200)),
        "quantity": 1 if quantity is None else quantity,
        "total": money(row.get("total"), currency),
        **{name: found for name, found in shown.items() if found},
    }


def _picture(row: Document) -> str:
    """An order's line has it as {"id", "src"}, a cart's as the address itself."""
    return web_address(part(row, "image").get("src")) or web_address(row.get("image"))


def _page(row: Document) -> str:
    """The product's own page; an order's line does not have it."""
    return web_address(row.get("permalink")) or web_address(row.get("url"))


def _when(order: Document, name: str) -> datetime | None:
    return moment(order.get(f"{name}_gmt"))
