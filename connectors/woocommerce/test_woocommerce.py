import base64
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.contract import Event, Ignored, Rejected, Request
from hub.contract.events import faults_of

from . import documents, events, grant, people
from .shop.access import signature_base

FIXTURES = Path(__file__).parent / "fixtures"
RECORDED = json.loads((FIXTURES / "order.created__rest.json").read_text("utf-8"))
ORDER = json.loads(RECORDED["body"])


def delivery(document, topic="order.updated", **headers):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    named = {"X-WC-Webhook-Topic": topic, **{k.replace("_", "-"): v for k, v in headers.items()}}
    return Request.of("POST", named, body)


def parsed(document, topic="order.updated", settings=None, **headers):
    return events.parse(delivery(document, topic, **headers), settings or {})


def kinds(found):
    return [] if isinstance(found, Ignored) else [e.type for e in found]


def with_meta(*rows, **more):
    return ORDER | {"meta_data": [{"id": 1, "key": k, "value": v} for k, v in rows]} | more


# Genuine or not


def test_the_known_vector_is_accepted():
    signature = "A971iWIMgT8Zj9A9eWfikrFj7wQ16/Qwcc4OlRl2PLc="
    request = Request.of("POST", {"x-wc-webhook-signature": signature}, b'{"id":1}')
    events.verify(request, {"webhook_secret": "secret"})


@pytest.mark.parametrize("secret", ["a&amp;b", "it&#039;s", "&lt;key&gt;", "a&b", "ключ&quot;"])
def test_a_secret_signs_as_it_is_and_with_its_entities_undone(secret):
    undone = secret.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    undone = undone.replace("&#039;", "'").replace("&amp;", "&")
    for key in (secret, undone):
        digest = hmac.new(key.encode(), b"{}", sha256).digest()
        headers = {"X-WC-Webhook-Signature": base64.b64encode(digest).decode()}
        events.verify(Request.of("POST", headers, b"{}"), {"webhook_secret": secret})


def test_the_body_written_out_again_is_no_longer_genuine():
    request = Request.of("POST", RECORDED["headers"], RECORDED["body"].encode())
    secrets = {"webhook_secret": RECORDED["secret"]}
    events.verify(request, secrets)
    again = replace(request, body=json.dumps(json.loads(request.body)).encode())
    with pytest.raises(Rejected, match="another secret"):
        events.verify(again, secrets)


def test_without_a_secret_nothing_is_genuine():
    request = Request.of("POST", RECORDED["headers"], RECORDED["body"].encode())
    for secrets in ({}, {"webhook_secret": ""}):
        with pytest.raises(Rejected):
            events.verify(request, secrets)


def test_only_the_unsigned_ping_is_greeted():
    ping = Request.of("POST", {}, b"webhook_id=7")
    answer = events.greet(ping, {})
    assert answer is not None
    assert answer.status == 200
    for body in (b"webhook_id=x", b"webhook_id=7&a=b", b"{}", b""):
        assert events.greet(replace(ping, body=body), {}) is None
    signed = Request.of("POST", {"X-WC-Webhook-Signature": "x"}, b"webhook_id=7")
    assert events.greet(signed, {}) is None


def test_a_delivery_is_named_by_webhook_topic_and_body_never_by_its_delivery_id():
    one = delivery(ORDER, X_WC_Webhook_ID="2", X_WC_Webhook_Delivery_ID="a")
    assert events.dedupe(one) == events.dedupe(
        delivery(ORDER, X_WC_Webhook_ID="2", X_WC_Webhook_Delivery_ID="b")
    )
    others = (
        delivery(ORDER, X_WC_Webhook_ID="3"),
        delivery(ORDER, "order.created", X_WC_Webhook_ID="2"),
        delivery(ORDER | {"id": 13}, X_WC_Webhook_ID="2"),
    )
    assert all(events.dedupe(one) != events.dedupe(other) for other in others)


# What an order says


@pytest.mark.parametrize("status", ["checkout-draft", "auto-draft", "draft", "new"])
def test_an_open_checkout_is_no_order(status):
    found = parsed(ORDER | {"status": status})
    assert isinstance(found, Ignored)
    assert "open checkout" in found.reason


