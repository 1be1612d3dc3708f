"""Spending: what has been spent, and the limits that keep messages from costing more."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from hub.send import spending
from hub.send.bills import zone_of
from hub.store import automations, prices, spend
from hub.store.database import Row
from hub.web.api.prices import AMOUNT, CURRENCY, WAKES
from hub.web.api.problems import Problem, invalid
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.routing import carriers_of
from hub.web.api.rows import shop_of
from hub.web.api.schemas import DAY, listed, one_of, optional, shape, text, whole

desk = Desk("spending")

_NAMED = {
    "scope": one_of(*spend.PERIODS),
    "key": text(80),
    "period": one_of("day", "month"),
}
_CAPS = {"items": {**listed(shape({**_NAMED, "amount": AMOUNT})), "maxItems": 2000}}
_SHOWN = shape({**_CAPS, "currency": CURRENCY, "warnings": listed(text(300))})
_SPENT = shape(
    {
        "day": DAY,
        "currency": CURRENCY,
        "items": listed(
            shape(
                {
                    **_NAMED,
                    "since": DAY,
                    "amount": text(40),
                    "messages": whole(-(10**9), 10**9),
                    "limit": optional(text(40)),
                }
            )
        ),
        "banners": listed(text(300)),
    }
)
_KEYS = {
    "workspace": ("", "A limit of the whole workspace has no key."),
    "country": ("([A-Z]{2})?", "Give a country of two capitals, or nothing for each."),
    "prefix": ("([1-9][0-9]{7})?", "Give the first eight digits of numbers, or nothing for each."),
}


@desk.route("GET /caps", scope="read", answers={200: _SHOWN})
def caps(ask: Ask) -> Answer:
    """List the limits on spending. A key left empty stands for each that has none of its own."""
    with ask.begin() as db:
        return Answer(_shown(ask, db))


@desk.route("PUT /caps", scope="manage", takes=shape(_CAPS), answers={200: _SHOWN})
def put_caps(ask: Ask) -> Answer:
    """Write all limits. Messages that a limit kept are looked at again."""
    items = ask.body["items"]
    with ask.begin() as db:
        problems = [*_problems(items, db, ask)]
        if problems:
            raise invalid(*problems)
        lines = [{**item, "micros": prices.micros_of(Decimal(item["amount"]))} for item in items]
        spend.replace_caps(db, ask.workspace_id, lines)
        spend.wake(db, ask.workspace_id, ask.ground.clock())
        return Answer(_shown(ask, db), rings=WAKES)


@desk.route("GET /spending", scope="read", query=("day",), answers={200: _SPENT})
def spent(ask: Ask) -> Answer:
    """Look at what was spent on a day and in its month, beside the limits."""
    with ask.begin() as db:
        shop = shop_of(db, ask.workspace_id)
        day = _day(ask, shop)
        limits = spend.caps_of(db, [ask.workspace_id])
        found = spending.spent(db, ask.workspace_id, day)
        said = spending.banners(db, ask.workspace_id, day)
    items = [{**_line(line), "limit": _limit(line, limits)} for line in found]
    return Answer({"day": day, "currency": shop["currency"], "items": items, "banners": said})


def _problems(items: list[dict[str, Any]], db: Connection, ask: Ask) -> Iterator[tuple[str, str]]:
    slugs = {row["slug"] for row in automations.by_workspaces(db, [ask.workspace_id])}
    seen = set()
    for place, item in enumerate(items):
        line = (item["scope"], item["key"], item["period"])
        if line in seen:
            yield f"items.{place}", "This limit is given twice."
        seen.add(line)
        if item["period"] not in spend.PERIODS[item["scope"]]:
            yield f"items.{place}.period", "A range of numbers has limits by the day only."
        if problem := key_problem(item["scope"], item["key"], slugs):
            yield f"items.{place}.key", problem


def key_problem(scope: str, key: str, slugs: set[str]) -> str:
    """Why a limit cannot be of this; empty where it can."""
    if scope == "automation":
        known = not key or key in slugs
        return "" if known else "There is no such automation in this workspace."
    pattern, words = _KEYS[scope]
    return "" if re.fullmatch(pattern, key) else words


def _shown(ask: Ask, db: Connection) -> dict[str, Any]:
    limits = spend.caps_of(db, [ask.workspace_id])
    items = [
        {"scope": scope, "key": key, "period": period, "amount": prices.amount_of(micros)}
        for (_, scope, key, period), micros in limits.items()
    ]
    currency = shop_of(db, ask.workspace_id)["currency"]
    warnings = list(_unpriced(ask, db)) if limits else []
    return {"items": items, "currency": currency, "warnings": warnings}


def _unpriced(ask: Ask, db: Connection) -> Iterator[str]:
    """Where a limit would keep everything, as there is no price to hold against it."""
    known = {
        (line["connection_id"], line["channel"]) for line in prices.listed(db, ask.workspace_id)
    }
    for id, route in carriers_of(ask, db).items():
        for channel in route.carrier.channels_of(route.row["settings"]):
            if (id, channel) not in known:
                yield (
                    f"No price of {channel.upper()} through {route.name} is known: its messages "
                    "wait until you enter one."
                )


def _day(ask: Ask, shop: Row) -> date:
    given = ask.args.get("day", "")
    try:
        return date.fromisoformat(given) if given else _today(ask, shop)
    except ValueError:
        words = "Give a day such as 2026-06-10."
        raise Problem("bad-query", "Correct the day.", [("day", words)]) from None


def _today(ask: Ask, shop: Row) -> date:
    return ask.ground.clock().astimezone(zone_of(shop)).date()


def _line(line: Row) -> dict[str, Any]:
    names = ("scope", "key", "period", "since", "messages")
    return {**{n: line[n] for n in names}, "amount": prices.amount_of(line["micros"])}


def _limit(line: Row, limits: Mapping[spend.Cap, int]) -> str | None:
    for key in (line["key"], ""):
        found = limits.get((line["workspace_id"], line["scope"], key, line["period"]))
        if found is not None:
            return prices.amount_of(found)
    return None
