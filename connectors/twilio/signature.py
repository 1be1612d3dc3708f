"""Twilio's signature on a callback. Pure: it sees the address and the bytes only."""

import base64
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping

from hub.contract import Rejected, Request

from .texts import form_of

HEADER = "x-twilio-signature"
# Sent with webhooks that are signed with a key of their own instead of the auth token.
SETTINGS_HEADER = "x-twilio-webhooks-signature-settings"
MOST_BYTES = 1 << 20
_ADDRESS = re.compile(r"(https?)://([^/?#]*)(.*)", re.S)
_USUAL = {"https": "443", "http": "80"}


def verify(request: Request, secrets: Mapping[str, str]) -> None:
    """Raise Rejected unless Twilio signed this very address and every field of the form.

    Twilio writes a port into what it signs, or leaves it out, at its own choice: both are tried.
    """
    fields = _form(request)
    key, digest = _key(request, secrets)
    given = request.header(HEADER)
    if not given:
        raise Rejected("The callback carries no signature of Twilio's.")
    tail = _canonical(fields)
    matches = [
        hmac.compare_digest(_signed(key, digest, url + tail), given.encode("utf-8", "replace"))
        for url in _spellings(request.url)
    ]
    if not any(matches):
        raise Rejected(
            "Twilio's signature does not fit: check the auth token, and that the hub's public "
            "address is the one Twilio calls."
        )


def _form(request: Request) -> list[tuple[str, str]]:
    if request.method.upper() != "POST":
        raise Rejected("Twilio must call back with POST: set it so in the Twilio console.")
    if len(request.body) > MOST_BYTES:
        raise Rejected("The callback is larger than 1 MiB, which Twilio never sends.")
    if "json" in request.header("content-type").lower():
        raise Rejected("The callback is JSON; Twilio tells of messages in a form.")
    try:
        return form_of(request.body)
    except ValueError as error:
        raise Rejected(str(error)) from None


def _key(request: Request, secrets: Mapping[str, str]) -> tuple[bytes, str]:
    """The secret the webhook was signed with, and the digest. Nothing is accepted unsigned."""
    name, digest = "auth_token", "sha1"
    if settings := request.header(SETTINGS_HEADER):
        name, digest = "shared_key", _digest(settings)
    key = secrets.get(name, "").strip()
    if not key:
        asked = "auth token" if name == "auth_token" else "secret of the webhook key"
        raise Rejected(f"The connection has no {asked} to check Twilio's signature with.")
    return key.encode("utf-8", "surrogatepass"), digest


def _digest(settings: str) -> str:
    """The algorithm named in "key=…,algorithm=HMAC_SHA256"; only that one is known for a key."""
    parts = dict(part.strip().partition("=")[::2] for part in settings.split(","))
    if parts.get("algorithm", "").strip().upper() != "HMAC_SHA256":
        raise Rejected("The callback is signed in a way the hub does not know.")
    return "sha256"


def _canonical(fields: Iterable[tuple[str, str]]) -> str:
    """Every field received, known or not, sorted: the set may grow without a word."""
    return "".join(name + value for name, value in sorted(set(fields)))


def _signed(key: bytes, digest: str, content: str) -> bytes:
    try:
        signed = content.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise Rejected("The callback's address has characters that no address has.") from None
    return base64.b64encode(hmac.new(key, signed, digest).digest())


def _spellings(url: str) -> Iterator[str]:
    """The address with its port and without it."""
    found = _ADDRESS.fullmatch(url)
    if found is None:
        return
    scheme, host, rest = found.groups()
    bare = re.sub(r":\d*$", "", host)
    ported = host if re.search(r":\d+$", host) else f"{bare}:{_USUAL[scheme]}"
    yield f"{scheme}://{bare}{rest}"
    yield f"{scheme}://{ported}{rest}"