def test_an_order_waiting_for_payment_is_not_confirmed():
    assert isinstance(parsed(ORDER | {"status": "pending"}, "order.created"), Ignored)


def test_an_order_whose_payment_failed_is_not_confirmed():
    assert kinds(parsed(ORDER | {"status": "failed"}, "order.created")) == ["order.status_changed"]


def test_an_order_the_shop_cancels_unpaid_is_not_confirmed():
    assert kinds(parsed(ORDER | {"status": "cancelled"})) == ["order.status_changed"]
    paid = ORDER | {"status": "cancelled", "date_paid_gmt": "2026-11-22T19:25:00"}
    assert kinds(parsed(paid)) == ["order.created", "order.status_changed", "order.paid"]


def test_an_order_waiting_for_a_bank_transfer_is_confirmed():
    assert kinds(parsed(ORDER | {"status": "on-hold"}))[0] == "order.created"


def test_created_and_updated_in_any_order_give_the_same_keys():
    keys = [[e.key for e in parsed(ORDER, t)] for t in ("order.updated", "order.created")]
    assert keys[0] == keys[1] == ["order:12:created", "order:12:status:processing"]


def test_a_later_edit_of_an_order_gives_no_new_key():
    later = ORDER | {"date_modified_gmt": "2026-11-25T08:00:00"}
    assert [e.key for e in parsed(ORDER)] == [e.key for e in parsed(later)]


def test_a_status_happened_when_the_shop_says_it_did():
    done = ORDER | {
        "status": "completed",
        "date_paid_gmt": "2026-11-22T19:25:00",
        "date_completed_gmt": "2026-11-23T10:00:00",
    }
    at = {e.type: e.occurred_at for e in parsed(done)}
    assert at["order.created"] == datetime(2026, 11, 22, 19, 24, 37, tzinfo=UTC)
    assert at["order.paid"] == datetime(2026, 11, 22, 19, 25, tzinfo=UTC)
    assert at["order.status_changed"] == datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_each_refund_is_told_once_with_a_positive_amount():
    refunds = [{"id": 13, "reason": None, "total": "-5.00"}, {"id": 14, "total": "-2.50"}]
    found = [e for e in parsed(ORDER | {"refunds": refunds}) if e.type == "order.refunded"]
    assert [e.key for e in found] == ["order:12:refund:13", "order:12:refund:14"]
    assert found[0].data["refund_amount"] == {"amount": "5.00", "currency": "USD"}
    assert found[0].data["refund_reason"] == ""


def test_an_order_belongs_to_the_cart_the_plugin_noted():
    assert {e.cart for e in parsed(with_meta(("_relais_cart_id", "c-9")))} == {"cart:c-9"}
    assert {e.cart for e in parsed(ORDER)} == {"order:12"}


def test_a_deleted_order_is_dated_by_the_hub():
    stamp = "2026-06-12T14:30:00+02:00"
    (found,) = parsed({"id": 12}, "order.deleted", X_Relais_Received_At=stamp)
    assert (found.key, found.subject) == ("order:12:deleted", "order:12")
    assert found.occurred_at == datetime(2026, 6, 12, 12, 30, tzinfo=UTC)
    (undated,) = parsed({"id": 12}, "order.deleted")
    assert undated.occurred_at == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("topic", ["coupon.created", "product.updated", "customer.deleted", ""])
def test_what_the_hub_has_no_use_for_is_ignored_with_a_reason(topic):
    found = parsed({"id": 1}, topic)
    assert isinstance(found, Ignored)
    assert found.reason.endswith(".")


def test_html_entities_in_a_product_name_are_undone():
    line = ORDER["line_items"][0] | {"name": "Salt &amp; pepper"}
    assert parsed(ORDER | {"line_items": [line]})[0].data["first_item"] == "Salt & pepper"


def test_what_no_text_column_takes_is_taken_out():
    body = json.dumps(ORDER | {"number": "1\x002\ud800"}).encode()
    assert parsed(body)[0].data["order_number"] == "12\ufffd"


