"""The shop's documents, in the form a real one answered (see the recorded rest_*.json)."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

Row = dict[str, Any]

# The recorded shop was 9.9.5; the link that fills a basket came with 10.
VERSION = "10.3.0"

_RECORDED = Path(__file__).parent.parent / "fixtures"
_ADDRESSED = ("billing", "shipping")
_OF_PRODUCTS = ("product_id", "variation_id", "image")


def recorded(name: str) -> Row:
    """A recorded answer: {"status", "headers", "body"}."""
    found: Row = json.loads((_RECORDED / f"{name}.json").read_text("utf-8"))
    return found


_ORDER = json.dumps(recorded("rest_order_created")["body"])
_REFUND = json.dumps(recorded("rest_order_refund")["body"])
_WEBHOOK = json.dumps(recorded("rest_webhook_created")["body"])


def order(number: int, base: str, given: Mapping[str, Any]) -> Row:
    """An order without dates; `given` holds the fields a client may send."""
    made: Row = json.loads(_ORDER)
    made["version"] = VERSION
    key = f"wc_order_{number:013d}"
    made |= {"id": number, "number": str(number), "order_key": key, "meta_data": []}
    made["payment_url"] = f"{base}/checkout/order-pay/{number}/?pay_for_order=true&key={key}"
    made["_links"] = _links(base, f"orders/{number}")
    for place in _ADDRESSED:
        made[place] = dict.fromkeys(made[place], "") | dict(given.get(place) or {})
    for name in ("status", "currency", "customer_id", "payment_method", "created_via"):
        made[name] = given.get(name, made[name])
    made["line_items"] = [_line(i, row) for i, row in enumerate(given.get("line_items") or (), 1)]
    made["total"] = _sum(row["total"] for row in made["line_items"])
    return made


def refund(number: int, order_number: int, base: str, amount: str, reason: str) -> Row:
    """A refund as its own route shows it, without dates."""
    made: Row = json.loads(_REFUND)
    links = _links(base, f"orders/{order_number}/refunds/{number}")
    return made | {"id": number, "amount": amount, "reason": reason, "_links": links}


def customer(number: int, base: str, given: Mapping[str, Any]) -> Row:
    """A customer without dates."""
    empty = json.loads(_ORDER)
    names = ("email", "first_name", "last_name", "username")
    return {
        "id": number,
        **{name: given.get(name, "") for name in names},
        "role": "customer",
        "billing": dict.fromkeys(empty["billing"], "") | dict(given.get("billing") or {}),
        "shipping": dict.fromkeys(empty["shipping"], "") | dict(given.get("shipping") or {}),
        "is_paying_customer": False,
        "avatar_url": "",
        "meta_data": [],
        "_links": _links(base, f"customers/{number}"),
    }


def coupon(number: int, base: str, given: Mapping[str, Any]) -> Row:
    """A coupon without dates; the till looks at its limits."""
    limits = ("usage_limit", "usage_limit_per_user", "limit_usage_to_x_items")
    lists = ("product_ids", "excluded_product_ids", "product_categories", "email_restrictions")
    return {
        "id": number,
        "status": "publish",
        "description": str(given.get("description") or ""),
        "usage_count": 0,
        "individual_use": bool(given.get("individual_use")),
        **{name: given.get(name) for name in limits},
        **{name: list(given.get(name) or ()) for name in lists},
        "free_shipping": False,
        "used_by": [],
        "meta_data": [{"id": n, **row} for n, row in enumerate(given.get("meta_data") or (), 1)],
        "_links": _links(base, f"coupons/{number}"),
    }


def webhook(number: int, base: str, given: Mapping[str, Any]) -> Row:
    """A webhook; its secret is kept apart, since the shop never shows it."""
    made: Row = json.loads(_WEBHOOK)
    resource, _, event = str(given["topic"]).partition(".")
    own = {name: given[name] for name in ("topic", "delivery_url")}
    return made | {
        **own,
        "id": number,
        "name": given.get("name") or f"Webhook {number}",
        "status": given.get("status") or "active",
        "resource": resource,
        "event": event,
        "hooks": [],
        "_links": _links(base, f"webhooks/{number}"),
    }


def note(number: int, order_number: int, base: str, given: Mapping[str, Any]) -> Row:
    """An order note without dates."""
    return {
        "id": number,
        "author": "WooCommerce",
        "note": str(given.get("note") or ""),
        "customer_note": bool(given.get("customer_note")),
        "_links": _links(base, f"orders/{order_number}/notes/{number}"),
    }


def problem(code: str, message: str, status: int) -> Row:
    """An error's body."""
    return {"code": code, "message": message, "data": {"status": status}}


def stamp(at: datetime) -> str:
    """A time as the shop writes it, without its zone."""
    return at.strftime("%Y-%m-%dT%H:%M:%S")


def as_sent(document: Mapping[str, Any]) -> bytes:
    """JSON as PHP writes it: escaped slashes, escaped letters beyond ASCII."""
    return json.dumps(document, separators=(",", ":")).replace("/", "\\/").encode()


def lines(items: Sequence[tuple[str, int, str]]) -> list[Row]:
    """(name, quantity, total) → the lines of an order."""
    return [{"name": n, "quantity": q, "total": total} for n, q, total in items]


def _line(number: int, given: Mapping[str, Any]) -> Row:
    made: Row = dict(json.loads(_ORDER)["line_items"][0])
    total = f"{Decimal(str(given.get('total') or given.get('price') or '0')):.2f}"
    quantity = int(given.get("quantity") or 1)
    price = float(Decimal(total) / quantity)
    own = {"id": number, "name": str(given.get("name") or "Ribbon"), "quantity": quantity}
    known = {name: given[name] for name in _OF_PRODUCTS if name in given}
    return made | own | known | {"total": total, "subtotal": total, "price": price}


def _sum(totals: Any) -> str:
    return f"{sum((Decimal(t) for t in totals), Decimal(0)):.2f}"


def _links(base: str, path: str) -> Row:
    own = f"{base}/wp-json/wc/v3/{path}"
    return {"self": [{"href": own}], "collection": [{"href": own.rsplit("/", 1)[0]}]}
