"""What a delivery means: its signature, its name, its orders. Bytes only: no network, no clock."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from hub.contract import Event, Money, Person, Rejected, Request
from hub.local.chaos.signing import SIGNATURE, is_signed


def verify(request: Request, secrets: Mapping[str, str]) -> None:
    """Raises Rejected unless the body was signed with the connection's webhook secret."""
    if not is_signed(request.body, secrets.get("webhook_secret", ""), request.header(SIGNATURE)):
        raise Rejected("The delivery is not signed with this connection's secret.")


def dedupe(request: Request) -> str:
    """The same body is the same delivery, whatever id it comes under: the till's ids come again."""
    return hashlib.sha256(request.body).hexdigest()


def parse(request: Request, settings: Mapping[str, str]) -> Sequence[Event]:
    """The orders of one delivery. Raises ValueError when it cannot be read."""
    try:
        return tuple(_event(one) for one in orjson.loads(request.body)["orders"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"The delivery lacks {error}.") from None


def _event(one: Mapping[str, Any]) -> Event:
    number = str(one["id"])
    return Event(
        type="order.created",
        key=f"order:{number}",
        subject=f"order:{number}",
        occurred_at=datetime.fromisoformat(one["placed_at"]),
        person=Person(phone=one["phone"], first_name=one["first_name"], language="en"),
        data={
            "order_id": number,
            "order_number": number,
            "order_total": Money(Decimal(one["total"]), "EUR").as_json(),
            "items": [{"name": line["name"], "quantity": 1} for line in one["items"]],
        },
    )