def test_php_quirks_are_read():
    quirks = {"shipping": [], "meta_data": {}, "refunds": {"1": {"id": 13, "total": "-5.00"}}}
    assert kinds(parsed(ORDER | quirks))[-1] == "order.refunded"


# Who


@pytest.mark.parametrize("value", ["yes", "1", 1, True, "TRUE", " On ", "Yes"])
def test_a_ticked_box_is_consent(value):
    consent = parsed(with_meta(("sms_optin", value)))[0].person.consent
    assert consent is not None
    assert consent.granted
    assert consent.source == "woocommerce order meta sms_optin"
    assert consent.at == datetime(2026, 11, 22, 19, 24, 37, tzinfo=UTC)


@pytest.mark.parametrize("value", ["no", "0", 0, False, "false", "OFF"])
def test_an_unticked_box_is_consent_withdrawn(value):
    consent = parsed(with_meta(("sms_optin", value)))[0].person.consent
    assert consent is not None
    assert not consent.granted


@pytest.mark.parametrize("value", ["", None, "maybe", [], {"yes": 1}, 2, "12"])
def test_anything_else_is_silence(value):
    assert parsed(with_meta(("sms_optin", value)))[0].person.consent is None


def test_of_two_answers_the_no_counts():
    consent = parsed(with_meta(("sms_optin", "no"), ("sms_optin", "yes")))[0].person.consent
    assert consent is not None
    assert not consent.granted


def test_a_block_checkout_field_can_be_the_consent_field():
    key = "_wc_other/acme/sms_consent"
    found = parsed(with_meta((key, "1"), ("sms_optin", "no")), settings={"consent_key": key})
    assert found[0].person.consent.granted


def test_the_phone_may_stand_in_the_shipping_address_only():
    billing = ORDER["billing"] | {"phone": "", "country": "DE"}
    shipping = ORDER["shipping"] | {"phone": "06 39 98 01 23", "country": "FR"}
    person = parsed(ORDER | {"billing": billing, "shipping": shipping})[0].person
    assert (person.phone, person.country) == ("06 39 98 01 23", "FR")


def test_the_default_country_is_used_where_the_order_names_none():
    billing = ORDER["billing"] | {"country": ""}
    person = parsed(ORDER | {"billing": billing}, settings={"country": "fr"})[0].person
    assert person.country == "FR"


@pytest.mark.parametrize(("value", "code"), [("fr_FR", "fr"), ("pt-br", "pt"), ("x", ""), (5, "")])
def test_the_language_is_the_one_the_order_was_placed_in(value, code):
    assert parsed(with_meta(("wpml_language", value)))[0].person.language == code


def test_a_registered_buyer_is_known_by_their_record():
    assert parsed(ORDER | {"customer_id": 7})[0].person.record == "customer:7"
    assert parsed(ORDER | {"customer_id": 0})[0].person.record == ""


def test_a_customer_without_a_change_date_has_a_stable_key():
    document = {"id": 7, "date_modified_gmt": None, "billing": {"city": "Lyon"}, "email": "a@b.c"}
    first, second = (parsed(document, "customer.created")[0] for _ in range(2))
    assert first.key == second.key
    assert first.key != parsed(document | {"email": "d@b.c"}, "customer.created")[0].key


# Baskets

