"""Twilio's callbacks: forms, signed the way its own libraries check them."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from hub.contract import Request

FORM = "application/x-www-form-urlencoded; charset=UTF-8"


def signature(token: str, url: str, body: bytes, digest: str = "sha1") -> str:
    """The address, then every name with its value by name, under the token."""
    content = url.encode()
    for name, value in sorted(_pairs(body)):
        content += name + value
    made = hmac.new(token.encode(), content, getattr(hashlib, digest)).digest()
    return base64.b64encode(made).decode()


def headers(token: str, url: str, body: bytes) -> dict[str, str]:
    """What comes with a callback."""
    return {
        "Content-Type": FORM,
        "User-Agent": "TwilioProxy/1.1",
        "X-Twilio-Signature": signature(token, url, body),
    }


def request(url: str, body: bytes, sent: Mapping[str, str]) -> Request:
    """The callback as the hub gets it."""
    split = urlsplit(url)
    query = dict(parse_qsl(split.query))
    return Request.of("POST", sent, body, query=query, path=split.path, url=url)


def form(fields: Mapping[str, str]) -> bytes:
    """A form's bytes."""
    return urlencode(fields).encode()


def _pairs(body: bytes) -> set[tuple[bytes, bytes]]:
    found = parse_qsl(
        body.decode("utf-8", "surrogateescape"), keep_blank_values=True, errors="surrogateescape"
    )
    return {
        (name.encode("utf-8", "surrogateescape"), value.encode("utf-8", "surrogateescape"))
        for name, value in found
    }
