from datetime import UTC, datetime, timedelta

import pytest
from hubspot.utils.signature import Signature
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import RECEIVED_AT, Rejected, Request

from . import signature
from .documents import to_ms

SENT = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
URL = "https://hub.example/h"
SECRETS = {"client_secret": "secret"}


def delivery(url=URL, body=b"[]", at=SENT, received=SENT, secret=SECRETS["client_secret"]):
    stamp = str(to_ms(at))
    headers = {
        "X-HubSpot-Signature-v3": signature.sign(secret, "POST", url, body, stamp),
        "X-HubSpot-Request-Timestamp": stamp,
        RECEIVED_AT: received.isoformat() if received else "",
    }
    return Request.of("POST", headers, body, url=url)


def test_the_published_vector_is_signed_alike():
    found = signature.sign("secret", "POST", URL, b"[]", "1700000000000")
    assert found == "ii2MRRBRJz+EA/XJ/EDy3385JMeYubkoF+KJ5p1EEFM="


@given(st.text(max_size=200), st.text(min_size=1, max_size=20))
def test_the_vendors_package_signs_alike(body, secret):
    raw = body.encode()
    for version, ours in (
        ("v3", signature.sign(secret, "POST", URL, raw, "1700000000000")),
        ("v2", signature.sign_v2(secret, "POST", URL, raw)),
    ):
        theirs = Signature.get_signature(secret, body, version, URL, "POST", "1700000000000")
        assert ours == theirs


@pytest.mark.parametrize("seconds", [-299, 0, 299])
def test_five_minutes_either_way_are_accepted(seconds):
    signature.verify(delivery(received=SENT + timedelta(seconds=seconds)), SECRETS)


@pytest.mark.parametrize("seconds", [-301, 301, -86400, 86400])
def test_a_replay_and_a_delivery_from_the_future_are_rejected(seconds):
    with pytest.raises(Rejected, match="five minutes"):
        signature.verify(delivery(received=SENT + timedelta(seconds=seconds)), SECRETS)


def test_without_the_time_of_receipt_nothing_is_believed():
    with pytest.raises(Rejected, match="received"):
        signature.verify(delivery(received=None), SECRETS)


def test_the_named_characters_of_the_address_are_decoded_and_no_others():
    typed = "https://hub.example/h?a=%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B&b=%20%26%3d%c3%a9"
    signed = "https://hub.example/h?a=:/?@!$'()*,;&b=%20%26%3d%c3%a9"
    assert signature.decoded(typed) == signed
    assert signature.decoded("%2f%2F") == "//"
    given_ = delivery(url=signed)
    signature.verify(Request("POST", given_.headers, b"[]", url=typed), SECRETS)


def test_another_address_and_another_secret_are_rejected():
    for wrong in (
        Request("POST", delivery().headers, b"[]", url="https://evil.example/h"),
        Request("GET", delivery().headers, b"[]", url=URL),
        delivery(secret="another"),
    ):
        with pytest.raises(Rejected, match="does not fit"):
            signature.verify(wrong, SECRETS)


def test_without_a_secret_the_door_is_closed():
    with pytest.raises(Rejected, match="client secret"):
        signature.verify(delivery(secret=""), {"client_secret": ""})


def old_call(version, digest):
    headers = {"X-HubSpot-Signature": digest, "X-HubSpot-Signature-Version": version}
    return Request.of("POST", headers, b"{}", url=URL)


def test_v2_opens_the_workflow_door_and_not_the_webhooks():
    call = old_call("v2", signature.sign_v2("secret", "POST", URL, b"{}"))
    signature.verify_call(call, SECRETS)
    with pytest.raises(Rejected):
        signature.verify(call, SECRETS)


def test_v1_opens_no_door():
    call = old_call("v1", Signature.get_signature("secret", "{}", "v1"))
    for verify in (signature.verify, signature.verify_call):
        with pytest.raises(Rejected):
            verify(call, SECRETS)


def test_a_wrong_v3_is_not_saved_by_a_right_v2():
    good = old_call("v2", signature.sign_v2("secret", "POST", URL, b"{}"))
    both = {**good.headers, **delivery(secret="another").headers}
    with pytest.raises(Rejected):
        signature.verify_call(Request("POST", both, b"{}", url=URL), SECRETS)
