"""What a delivery is: an Outbound Message of this org or not, and which records it is about. Pure.

An Outbound Message is not signed and carries fields as they were when it was first sent. So it is
taken for a doorbell with names on it: the ids it brings are looked up, its values are not believed.
What the poll finds has the same form, so that both give the same events under the same keys.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from hub.contract import (
    RECEIVED_AT,
    Event,
    Ignored,
    Parsed,
    Rejected,
    Request,
    Response,
)

from . import mapping
from .documents import document, long_id, moment, record_id, text

THIN = "thin:"
_MOST = 1_000_000
_OUT = "{http://soap.sforce.com/2005/09/outbound}"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_ACK = (
    b'<?xml version="1.0" encoding="UTF-8"?>'
    b'<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
    b'<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack>'
    b"</notificationsResponse></soapenv:Body></soapenv:Envelope>"
)


@dataclass(frozen=True)
class Told:
    """One entry of an Outbound Message: its own id, the object and the record it is about."""

    number: str
    table: str
    record: str


def verify(request: Request, secrets: Mapping[str, str]) -> None:
    """Check the key in the address and the organisation in the body. Raises Rejected."""
    secret = secrets.get("webhook_secret", "")
    if not secret:
        raise Rejected("This connection has no webhook secret yet. Connect it again.")
    given = request.query.get("key") or _key_of(request.url)
    if not hmac.compare_digest(_bytes(given), _bytes(secret)):
        raise Rejected("The address lacks the right «key»: copy it again from the install page.")
    if request.method != "POST":
        raise Rejected("An Outbound Message is always a POST.")
    try:
        organization, told = outbound(request.body)
    except ValueError as error:
        raise Rejected(str(error)) from None
    known = secrets.get("account") or secrets.get("organization") or ""
    if known and organization[:15] != known[:15]:
        raise Rejected("The Outbound Message comes from another Salesforce organisation.")
    if not told:
        raise Rejected("The Outbound Message is about no record.")


def dedupe(request: Request) -> str:
    """The ids of what it carries: Salesforce sends the same again under a new envelope."""
    try:
        _, told = outbound(request.body)
    except ValueError:
        told = []
    if not told:
        return f"read:{sha256(request.body).hexdigest()}"
    numbers = ",".join(sorted({one.number for one in told}))
    return f"outbound:{sha256(numbers.encode()).hexdigest()}"


def answer(request: Request) -> Response:
    """What Salesforce must read, or it sends everything again for a day."""
    return Response(200, _ACK, "text/xml; charset=utf-8")


def parse(request: Request, settings: Mapping[str, str]) -> Parsed:
    """An Outbound Message, or a change that was read, → thin events. Raises ValueError, Refused."""
    received = moment(request.header(RECEIVED_AT)) or datetime.fromtimestamp(0, UTC)
    if request.body.lstrip()[:1] == b"{":
        return _changes(document(request.body), settings, received)
    organization, told = outbound(request.body)
    own = settings.get("account", "")
    if own and organization[:15] != own[:15]:
        return Ignored("It is about another Salesforce organisation.")
    tables = mapping.tables(settings)
    meant = [(one, tables[one.table]) for one in told if one.table in tables]
    found = [event for one, table in meant for event in thin(one, table, received)]
    listed = ", ".join(sorted({one.table for one in told}))
    return found or Ignored(f"{listed or 'This object'} is not among the objects chosen.")


def as_request(table: str, number: str, change: str) -> Request:
    """A change that the hub read for itself, in a form that `parse` reads later."""
    body = json.dumps({"object": table, "id": number, "change": change}).encode()
    return Request.of("POST", {"Content-Type": "application/json"}, body)


def notice(words: str) -> Request:
    """Words of the poll's own for the operator, in a form that `parse` ignores with them."""
    body = json.dumps({"notice": words}).encode()
    return Request.of("POST", {"Content-Type": "application/json"}, body)


def thin(told: Told, table: mapping.Table, received: datetime) -> list[Event]:
    """What may have happened to a record, to be looked up: one thin event for each kind."""
    subject = f"{table.noun}:{told.record}"
    key = f"{THIN}{told.table}:{told.record}:{told.number}"
    return [Event(kind, f"{key}:{kind}", subject, received) for kind in table.kinds]


def outbound(body: bytes) -> tuple[str, list[Told]]:
    """The organisation and the entries of an Outbound Message. Raises ValueError in a sentence."""
    if len(body) > _MOST:
        raise ValueError("The Outbound Message is larger than any that Salesforce sends.")
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise ValueError("This is not an Outbound Message: its XML cannot be read.") from None
    found = root.find(f".//{_OUT}notifications")
    if found is None:
        raise ValueError("This XML is not an Outbound Message of Salesforce.")
    organization = long_id(_text(found, "OrganizationId"))
    told = [_told(entry) for entry in found.findall(f"{_OUT}Notification")[:100]]
    if not organization or any(one is None for one in told):
        raise ValueError("The Outbound Message names no organisation, or a record without an id.")
    return organization, [one for one in told if one]


def _told(entry: Element) -> Told | None:
    thing = entry.find(f"{_OUT}sObject")
    number = record_id(_text(entry, "Id"))
    if thing is None or not number:
        return None
    record = next((long_id(child.text) for child in thing if child.tag.endswith("}Id")), "")
    table = text(thing.get(_TYPE), 90).rpartition(":")[2]
    return Told(number, table, record) if record and table else None


def _text(parent: Element, name: str) -> str:
    found = parent.find(f"{_OUT}{name}")
    return text(found.text, 40) if found is not None else ""


def _changes(row: Mapping[str, Any], settings: Mapping[str, str], received: datetime) -> Parsed:
    """What the poll or the change stream found: an object, an id, and which change it was."""
    if text(row.get("notice")):
        return Ignored(text(row.get("notice")))
    table = mapping.tables(settings).get(text(row.get("object"), 90))
    number, name = long_id(row.get("id")), text(row.get("change"), 90)
    if not number or not name:
        raise ValueError("The change that was read names no record.")
    if table is None:
        return Ignored("This object is no longer among the objects chosen.")
    return thin(Told(name, table.object, number), table, received)


def _key_of(url: str) -> str:
    try:
        return parse_qs(urlsplit(url).query).get("key", [""])[0]
    except ValueError:
        return ""


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")
