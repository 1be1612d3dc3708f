"""The REST v3 routes that a connector calls: method and path → status, headers, document."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from . import listing
from .memory import Memory, Problem
from .webhooks import Webhooks

Answer = tuple[int, dict[str, str], Any]
BATCH = 100


@dataclass(frozen=True)
class Call:
    """One call: the shop, the ids in the path, the query, the JSON body."""

    shop: Memory
    webhooks: Webhooks
    ids: tuple[int, ...]
    query: Mapping[str, str]
    body: Mapping[str, Any]


def answer(method: str, path: str, call: Call) -> Answer:
    """`path` begins behind wc/v3/. Raises Problem."""
    for route_method, pattern, answers in _ROUTES:
        match = re.fullmatch(pattern, path)
        if match and route_method == ("PUT" if method in ("PATCH", "PUT") else method):
            ids = tuple(int(found) for found in match.groups())
            return answers(Call(call.shop, call.webhooks, ids, call.query, call.body))
    words = "No route was found matching the URL and request method."
    raise Problem("rest_no_route", words, 404)


def _list(rows: list[dict[str, Any]], call: Call) -> Answer:
    page, total, pages = listing.page_of(rows, call.query)
    return 200, {"X-WP-Total": str(total), "X-WP-TotalPages": str(pages)}, page


def _index(call: Call) -> Answer:
    return 200, {}, {"namespace": "wc/v3", "routes": {}}


def _orders(call: Call) -> Answer:
    # A copy: other threads place orders meanwhile.
    return _list(listing.orders(list(call.shop.orders.values()), call.query), call)


def _order(call: Call) -> Answer:
    return 200, {}, call.shop.order(call.ids[0])


def _add_order(call: Call) -> Answer:
    return 201, {}, call.shop.add_order({"created_via": "rest-api", **call.body})


def _change_order(call: Call) -> Answer:
    return 200, {}, call.shop.change_order(call.ids[0], call.body)


def _remove_order(call: Call) -> Answer:
    return 200, {}, call.shop.remove_order(call.ids[0])


def _notes(call: Call) -> Answer:
    return 200, {}, call.shop.notes_of(call.ids[0])


def _add_note(call: Call) -> Answer:
    if not call.body.get("note"):
        words = "Missing parameter(s): note"
        raise Problem("rest_missing_callback_param", words, 400)
    return 201, {}, call.shop.add_note(call.ids[0], call.body)


def _refunds(call: Call) -> Answer:
    call.shop.order(call.ids[0])
    return _list(call.shop.refunds.get(call.ids[0], []), call)


def _add_refund(call: Call) -> Answer:
    amount, reason = str(call.body.get("amount") or "0"), str(call.body.get("reason") or "")
    return 201, {}, call.shop.add_refund(call.ids[0], amount, reason)


def _coupons(call: Call) -> Answer:
    code = call.query.get("code", "").lower()
    found = [row for row in call.shop.codes.rows.values() if not code or row["code"] == code]
    found.sort(key=lambda row: row["id"], reverse=call.query.get("order") != "asc")
    return _list(found, call)


def _add_coupon(call: Call) -> Answer:
    return 201, {}, call.shop.add_coupon(call.body)


def _add_coupons(call: Call) -> Answer:
    """Each answers for itself; without any there is PHP's empty array."""
    wanted = call.body.get("create") or []
    if len(wanted) > BATCH:
        words = f"Unable to accept more than {BATCH} items for this request."
        raise Problem("woocommerce_rest_request_entity_too_large", words, 413)
    return 200, {}, {"create": [_made(call.shop, given) for given in wanted]} if wanted else []


def _made(shop: Memory, given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return shop.add_coupon(given)
    except Problem as problem:
        return {"id": 0, "error": problem.body}


def _currency(call: Call) -> Answer:
    return 200, {}, {"code": call.shop.currency, "name": call.shop.currency}


def _customers(call: Call) -> Answer:
    return _list(list(call.shop.customers.values()), call)


def _add_customer(call: Call) -> Answer:
    return 201, {}, call.shop.add_customer(call.body)


def _customer(call: Call) -> Answer:
    found = call.shop.customers.get(call.ids[0])
    if found is None:
        raise Problem("woocommerce_rest_invalid_id", "Invalid resource ID.", 404)
    return 200, {}, found


def _change_customer(call: Call) -> Answer:
    return 200, {}, call.shop.change_customer(call.ids[0], call.body)


def _webhooks(call: Call) -> Answer:
    return _list(list(call.webhooks.rows.values()), call)


def _webhook(call: Call) -> Answer:
    return 200, {}, call.webhooks.one(call.ids[0])


def _add_webhook(call: Call) -> Answer:
    return 201, {}, call.webhooks.add(call.body)


def _change_webhook(call: Call) -> Answer:
    return 200, {}, call.webhooks.change(call.ids[0], call.body)


def _remove_webhook(call: Call) -> Answer:
    if call.query.get("force") not in ("true", "1"):
        words = "Webhooks do not support trashing."
        raise Problem("woocommerce_rest_trash_not_supported", words, 501)
    return 200, {}, call.webhooks.remove(call.ids[0])


_ROUTES: tuple[tuple[str, str, Callable[[Call], Answer]], ...] = (
    ("GET", r"", _index),
    ("GET", r"orders", _orders),
    ("POST", r"orders", _add_order),
    ("GET", r"orders/(\d+)", _order),
    ("PUT", r"orders/(\d+)", _change_order),
    ("DELETE", r"orders/(\d+)", _remove_order),
    ("GET", r"orders/(\d+)/notes", _notes),
    ("POST", r"orders/(\d+)/notes", _add_note),
    ("GET", r"orders/(\d+)/refunds", _refunds),
    ("POST", r"orders/(\d+)/refunds", _add_refund),
    ("GET", r"coupons", _coupons),
    ("POST", r"coupons", _add_coupon),
    ("POST", r"coupons/batch", _add_coupons),
    ("GET", r"data/currencies/current", _currency),
    ("GET", r"customers", _customers),
    ("POST", r"customers", _add_customer),
    ("GET", r"customers/(\d+)", _customer),
    ("PUT", r"customers/(\d+)", _change_customer),
    ("GET", r"webhooks", _webhooks),
    ("POST", r"webhooks", _add_webhook),
    ("GET", r"webhooks/(\d+)", _webhook),
    ("PUT", r"webhooks/(\d+)", _change_webhook),
    ("DELETE", r"webhooks/(\d+)", _remove_webhook),
)
