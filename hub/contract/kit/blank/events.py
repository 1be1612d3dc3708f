"""What a delivery means: its signature, its name, its events. Bytes only: no network, no clock."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hub.contract import Event, Ignored, Person, Rejected, Request, strict

SIGNATURE = "x-signature"


def sign(body: bytes, secret: str) -> str:
    """The signature the vendor puts in its header: HMAC-SHA256 of the raw body, in hex."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verify(request: Request, secrets: Mapping[str, str]) -> None:
    """Raises Rejected unless the body was signed with the connection's webhook secret."""
    secret = secrets.get("webhook_secret", "")
    given = request.header(SIGNATURE).encode("utf-8", "replace")
    # Without a secret the door is shut: an empty key is one that anybody can sign with.
    if not secret or not hmac.compare_digest(sign(request.body, secret).encode(), given):
        raise Rejected("The delivery is not signed with this connection's secret.")


def dedupe(request: Request) -> str:
    """The same body is the same delivery, under whatever delivery id it comes."""
    return hashlib.sha256(request.body).hexdigest()


def parse(request: Request, settings: Mapping[str, str]) -> Sequence[Event] | Ignored:
    """The event of one delivery. Raises ValueError with a sentence when it cannot be read."""
    document = _document(request.body)
    kind = document.get("type")
    if kind != "contact.changed":
        return Ignored(f"«{str(kind)[:40]}» is not an event this connector uses.")
    number, version = _text(document, "id"), _text(document, "version")
    contact = document.get("contact")
    person = contact if isinstance(contact, dict) else {}
    return (
        Event(
            type="contact.changed",
            key=f"contact:{number}:{version}",
            subject=f"contact:{number}",
            occurred_at=_moment(_text(document, "changed_at")),
            person=_person(person, f"contact:{number}"),
            data={"email": _optional(person, "email"), "city": _optional(person, "city")},
        ),
    )


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = strict.read(body)
    except strict.Unreadable as unfit:
        raise ValueError(f"The delivery is not JSON. {unfit}") from None
    if isinstance(document, dict):
        return document
    raise ValueError("The delivery is not a JSON object.")


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise ValueError(f"The delivery has no «{name}».")
    return str(value)


def _optional(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) else ""


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("The delivery's «changed_at» is not a time.") from None
    if moment.tzinfo is None:
        raise ValueError("The delivery's «changed_at» has no time zone.")
    return moment


def _person(contact: Mapping[str, Any], record: str) -> Person:
    return Person(
        phone=_optional(contact, "phone"),
        country=_optional(contact, "country"),
        first_name=_optional(contact, "first_name"),
        last_name=_optional(contact, "last_name"),
        email=_optional(contact, "email"),
        record=record,
    )
