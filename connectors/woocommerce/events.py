"""What a delivery is: genuine or not, the same as another or not, and what it says. Pure."""

import base64
import hmac
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256

from hub.contract import Event, Ignored, Parsed, Rejected, Request, Response

from . import carts, orders, people
from .documents import Document, document, fingerprint, identity, moment, part, text

_PING = re.compile(rb"webhook_id=\d{1,20}")

# What PHP's wp_specialchars_decode(…, ENT_QUOTES) undoes in a secret before it signs with it.
_ENTITIES = {
    "&lt;": "<", "&#60;": "<", "&#060;": "<", "&#x3c;": "<", "&#x3C;": "<",
    "&gt;": ">", "&#62;": ">", "&#062;": ">", "&#x3e;": ">", "&#x3E;": ">",
    "&quot;": '"', "&#34;": '"', "&#034;": '"', "&#x22;": '"',
    "&#39;": "'", "&#039;": "'", "&#x27;": "'",
    "&amp;": "&", "&#38;": "&", "&#038;": "&", "&#x26;": "&",
}  # fmt: skip
_ENTITY = re.compile("|".join(map(re.escape, _ENTITIES)))


def verify(request: Request, secrets: Mapping[str, str]) -> None:
    """Check the signature over the raw body. Raises Rejected."""
    secret = secrets.get("webhook_secret", "")
    if not secret:
        raise Rejected("This connection has no webhook secret yet. Subscribe it again.")
    given = request.header("x-wc-webhook-signature")
    if not given:
        raise Rejected("The delivery has no signature.")
    # A shop undoes HTML entities in a secret before it signs; both forms are always tried.
    forms = (secret, _ENTITY.sub(lambda m: _ENTITIES[m[0]], secret))
    matches = [
        hmac.compare_digest(given.encode("utf-8", "surrogatepass"), sign(request.body, form))
        for form in forms
    ]
    if not any(matches):
        raise Rejected("The signature does not fit: the shop signs with another secret.")


def sign(body: bytes, secret: str) -> bytes:
    """What a shop sends as X-WC-Webhook-Signature: the base64 text of an HMAC-SHA256."""
    digest = hmac.new(secret.encode("utf-8", "surrogatepass"), body, sha256).digest()
    return base64.b64encode(digest)


def dedupe(request: Request) -> str:
    """Webhook, topic and body: the vendor's delivery id changes only every second."""
    webhook = text(request.header("x-wc-webhook-id"), 20)
    return f"{webhook}:{topic_of(request)}:{sha256(request.body).hexdigest()}"


def greet(request: Request, secrets: Mapping[str, str]) -> Response | None:
    """The unsigned form ping a shop sends when a webhook is made: it wants exactly 200."""
    signed = request.header("x-wc-webhook-signature") or request.header("x-wc-webhook-topic")
    return Response(200) if not signed and _PING.fullmatch(request.body.strip()) else None


def parse(request: Request, settings: Mapping[str, str]) -> Parsed:
    """Topic and body → events. Raises ValueError with a sentence when it cannot be read."""
    topic = topic_of(request)
    read = _READERS.get(topic)
    if read is None:
        return Ignored(f"Nothing is done with «{topic}».")
    return read(document(request.body), settings, _received(request))


def topic_of(request: Request) -> str:
    """The delivery's topic, such as order.updated."""
    return text(request.header("x-wc-webhook-topic"), 60).lower()


def _contact(
    found: Document, settings: Mapping[str, str], received: datetime
) -> list[Event] | Ignored:
    number = identity(found.get("id"))
    if number in ("", "0"):
        raise ValueError("The delivery does not say which customer it is about.")
    dates = (moment(found.get(f"date_{name}_gmt")) for name in ("modified", "created"))
    at = next((date for date in dates if date), received)
    person = people.customer(found, settings, at)
    data = {"email": person.email, "city": text(part(found, "billing").get("city"))}
    version = text(found.get("date_modified_gmt"), 40) or fingerprint(found)
    subject = f"customer:{number}"
    return [Event("contact.changed", f"{subject}:{version}", subject, at, person, data)]


def _gone(
    found: Document, settings: Mapping[str, str], received: datetime
) -> list[Event] | Ignored:
    return orders.deleted(found, received)


def _received(request: Request) -> datetime:
    # The hub stamps each stored request; a delivery read outside it has no date of its own.
    return moment(request.header("x-relais-received-at")) or datetime.fromtimestamp(0, UTC)


_Reader = Callable[[Document, Mapping[str, str], datetime], list[Event] | Ignored]
_READERS: Mapping[str, _Reader] = {
    "order.created": orders.events,
    "order.updated": orders.events,
    "order.restored": orders.events,
    "order.deleted": _gone,
    "customer.created": _contact,
    "customer.updated": _contact,
    "relais.cart": carts.told,
    "relais.draft": carts.left,
}
