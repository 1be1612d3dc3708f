"""The OpenAPI document an admin registers in External Services, in the subset that it reads.

Salesforce makes Apex classes of it: version 3.0, JSON, short names, flat schemas, no choice types.
"""

import json
from collections.abc import Mapping
from typing import Any

from hub.contract import Known, Request, Response
from hub.contract.events import WAITS_FOR

from .flow import MOST, verify

__all__ = ["answer", "document", "verify"]

_TEXT = {"type": "string"}
_SHOWN = 100


def answer(request: Request, known: Known) -> Response:
    """The document for this connection's own address, with its templates named."""
    found = json.dumps(document(known), ensure_ascii=False, indent=1)
    return Response(200, found.encode(), "application/json")


def document(known: Known) -> dict[str, Any]:
    """OpenAPI 3.0.3, under 100,000 characters however many templates there are."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Relais",
            "version": "1.0.0",
            "description": "Send text messages from Flow, and ask what became of them.",
        },
        "servers": [{"url": known.hook_url}],
        "paths": {
            "/send": {"post": _operation("send", "Send with Relais", "SendCall", "SendAnswer")},
            "/results": {
                "post": _operation("results", "Results of Relais", "ResultsCall", "ResultsAnswer")
            },
        },
        "components": {"schemas": _schemas(known)},
    }


def _operation(name: str, title: str, asked: str, answered: str) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": title,
        "description": title,
        "requestBody": {"required": True, "content": _json(asked)},
        "responses": {
            "200": {"description": "One result for each request", "content": _json(answered)},
            "400": {"description": "The call cannot be read", "content": _json(answered)},
        },
    }


def _schemas(known: Known) -> dict[str, Any]:
    taken = {"reference": _TEXT, "state": _said("accepted or refused"), "message": _TEXT}
    told = {
        **taken,
        "state": _said("waiting, sent, delivered, read, replied, failed, skipped, expired …"),
        "reason": _TEXT,
        "reply": _TEXT,
        "messageId": _TEXT,
        "done": {"type": "boolean"},
    }
    return {
        "SendCall": _object({"requests": _list("SendRequest")}),
        "SendRequest": _object(_request(known)),
        "SendAnswer": _object({"results": _list("SendResult")}),
        "SendResult": _object(taken),
        "ResultsCall": _object({"references": {"type": "array", "items": _TEXT}}),
        "ResultsAnswer": _object({"results": _list("MessageResult")}),
        "MessageResult": _object(told),
    }


def _request(known: Known) -> dict[str, Any]:
    """What the step in Flow Builder asks for, field by field."""
    shown = [f"{name} ({title})" for name, title in known.templates[:_SHOWN]]
    listed = f"One of: {', '.join(shown)}" if shown else "The name of a template in Relais"
    return {
        "recordId": _said("The record that the Flow runs for"),
        "contactId": _said("The Contact or Lead behind it, where it is another record"),
        "phone": _said("The mobile number"),
        "template": _said(listed[:4000]),
        "firstName": _TEXT,
        "lastName": _TEXT,
        "email": _TEXT,
        "country": _said("Two letters, for national numbers"),
        "language": _said("Two letters: en, fr, es, it, de"),
        **{f"text{n}": _said("Free words for the template") for n in range(1, 6)},
        "flow": _said("The Flow's name, shown in Relais"),
        "interview": _said("$Flow.InterviewGuid: makes a repeated call harmless"),
        "reference": _said("Your own name for this request, else Relais makes one"),
        "waitFor": _said(f"When it counts as done: {', '.join(WAITS_FOR)}"),
    }


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties)}


def _list(name: str) -> dict[str, Any]:
    found = {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}
    return found | {"maxItems": MOST} if name == "SendRequest" else found


def _said(words: str) -> dict[str, Any]:
    return {"type": "string", "description": words}


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
