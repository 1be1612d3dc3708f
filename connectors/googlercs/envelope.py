"""What Google's webhook sends: a wrapping that nobody signed around the data that is signed."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from hub.contract import Rejected, Request, Response

from .documents import object_of, part, text

MOST_BYTES = 1 << 20
SIGNATURE = "x-goog-signature"
_LONGEST_SECRET = 4096
_WHAT = "Google's callback"


def data_in(body: bytes) -> bytes:
    """The signed data, and nothing of what stands around it. Raises ValueError in words."""
    if not body.rstrip(b"\r\n").endswith(b"}"):
        raise ValueError(f"{_WHAT} is not one JSON object alone.")
    encoded = part(object_of(body, _WHAT), "message").get("data")
    try:
        given = encoded.encode("ascii") if isinstance(encoded, str) else b""
        data = base64.b64decode(given, validate=True)
    except (ValueError, binascii.Error):
        raise ValueError(f"The data of {_WHAT} is not base64.") from None
    # Bits that base64 leaves over may say nothing: one event has one writing.
    if not data or base64.b64encode(data) != given:
        raise ValueError(f"{_WHAT} holds no data.")
    return data


def event_in(body: bytes) -> dict[str, Any]:
    """The event or the person's message in a callback. Raises ValueError in words."""
    return object_of(data_in(body), _WHAT)


def signature_of(data: bytes, client_token: str) -> str:
    """What Google writes into the header."""
    digest = hmac.digest(client_token.encode(errors="surrogatepass"), data, hashlib.sha512)
    return base64.b64encode(digest).decode()


def verify(request: Request, secrets: Mapping[str, str]) -> None:
    """Raise Rejected unless Google signed the data with the webhook's client token."""
    token = secrets.get("client_token", "").strip()
    if not token:
        raise Rejected("No client token is set, so nothing can be told from a forgery: paste it.")
    if request.method.upper() != "POST" or len(request.body) > MOST_BYTES:
        raise Rejected("Google calls back with POST and never with more than 1 MiB.")
    try:
        data = data_in(request.body)
    except ValueError as error:
        raise Rejected(str(error)) from None
    if not _same(request.header(SIGNATURE), signature_of(data, token)):
        raise Rejected("The signature is not Google's: compare the client token with the console.")


def greet(request: Request, secrets: Mapping[str, str]) -> Response | None:
    """The answer to Google's first call, which asks whether we know the client token; None for
    any other.

    A webhook of the partner account hears of all its agents. Those of another are answered and
    not kept: turned away they would come again, and hold up everyone's.
    """
    secret = _asked_for(request, secrets)
    if secret:
        return Response(200, secret.encode(errors="replace"))
    return Response() if _is_anothers(request, secrets) else None


def _asked_for(request: Request, secrets: Mapping[str, str]) -> str:
    token = secrets.get("client_token", "").strip()
    try:
        asked = object_of(request.body[:MOST_BYTES], _WHAT)
    except ValueError:
        return ""
    known = bool(token) and _same(text(asked, "clientToken"), token)
    return text(asked, "secret", _LONGEST_SECRET) if known else ""


def _is_anothers(request: Request, secrets: Mapping[str, str]) -> bool:
    try:
        verify(request, secrets)
        about = _bare(text(event_in(request.body), "agentId"))
    except (Rejected, ValueError):
        return False
    ours = _bare(secrets.get("agent_id", ""))
    return bool(ours and about) and about != ours


def _bare(agent: str) -> str:
    return agent.strip().partition("@")[0].lower()


def _same(given: str, wanted: str) -> bool:
    sides = (one.encode(errors="surrogatepass") for one in (given, wanted))
    return hmac.compare_digest(*sides)
