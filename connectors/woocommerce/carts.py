"""A cart left behind: as the hub's own shop plugin tells it, or as a draft the poll has found."""

from collections.abc import Mapping
from datetime import datetime

from hub.contract import Consent, Event, Ignored, Person

from . import baskets, orders, people
from .documents import Document, fingerprint, moment, money, text, web_address


def told(cart: Document, settings: Mapping[str, str], received: datetime) -> list[Event] | Ignored:
    """The plugin's own document (topic relais.cart). Raises ValueError without a cart_id."""
    name = text(cart.get("cart_id"), 128)
    if not name:
        raise ValueError("The cart has no cart_id.")
    currency = orders.currency_of(cart)
    goods = orders.goods({"line_items": cart.get("items")}, currency)
    if not goods["items"]:
        return Ignored("The cart was emptied.")
    at = moment(cart.get("updated_at")) or received
    data = {
        "cart_id": name,
        "cart_total": money(cart.get("total"), currency),
        "cart_url": web_address(cart.get("recovery_url"))
        or baskets.link(settings, cart.get("items"), cart.get("version")),
        **goods,
    }
    subject = f"cart:{name}"
    key = f"{subject}:{text(cart.get('updated_at'), 40) or fingerprint(data)}"
    return [Event("cart.abandoned", key, subject, at, _visitor(cart, settings, at), data, subject)]


def left(order: Document, settings: Mapping[str, str], received: datetime) -> list[Event] | Ignored:
    """A checkout that was begun and left (topic relais.draft, made by the poll)."""
    number = orders.order_id(order)
    if orders.status(order) not in orders.DRAFTS | orders.UNPAID:
        return Ignored("This checkout has become an order.")
    if text(order.get("created_via"), 40).lower() in ("admin", "subscription"):
        return Ignored("This order was made in the back office, not left in a checkout.")
    currency = orders.currency_of(order)
    goods = orders.goods(order, currency)
    if not goods["items"]:
        return Ignored("There is nothing in this checkout.")
    at = moment(order.get("date_modified_gmt")) or received
    data = {
        "cart_id": number,
        "cart_total": money(order.get("total"), currency),
        "cart_url": _way_back(order, settings),
        **goods,
    }
    subject = f"order:{number}"
    key = f"cart:{subject}:{text(order.get('date_modified_gmt'), 40) or fingerprint(data)}"
    person = people.buyer(order, settings, moment(order.get("date_created_gmt")) or at)
    return [Event("cart.abandoned", key, subject, at, person, data, orders.cart_of(order))]


def _way_back(order: Document, settings: Mapping[str, str]) -> str:
    """An order that waits for its payment can be paid. A draft lacks what only the checkout asks
    for, and is deleted after a day: its basket is filled again."""
    pay = web_address(order.get("payment_url"))
    if orders.status(order) in orders.UNPAID:
        return pay
    return baskets.link(settings, order.get("line_items"), order.get("version")) or pay


def _visitor(cart: Document, settings: Mapping[str, str], at: datetime) -> Person:
    agreed = people.spoken(cart.get("consent"))
    words = text(cart.get("consent_text"), 1000)
    country = text(cart.get("country"), 2) or settings.get("country", "")
    return Person(
        phone=text(cart.get("phone"), 64),
        country=country.strip().upper(),
        first_name=text(cart.get("first_name"), 254),
        last_name=text(cart.get("last_name"), 254),
        email=text(cart.get("email"), 254),
        language=people.language_code(cart.get("language")),
        consent=None if agreed is None else Consent(agreed, "woocommerce cart", at, words),
    )
