"""Prices: what a segment or a message costs through each carrier, by country."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from hub.send.routing import Route
from hub.store import prices, spend
from hub.store.database import Row
from hub.web.api.problems import invalid
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.routing import CHANNEL, COUNTRY, END, carrier_problem, carriers_of, id_or_none
from hub.web.api.rows import shop_of
from hub.web.api.schemas import ID, Schema, listed, shape

desk = Desk("prices")

AMOUNT: Schema = {"type": "string", "pattern": f"^[0-9]{{1,6}}([.][0-9]{{1,6}})?{END}"}
CURRENCY: Schema = {"type": "string", "pattern": f"^[A-Z]{{3}}{END}"}
_PRICE = shape(
    {
        "connection_id": ID,
        "channel": CHANNEL,
        "country": COUNTRY,
        "amount": AMOUNT,
        "currency": CURRENCY,
    }
)
_PRICES = shape({"items": {**listed(_PRICE), "maxItems": 2000}})
WAKES = ("send_transactional", "send_marketing")


@desk.route("GET /prices", scope="read", answers={200: _PRICES})
def listing(ask: Ask) -> Answer:
    """List the prices of one segment (SMS) or one message (RCS); "" is every other country."""
    with ask.begin() as db:
        return Answer(_shown(prices.listed(db, ask.workspace_id)))


@desk.route("PUT /prices", scope="manage", takes=_PRICES, answers={200: _PRICES})
def put(ask: Ask) -> Answer:
    """Write the whole price list. Messages that waited for a price are looked at again."""
    items = ask.body["items"]
    with ask.begin() as db:
        shop = shop_of(db, ask.workspace_id)
        problems = [*_problems(items, shop, carriers_of(ask, db))]
        if problems:
            raise invalid(*problems)
        prices.replace(db, ask.workspace_id, [_line(item) for item in items])
        spend.wake(db, ask.workspace_id, ask.ground.clock())
        return Answer(_shown(prices.listed(db, ask.workspace_id)), rings=WAKES)


def _problems(
    items: list[dict[str, Any]], shop: Row, of: Mapping[UUID, Route]
) -> Iterator[tuple[str, str]]:
    seen = set()
    for place, item in enumerate(items):
        id = id_or_none(item["connection_id"])
        line = (id, item["channel"], item["country"])
        if problem := carrier_problem(of, id, item["channel"]):
            yield f"items.{place}.connection_id", problem
        if line in seen:
            yield f"items.{place}", "This carrier, channel and country has a price already."
        if item["currency"] != shop["currency"]:
            words = f"This workspace counts in {shop['currency']}. Give the price in it."
            yield f"items.{place}.currency", words
        seen.add(line)


def _line(item: Mapping[str, Any]) -> dict[str, Any]:
    id = id_or_none(item["connection_id"])
    return {**item, "connection_id": id, "micros": prices.micros_of(Decimal(item["amount"]))}


def _shown(lines: Any) -> dict[str, Any]:
    return {
        "items": [
            {
                "connection_id": line["connection_id"],
                "channel": line["channel"],
                "country": line["country"],
                "amount": prices.amount_of(line["micros"]),
                "currency": line["currency"],
            }
            for line in lines
        ]
    }
