"""Inside Flow: "Send with Relais" for up to 200 records in one call, and what became of each.

A Flow does not wait: it is answered at once and asks for the results when it wants them.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from hub.contract import (
    RECEIVED_AT,
    Callback,
    Event,
    Ignored,
    Known,
    Parsed,
    Person,
    Progress,
    Rejected,
    Request,
    Response,
)
from hub.contract.events import WAITS_FOR

from . import documents
from .documents import document, long_id, text

MOST = 200
_LARGEST = 1_000_000
_NOUNS = {"003": "contact", "00Q": "contact", "006": "deal", "801": "order", "00U": "booking"}


def verify(request: Request, secrets: Mapping[str, str]) -> None:
    """Check the key of the External Credential. Raises Rejected."""
    secret = secrets.get("webhook_secret", "")
    if not secret:
        raise Rejected("This connection has no webhook secret yet. Connect it again.")
    scheme, _, token = request.header("authorization").partition(" ")
    given = token if scheme.lower() == "bearer" else request.header("x-relais-key")
    wanted = secret.encode("utf-8", "surrogatepass")
    if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted):
        raise Rejected("The External Credential's key is not the one on the install page.")
    if len(request.body) > _LARGEST:
        raise Rejected("The request is larger than a Flow's 200 records can be.")


def dedupe(request: Request) -> str:
    """By the references asked for: Flow calls again when its transaction is tried again."""
    try:
        names = sorted(reference(row) for row in _asked(request))
    except ValueError:
        names = []
    told = json.dumps(names).encode() if names else request.body
    return f"flow:{sha256(told).hexdigest()}"


def parse(request: Request, settings: Mapping[str, str]) -> Parsed:
    """One event for each request that can be done. Raises ValueError with a sentence."""
    received = documents.moment(request.header(RECEIVED_AT)) or datetime.fromtimestamp(0, UTC)
    rows = {reference(row): row for row in _asked(request) if not _fault(row)}
    found = [_event(name, row, settings, received) for name, row in rows.items()]
    return found or Ignored("No request of this call could be done; Flow was told why.")


def answer(request: Request) -> Response:
    """A result for each request, in the order given; a bad one is refused alone."""
    try:
        rows = _asked(request)
    except ValueError as error:
        return _json({"results": [_result("", "refused", str(error))]}, 400)
    taken = "Relais has taken the request. Ask «results» what became of it."
    told = [
        _result(reference(row), "refused" if fault else "accepted", fault or taken)
        for row, fault in ((row, _fault(row)) for row in rows)
    ]
    return _json({"results": told})


def results(request: Request, known: Known) -> Response:
    """What became of requests, by their references, in the order given."""
    try:
        names = _references(request)
    except ValueError as error:
        return _json({"results": [_result("", "refused", str(error))]}, 400)
    progress = known.progress(names)
    return _json({"results": [_progress(one) for one in progress]})


def reference(row: Mapping[str, Any]) -> str:
    """The request's own name, or one made of the interview, the record and the template."""
    given = text(row.get("reference"), 80)
    if given:
        return given
    parts = [text(row.get(n), 120) for n in ("interview", "recordId", "template", "phone")]
    return f"f-{sha256(json.dumps(parts).encode()).hexdigest()[:24]}"


def _asked(request: Request) -> list[dict[str, Any]]:
    listed = document(request.body).get("requests")
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    if not isinstance(listed, list) or len(rows) != len(listed) or not rows:
        raise ValueError('Send {"requests": [...]}: a list of objects, one for each record.')
    if len(rows) > MOST:
        raise ValueError(f"At most {MOST} requests fit into one call.")
    return rows


def _references(request: Request) -> list[str]:
    if request.method == "GET":
        listed: Any = request.query.get("reference", "").split(",")
    else:
        listed = document(request.body).get("references")
    names = [text(one, 80) for one in listed] if isinstance(listed, list) else []
    if not names or not all(names) or len(names) > MOST:
        raise ValueError(f'Name 1 to {MOST} references: {{"references": ["…"]}}.')
    return names


def _fault(row: Mapping[str, Any]) -> str:
    """Why one request cannot be done, in words for the Flow's designer; empty where it can."""
    if not text(row.get("template"), 120):
        return "Name a template."
    if not (text(row.get("phone"), 64) or text(row.get("email"), 254)):
        return "The record has no phone number."
    given = text(row.get("recordId"), 40)
    if given and not long_id(given):
        return "recordId is not the id of a Salesforce record."
    waits = text(row.get("waitFor"), 40)
    if waits and waits not in WAITS_FOR:
        return f"waitFor must be one of {', '.join(WAITS_FOR)}."
    return ""


def _event(
    name: str, row: Mapping[str, Any], settings: Mapping[str, str], received: datetime
) -> Event:
    subject = _subject(name, long_id(row.get("recordId")))
    data = {
        "workflow": text(row.get("flow"), 120),
        "template": text(row.get("template"), 120),
        "email": text(row.get("email"), 254),
        "city": text(row.get("city"), 120),
        **{f"text_{n}": text(row.get(f"text{n}"), 500) for n in range(1, 6)},
    }
    waits = text(row.get("waitFor"), 40) or "delivered"
    callback = Callback(name, waits, timedelta(hours=24))
    person = _person(row, settings, subject)
    key = f"flow:{name}"
    return Event("workflow.requested", key, subject, received, person, data, callback=callback)


def _subject(name: str, number: str) -> str:
    return f"{_NOUNS.get(number[:3], 'record')}:{number}" if number else f"workflow:{name}"


def _person(row: Mapping[str, Any], settings: Mapping[str, str], subject: str) -> Person:
    contact = long_id(row.get("contactId"))
    record = f"contact:{contact}" if contact else subject if subject[:8] == "contact:" else ""
    return Person(
        phone=text(row.get("phone"), 64),
        country=documents.country(row.get("country")) or settings.get("country", "").upper(),
        first_name=text(row.get("firstName"), 120),
        last_name=text(row.get("lastName"), 120),
        email=text(row.get("email"), 254),
        language=text(row.get("language"), 20)[:2].lower(),
        record=record,
        look_up=not text(row.get("phone"), 64),
    )


def _progress(one: Progress) -> dict[str, Any]:
    return _result(one.reference, one.state, one.sentence or one.reason) | {
        "reason": one.reason,
        "reply": one.reply,
        "messageId": one.message_id,
        "done": one.done,
    }


def _result(name: str, state: str, words: str) -> dict[str, Any]:
    return {"reference": name, "state": state, "message": words}


def _json(found: Mapping[str, Sequence[Any]], status: int = 200) -> Response:
    return Response(status, json.dumps(found).encode(), "application/json")
