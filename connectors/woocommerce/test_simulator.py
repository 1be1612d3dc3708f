import json
import logging
import traceback
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from woocommerce import API

from hub.contract import AuthLost, Refused, Unavailable
from hub.contract.kit.simulator import Faults, serve

from . import check, client, grant, subscriptions

FIXTURES = Path(__file__).parent / "fixtures"


def answer(name):
    return json.loads((FIXTURES / f"rest_{name}.json").read_text("utf-8"))


def shape(value):
    if isinstance(value, dict):
        return {k: shape(v) for k, v in value.items() if k != "_links"}
    return [shape(value[0])] if isinstance(value, list) and value else type(value).__name__


@pytest.fixture
def api(ctx):
    secrets = ctx.secrets
    return API(ctx.settings["url"], secrets["consumer_key"], secrets["consumer_secret"], timeout=5)


def test_it_answers_in_the_form_of_the_recorded_shop(shop, api, ctx):
    line = {"name": "Ribbon", "quantity": 2, "total": "25.00"}
    meta = {"key": "sms_optin", "value": "yes"}
    sent = {"status": "processing", "payment_method": "cod", "currency": "USD"}
    made = api.post("orders", {**sent, "line_items": [line], "meta_data": [meta]})
    recorded = answer("order_created")
    assert made.status_code == recorded["status"]
    assert shape(made.json()) == shape(recorded["body"])
    refunded = api.post(f"orders/{made.json()['id']}/refunds", {"amount": "5.00"})
    assert shape(refunded.json()) == shape(answer("order_refund")["body"])
    hook = api.post("webhooks", {"topic": "order.created", "delivery_url": ctx.hook_url})
    assert set(hook.json()) == set(answer("webhook_created")["body"])
    listed = api.get("orders", params={"modified_after": "2020-01-01T00:00:00"})
    assert listed.headers["X-WP-Total"] == "1"
    assert set(listed.json()[0]) == set(answer("orders_modified_after")["body"][0])


def test_it_refuses_in_the_words_of_the_recorded_shop(api, ctx):
    missing = api.get("orders/999")
    recorded = answer("404_order")
    assert (missing.status_code, missing.json()) == (recorded["status"], recorded["body"])
    url = f"{ctx.settings['url']}/wp-json/wc/v3/orders"
    denied = requests.get(url, auth=("ck_wrong", "cs_wrong"), timeout=5)
    recorded = answer("401_bad_key")
    assert (denied.status_code, denied.json()) == (recorded["status"], recorded["body"])


def test_keys_are_taken_from_the_header_and_from_the_query(ctx):
    url = f"{ctx.settings['url']}/wp-json/wc/v3/orders"
    pair = {n: ctx.secrets[n] for n in ("consumer_key", "consumer_secret")}
    assert requests.get(url, auth=tuple(pair.values()), timeout=5).status_code == 200
    assert requests.get(url, params=pair, timeout=5).status_code == 200


def test_an_oauth_call_replayed_or_altered_is_refused(ctx, api, monkeypatch):
    heard = []
    monkeypatch.setattr("woocommerce.api.request", lambda **call: heard.append(call["url"]))
    api.get("orders", params={"page": 1})
    assert requests.get(heard[0], timeout=5).status_code == 200
    assert requests.get(heard[0], timeout=5).json()["message"].startswith("Invalid nonce")
    altered = requests.get(heard[0].replace("page=1", "page=2"), timeout=5)
    assert altered.json()["message"].startswith("Invalid signature")


def test_a_lost_delivery_is_not_sent_again_and_a_double_one_comes_twice(shop, ctx, ear):
    subscriptions.subscribe(ctx)
    shop.lose_next(1)
    shop.place_order()
    assert shop.flush()
    assert len(ear[0].topics()) == 1
    shop.deliver_twice()
    shop.place_order()
    assert shop.flush()
    assert len(ear[0].topics()) == 5
    assert [s.status for s in shop.deliveries_log].count(0) == 1


def test_deliveries_can_overtake_each_other(shop, ctx, ear):
    subscriptions.subscribe(ctx)
    shop.shuffle()
    for _ in range(20):
        shop.place_order()
    assert shop.flush()
    arrived = [json.loads(r.body)["id"] for r in ear[0].heard if r.body.startswith(b"{")]
    assert Counter(Counter(arrived).values()) == {2: 20}


