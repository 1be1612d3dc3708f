import base64
import hmac
import json
from dataclasses import replace
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import pytest

from hub.contract import Rejected, Request

from . import events, grant
from .shop.access import signature_base
from .trial import ORDER, RECORDED, delivery


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