CART = {
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


def test_a_basket_the_plugin_tells_of_is_a_cart():
    (found,) = parsed(CART, "relais.cart")
    assert (found.type, found.subject, found.cart) == ("cart.abandoned", "cart:c-81", "cart:c-81")
    assert found.occurred_at == datetime(2026, 6, 12, 9, tzinfo=UTC)
    assert found.person.country == "FR"
    assert found.person.consent.text == "Yes, text me offers."
    assert found.data["cart_url"] == "https://shop.example.com/cart/81"


def test_an_emptied_basket_is_ignored():
    assert isinstance(parsed(CART | {"items": []}, "relais.cart"), Ignored)


def test_a_link_that_is_no_web_address_is_left_out():
    (found,) = parsed(CART | {"recovery_url": "javascript:alert(1)"}, "relais.cart")
    assert found.data["cart_url"] == ""


def test_a_left_checkout_becomes_its_own_order_s_cart():
    (found,) = parsed(ORDER | {"status": "checkout-draft"}, "relais.draft")
    assert found.cart == parsed(ORDER)[0].cart == "order:12"
    assert found.key == "cart:order:12:2026-11-22T19:24:37"


def test_an_invoice_made_in_the_back_office_is_no_left_checkout():
    made = ORDER | {"status": "pending", "created_via": "admin"}
    assert isinstance(parsed(made, "relais.draft"), Ignored)


def test_a_draft_that_was_paid_meanwhile_is_no_cart():
    assert isinstance(parsed(ORDER, "relais.draft"), Ignored)


# Any input

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
TOPICS = st.sampled_from(
    ["order.created", "order.deleted", "customer.updated", "relais.cart", "relais.draft"]
)
NAMES = st.sampled_from(sorted(ORDER | CART))


def read_or_refused(document, topic):
    try:
        return parsed(document, topic)
    except ValueError as error:
        words = str(error)
    assert words.endswith(".")
    return []


@settings(max_examples=300, deadline=None)
@given(TOPICS, st.dictionaries(NAMES, JSON, min_size=1, max_size=4))
def test_a_spoilt_field_is_read_or_refused_in_words(topic, spoilt):
    document = (CART if topic == "relais.cart" else ORDER | {"status": "failed"}) | spoilt
    found = read_or_refused(document, topic)
    for event in () if isinstance(found, Ignored) else found:
        assert isinstance(event, Event)
        assert faults_of(event) == ()
        repr(event).encode("utf-8")


@settings(max_examples=300, deadline=None)
@given(TOPICS, st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(topic, body):
    read_or_refused(body, topic)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["sms_optin", "lang", "x"]), JSON), max_size=4))
def test_consent_is_only_ever_an_explicit_yes(rows):
    found = people.consent(with_meta(*rows), {}, datetime(2026, 6, 12, tzinfo=UTC), "order")
    if found and found.granted:
        said = [people.spoken(v) for k, v in rows if k == "sms_optin"]
        assert True in said
        assert False not in said


@settings(max_examples=200, deadline=None)
@given(st.decimals(-(10**9), 10**9, places=2))
def test_money_is_kept_to_the_cent(amount):
    found = documents.money(f"{amount:.2f}", "EUR")
    assert found is not None
    assert Decimal(found["amount"]) == amount


@pytest.mark.parametrize("body", ['{"a":1,"a":2}', '{"a":NaN}', '{"a":' * 70 + "1" + "}" * 70, ""])
def test_json_that_can_be_read_in_two_ways_is_refused(body):
    with pytest.raises(ValueError, match=r"\.$"):
        documents.document(body.encode())


# The shop's consent page


def test_the_consent_page_is_asked_to_read_and_write():
    url = grant.url({"url": "shop.example.com/"}, "st", "https://h.example.com/r", "https://h/c")
    split = urlsplit(url)
    assert f"{split.scheme}://{split.netloc}{split.path}" == (
        "https://shop.example.com/wc-auth/v1/authorize"
    )
    assert parse_qs(split.query)["scope"] == ["read_write"]
    assert parse_qs(split.query)["user_id"] == ["st"]


def test_the_keys_are_read_from_the_shop_s_post():
    told = {"key_id": 1, "user_id": "st", "consumer_key": "ck_1", "consumer_secret": "cs_1"}
    told["key_permissions"] = "read_write"
    state, secrets = grant.read(delivery(told))
    assert (state, secrets) == ("st", {"consumer_key": "ck_1", "consumer_secret": "cs_1"})
    for spoilt in ({"user_id": ""}, {"consumer_key": None}, {"key_permissions": "read"}):
        with pytest.raises(Rejected):
            grant.read(delivery(told | spoilt))
    with pytest.raises(Rejected):
        grant.read(delivery(b"user_id=1"))


def test_the_simulated_shop_signs_oauth_as_the_standard_says():
    query = {"b": "x y", "a": "1/2", "oauth_signature": "no"}
    assert signature_base("GET", "http://shop.example.com/p", query) == (
        "GET&http%3A%2F%2Fshop.example.com%2Fp&a%3D1%252F2%26b%3Dx%2520y"
    )