def test_a_cart_is_told_like_the_plugin_would(shop, ctx, ear, read):
    subscriptions.subscribe(ctx)
    name = shop.abandon_cart(phone="06 39 98 01 23", country="FR", language="fr")
    shop.place_order(cart_id=name)
    assert shop.flush()
    found = read(ear[0].heard)
    assert Counter(e.type for e in found)["cart.abandoned"] == 1
    assert {e.cart for e in found} == {f"cart:{name}"}


def test_a_full_refund_changes_the_status_and_a_partial_one_does_not(shop):
    order_id = shop.place_order()
    shop.refund(order_id, "4.90")
    assert shop.memory.order(order_id)["status"] == "processing"
    shop.refund(order_id, "60.00")
    assert shop.memory.order(order_id)["status"] == "refunded"


def test_five_thousand_orders_are_listed_page_by_page(shop, api):
    for _ in range(5_000):
        shop.place_order()
    query = {"per_page": 100, "page": 50, "orderby": "modified", "order": "asc"}
    listed = api.get("orders", params=query)
    assert (listed.headers["X-WP-TotalPages"], len(listed.json())) == ("50", 100)


def test_the_consent_page_hands_out_keys_that_work(shop, ctx, ear):
    url = grant.url(ctx.settings, "st-1", "https://hub.example.com/back", ear[1])
    page = requests.get(url, timeout=5)
    assert "Approve" in page.text
    granted = requests.get(url.replace("authorize", "access_granted"), timeout=5,
                           allow_redirects=False)  # fmt: skip
    assert granted.headers["Location"] == "https://hub.example.com/back?success=1&user_id=st-1"
    state, secrets = grant.read(ear[0].heard[-1])
    assert state == "st-1"
    assert check(replace(ctx, secrets=secrets)).label == client.host(ctx.settings)


def test_wrong_keys_are_told_in_the_shop_s_words(ctx):
    with pytest.raises(AuthLost, match="Invalid signature"):
        check(replace(ctx, secrets={**ctx.secrets, "consumer_secret": "cs_x"}))
    with pytest.raises(AuthLost, match="Consumer key is invalid"):
        check(replace(ctx, secrets={**ctx.secrets, "consumer_key": "ck_x"}))


@pytest.mark.parametrize(("flag", "in_query"), [("", False), ("1", True)])
def test_over_https_the_keys_stand_in_the_query_only_where_it_was_asked(
    ctx, monkeypatch, flag, in_query
):
    heard = []

    def request(**call):
        heard.append(call)
        raise requests.ConnectTimeout

    monkeypatch.setattr("woocommerce.api.request", request)
    asked = {"url": "https://shop.example.com", "query_string_auth": flag}
    with pytest.raises(Unavailable):
        check(replace(ctx, settings=asked))
    (call,) = heard
    assert ("consumer_secret" in call["params"]) is in_query
    assert (call["auth"] is None) is in_query
    assert (call["allow_redirects"], call["timeout"]) == (False, (5.0, 5.0))


class Elsewhere:
    """A host that sends everything on to another address."""

    faults = Faults()

    def wsgi(self, environ, start_response):
        """301 for all."""
        start_response("301 Moved Permanently", [
            ("Location", "https://www.shop.example.com/wp-json/?consumer_key=x"),
            ("Content-Length", "0"),
        ])  # fmt: skip
        return [b""]


def test_a_shop_at_another_address_is_named_and_never_followed(ctx):
    with serve(Elsewhere()) as served:
        moved = replace(ctx, settings={"url": served.url})
        with pytest.raises(Refused, match=r"on to https://www\.shop\.example\.com\. Put"):
            check(moved)


def test_no_key_stands_in_a_log_line_or_in_an_error_s_whole_story(shop, ctx, caplog):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "urllib3")  # whoever sets the hub's own logs up quiets it
    check(ctx)
    shop.faults.plan("lost")
    with pytest.raises(Unavailable) as lost:
        check(ctx)
    story = caplog.text + "".join(traceback.format_exception(lost.value))
    assert lost.value.__cause__ is lost.value.__context__ is None
    assert ctx.secrets["consumer_key"] not in story
    assert "oauth_signature" not in story
    assert "/wp-json/wc/v3/orders?…" in caplog.text


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("shop.example.com", "https://shop.example.com"),
        ("HTTPS://shop.example.com/", "https://shop.example.com"),
        ("https://example.com/shop/wp-json/wc/v3/", "https://example.com/shop"),
        ("https://example.com/wp-admin/admin.php?page=x#y", "https://example.com"),
    ],
)
def test_the_shop_s_address_is_understood_as_people_type_it(typed, address):
    assert client.address({"url": typed}) == address
