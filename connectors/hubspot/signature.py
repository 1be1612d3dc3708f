"""Who sent a request: the vendor's signatures (v3, and v2 for workflow calls), and their time."""

import base64
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from hub.contract import RECEIVED_AT, Rejected, Request

from .documents import from_ms

WINDOW = timedelta(minutes=5)

# The vendor signs its address with these decoded, and with no other.
_DECODED = re.compile("%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.I)


def verify(request: Request, secrets: Mapping[str, str]) -> None:
    """A webhook: v3 only, since v1 covers neither the address nor the time. Raises Rejected."""
    secret = _secret(secrets)
    given = request.header("x-hubspot-signature-v3")
    if not given:
        raise Rejected("The delivery has no v3 signature.")
    stamp = request.header("x-hubspot-request-timestamp")
    _check_time(stamp, request.header(RECEIVED_AT))
    if not _same(given, sign(secret, request.method, request.url, request.body, stamp)):
        raise Rejected("The signature does not fit: check the app's client secret.")


def verify_call(request: Request, secrets: Mapping[str, str]) -> None:
    """A workflow's call: v3 where it is given, else v2. Raises Rejected."""
    version = request.header("x-hubspot-signature-version")
    if request.header("x-hubspot-signature-v3") or version != "v2":
        verify(request, secrets)
        return
    expected = sign_v2(_secret(secrets), request.method, request.url, request.body)
    if not _same(request.header("x-hubspot-signature"), expected):
        raise Rejected("The signature does not fit: check the app's client secret.")


def sign(secret: str, method: str, url: str, body: bytes, stamp: str) -> str:
    """The v3 signature: base64 of an HMAC-SHA256 over method, address, raw body and time (ms)."""
    said = _bytes(method + decoded(url)) + body + _bytes(stamp)
    return base64.b64encode(hmac.new(_bytes(secret), said, sha256).digest()).decode()


def sign_v2(secret: str, method: str, url: str, body: bytes) -> str:
    """The v2 signature: SHA-256 in hex over secret, method, address and raw body."""
    return sha256(_bytes(secret + method + url) + body).hexdigest()


def decoded(url: str) -> str:
    """The address as the vendor signs it."""
    return _DECODED.sub(lambda found: chr(int(found[1], 16)), url)


def _secret(secrets: Mapping[str, str]) -> str:
    secret = secrets.get("client_secret", "")
    if not secret:
        raise Rejected("This connection does not know the app's client secret, which signs calls.")
    return secret


def _check_time(stamp: str, received: str) -> None:
    digits = stamp.isascii() and stamp.isdigit() and len(stamp) < 16
    sent = from_ms(int(stamp)) if digits else None
    try:
        now = datetime.fromisoformat(received)
    except ValueError:
        raise Rejected("It is not known when the delivery was received.") from None
    if sent is None:
        raise Rejected("The delivery does not say when it was sent.")
    # The package's own check lets any time in the future pass: a replay dated ahead would too.
    if abs((now if now.tzinfo else now.replace(tzinfo=UTC)) - sent) > WINDOW:
        raise Rejected("The delivery was signed more than five minutes before or after now.")


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(_bytes(given), _bytes(expected))


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")
