"""The recorded order, changed for a test, and what is read from it."""

import json
from pathlib import Path
from typing import Any

from hub.contract import Ignored, Request

from . import events

FIXTURES = Path(__file__).parent / "fixtures"
RECORDED = json.loads((FIXTURES / "order.created__rest.json").read_text("utf-8"))
ORDER: dict[str, Any] = json.loads(RECORDED["body"])
CART: dict[str, Any] = {
    "cart_id": "c-81",
    "updated_at": "2026-06-12T09:00:00Z",
    "currency": "EUR",
    "total": "39.90",
    "items": [{"name": "Linen shirt", "quantity": 1, "total": "39.90"}],
    "phone": "06 39 98 01 23",
    "country": "fr",
    "language": "fr_FR",
    "consent": True,
    "consent_text": "Yes, text me offers.",
    "recovery_url": "https://shop.example.com/cart/81",
}


def delivery(document: Any, topic: str = "order.updated", **headers: str) -> Request:
    """A delivery of this document, or of these bytes, without a signature."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    named = {"X-WC-Webhook-Topic": topic, **{k.replace("_", "-"): v for k, v in headers.items()}}
    return Request.of("POST", named, body)


def parsed(
    document: Any,
    topic: str = "order.updated",
    settings: dict[str, str] | None = None,
    **headers: str,
) -> Any:
    """What the connector reads in it."""
    return events.parse(delivery(document, topic, **headers), settings or {})


def kinds(found: Any) -> list[str]:
    """The types of the events read."""
    return [] if isinstance(found, Ignored) else [e.type for e in found]


def with_meta(*rows: tuple[str, Any], **more: Any) -> dict[str, Any]:
    """The order with this meta."""
    return ORDER | {"meta_data": [{"id": 1, "key": k, "value": v} for k, v in rows]} | more
