"""Prices, limits and what was spent, through the API."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from hub.store import spend
from hub.store.ground import Ground


def _fields(answer: Any) -> set[str]:
    assert answer.status_code == 422, answer.json
    return {error["field"] for error in answer.json["errors"]}


@pytest.fixture
def price(carrier: Any) -> dict[str, str]:
    """The price of an SMS through the workspace's carrier."""
    return {"connection_id": str(carrier.connection_id), "channel": "sms", "country": "",
            "amount": "0.045", "currency": "EUR"}  # fmt: skip


def cap(scope: str, key: str, amount: str = "5", period: str = "day") -> dict[str, str]:
    return {"scope": scope, "key": key, "period": period, "amount": amount}


def test_prices_are_written_and_read(program: Any, price: dict[str, str]):
    wanted = [price, price | {"country": "FR", "amount": "0.1"}]
    shown = {"items": [price, price | {"country": "FR", "amount": "0.10"}]}
    assert program.put("/prices", {"items": wanted}).json == shown
    assert program.get("/prices").json == shown


def test_a_price_is_one_carriers_in_the_workspaces_money(program: Any, price: dict[str, str]):
    items = [price, price, price | {"connection_id": str(uuid4())},
             price | {"country": "GB", "currency": "USD"}]  # fmt: skip
    assert _fields(program.put("/prices", {"items": items})) == {
        "items.1", "items.2.connection_id", "items.3.currency",
    }  # fmt: skip
    for amount in ("-1", "1,5", "1e3", "", "0.1234567", "NaN", "1\n"):
        assert _fields(program.put("/prices", {"items": [price | {"amount": amount}]}))


def test_limits_are_written_and_say_where_a_price_is_missing(program: Any, price: dict[str, str]):
    wanted = [cap("workspace", "", "250", "month"), cap("prefix", ""), cap("country", "FR"),
              cap("automation", "cart-reminder", "0.5")]  # fmt: skip
    made = program.put("/caps", {"items": wanted}).json
    assert made["currency"] == "EUR"
    assert {(c["scope"], c["key"], c["amount"]) for c in made["items"]} == {
        ("workspace", "", "250.00"), ("prefix", "", "5.00"), ("country", "FR", "5.00"),
        ("automation", "cart-reminder", "0.50"),
    }  # fmt: skip
    assert any(words.startswith("No price of SMS through") for words in made["warnings"])
    program.put("/prices", {"items": [price]})
    assert not any("of SMS" in words for words in program.get("/caps").json["warnings"])


def test_a_limit_that_would_limit_nothing_is_refused(program: Any):
    items = [cap("workspace", "FR"), cap("country", "fr"), cap("prefix", "3363"),
             cap("prefix", "33639980", period="month"), cap("automation", "gone"),
             cap("country", "FR"), cap("country", "FR")]  # fmt: skip
    assert _fields(program.put("/caps", {"items": items})) == {
        "items.0.key", "items.1.key", "items.2.key", "items.3.period", "items.4.key", "items.6",
    }  # fmt: skip


def test_what_was_spent_stands_beside_its_limit(
    program: Any, price: dict[str, str], ground: Ground, workspace: Any
):
    program.put("/prices", {"items": [price]})
    program.put("/caps", {"items": [cap("workspace", "", "1"), cap("country", "", "2", "month")]})
    with ground.database.begin() as db:
        lines = spend.lines_of(workspace, ["workspace:", "country:FR"], date(2026, 6, 10))
        spend.lock(db, lines)
        spend.add(db, dict.fromkeys(lines, (90000, 2)))
    found = program.get("/spending").json
    assert (found["day"], found["currency"], found["banners"]) == ("2026-06-10", "EUR", [])
    limits = {(i["scope"], i["period"]): (i["amount"], i["limit"]) for i in found["items"]}
    assert limits == {
        ("workspace", "day"): ("0.09", "1.00"), ("workspace", "month"): ("0.09", None),
        ("country", "day"): ("0.09", None), ("country", "month"): ("0.09", "2.00"),
    }  # fmt: skip
    assert program.get("/spending?day=2026-06-09").json["items"][0]["period"] == "month"
    assert program.get("/spending?day=2026-05-31").json["items"] == []
    assert program.get("/spending?day=tomorrow").status_code == 400
