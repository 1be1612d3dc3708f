"""Whose callback it is: the published vector, every field, both spellings, both kinds of key."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import Rejected, Request

from .signature import verify
from .simulated.callbacks import signature

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FIELDS = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+12349013030",
    "Digits": "1234",
    "From": "+12349013030",
    "To": "+18005551212",
}
SIGNED = "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
TOKEN = {"auth_token": "12345"}
KEYED = "key=webhooks_sharedkey_01,algorithm=HMAC_SHA256"

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def arrived(fields=FIELDS, url=URL, signed=SIGNED, **headers):
    sent = {"X-Twilio-Signature": signed} | headers
    return Request.of("POST", sent, urlencode(fields).encode(), url=url)


def test_published_vector_is_accepted():
    verify(arrived(), TOKEN)


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_counts(name):
    for other in (FIELDS | {name: "other"}, {k: v for k, v in FIELDS.items() if k != name}):
        with pytest.raises(Rejected, match="does not fit"):
            verify(arrived(other), TOKEN)


def test_unknown_and_empty_fields_count_too():
    for more in ({"Unheard": "of"}, {"Empty": ""}, {"Aé": "ü ☺"}):
        fields = FIELDS | more
        signed = signature("12345", URL, urlencode(fields).encode())
        verify(arrived(fields, signed=signed), TOKEN)
        with pytest.raises(Rejected):
            verify(arrived(fields), TOKEN)


@pytest.mark.parametrize(
    ("signed", "called"),
    [
        ("https://hub.example.com:443/h?ref=1", "https://hub.example.com/h?ref=1"),
        ("https://hub.example.com/h?ref=1", "https://hub.example.com:443/h?ref=1"),
        ("https://hub.example.com/h?ref=1", "https://hub.example.com:8443/h?ref=1"),
        ("http://hub.example.com:80/h", "http://hub.example.com/h"),
    ],
)
def test_address_is_tried_with_its_port_and_without(signed, called):
    made = signature("12345", signed, urlencode(FIELDS).encode())
    verify(arrived(url=called, signed=made), TOKEN)


@pytest.mark.parametrize(
    "called",
    [
        "https://mycompany.com/myapp.php?foo=1&bar=3",
        "http://mycompany.com/myapp.php?foo=1&bar=2",
        "https://mycompany.com/myapp.php",
        "https://other.com/myapp.php?foo=1&bar=2",
        "mycompany.com",
        "https://mycompany.com/\ud800",
        "",
    ],
)
def test_signature_holds_for_one_address_only(called):
    with pytest.raises(Rejected):
        verify(arrived(url=called), TOKEN)


def test_key_of_the_webhooks_signs_with_sha256_and_only_where_it_is_said():
    secrets = TOKEN | {"shared_key": "another"}
    made = signature("another", URL, urlencode(FIELDS).encode(), "sha256")
    header = {"X-Twilio-Webhooks-Signature-Settings": KEYED}
    verify(arrived(signed=made, **header), secrets)
    for request in (arrived(signed=made), arrived(**header)):
        with pytest.raises(Rejected, match="does not fit"):
            verify(request, secrets)
    with pytest.raises(Rejected, match="no secret of the webhook key"):
        verify(arrived(signed=made, **header), TOKEN)


@pytest.mark.parametrize("settings", ["key=1,algorithm=HMAC_SHA1", "key=1", "algorithm=none", "="])
def test_way_of_signing_that_is_not_known_is_rejected(settings):
    made = signature("12345", URL, urlencode(FIELDS).encode())
    header = {"X-Twilio-Webhooks-Signature-Settings": settings}
    with pytest.raises(Rejected, match="does not know"):
        verify(arrived(signed=made, **header), {**TOKEN, "shared_key": "12345"})


def test_request_that_twilio_would_never_send_is_rejected():
    good = arrived()
    with pytest.raises(Rejected, match="POST"):
        verify(replace(good, method="GET"), TOKEN)
    with pytest.raises(Rejected, match="1 MiB"):
        verify(replace(good, body=b"a" * ((1 << 20) + 1)), TOKEN)
    with pytest.raises(Rejected, match="JSON"):
        verify(arrived(**{"Content-Type": "application/json"}), TOKEN)
    with pytest.raises(Rejected, match="more fields"):
        verify(replace(good, body=b"a=1&" * 600), TOKEN)
    with pytest.raises(Rejected, match="no signature"):
        verify(arrived(signed=""), TOKEN)


@pytest.mark.parametrize("secrets", [{}, {"auth_token": ""}, {"auth_token": "  "}])
def test_empty_token_closes_the_door(secrets):
    made = signature("", URL, urlencode(FIELDS).encode())
    with pytest.raises(Rejected, match="no auth token"):
        verify(arrived(signed=made), secrets)


@given(fields=st.dictionaries(words, words, max_size=6), name=words, value=words)
def test_any_form_fits_its_own_signature_and_no_other_form_does(fields, name, value):
    made = signature("12345", URL, urlencode(fields).encode())
    verify(arrived(fields, signed=made), TOKEN)
    other = fields | {name: value}
    joined = ["".join(k + v for k, v in sorted(one.items())) for one in (fields, other)]
    if joined[0] != joined[1]:
        with pytest.raises(Rejected):
            verify(arrived(other, signed=made), TOKEN)
