"""The workflow action «Send an SMS or RCS with Relais», as the vendor wants it described."""

from collections.abc import Mapping
from typing import Any

from . import kinds

Row = dict[str, Any]

TEXTS = tuple(f"text_{n}" for n in range(1, 6))
WAITS = (("delivered", "it is delivered"), ("sent", "it is sent"), ("replied", "there is a reply"))
RESULTS = (
    "sent",
    "delivered",
    "read",
    "clicked",
    "replied",
    "skipped",
    "failed",
    "cancelled",
    "expired",
    "uncertain",
)


def definition(hook_url: str, settings: Mapping[str, str]) -> Row:
    """The whole description; the vendor calls `hook_url`/send and `hook_url`/templates."""
    return {
        "actionUrl": f"{hook_url}/send",
        "published": True,
        "objectTypes": ["CONTACT"],
        "functions": [],
        # The vendor sends these with each execution: a hundred of them need no reading at all.
        "objectRequestOptions": {"properties": [*kinds.read_of_contacts(settings)]},
        "inputFields": [
            _input("template", "enumeration", "select", needed=True, url=f"{hook_url}/templates"),
            *(_input(name, "string", "text") for name in TEXTS),
            _input("wait_for", "enumeration", "select", options=WAITS),
            _input("wait_hours", "number", "number"),
        ],
        "outputFields": [
            _output("relais_result", "enumeration", "select", RESULTS),
            _output("relais_reason", "string", "text"),
            _output("relais_reply", "string", "text"),
            _output("relais_message_id", "string", "text"),
        ],
        "labels": {"en": _labels()},
    }


def _labels() -> Row:
    texts = {name: f"Text {name[-1]} for the template" for name in TEXTS}
    return {
        "actionName": "Send an SMS or RCS with Relais",
        "actionDescription": "Writes to the contact, and waits for what becomes of it.",
        "appDisplayName": "Relais",
        "actionCardContent": "Send {{template}}",
        "inputFieldLabels": {
            "template": "Template",
            "wait_for": "Go on when",
            "wait_hours": "Wait at most (hours)",
            **texts,
        },
        "outputFieldLabels": {
            "relais_result": "Result",
            "relais_reason": "Reason",
            "relais_reply": "Reply",
            "relais_message_id": "Message id",
        },
    }


def _input(
    name: str,
    kind: str,
    field: str,
    *,
    needed: bool = False,
    url: str = "",
    options: tuple[tuple[str, str], ...] = (),
) -> Row:
    described = _type(name, kind, field, options) | ({"optionsUrl": url} if url else {})
    values = ["STATIC_VALUE"] if kind == "enumeration" else ["STATIC_VALUE", "OBJECT_PROPERTY"]
    return {"typeDefinition": described, "isRequired": needed, "supportedValueTypes": values}


def _output(name: str, kind: str, field: str, values: tuple[str, ...] = ()) -> Row:
    return {"typeDefinition": _type(name, kind, field, tuple((v, v) for v in values))}


def _type(name: str, kind: str, field: str, options: tuple[tuple[str, str], ...]) -> Row:
    listed = [_option(value, label, order) for order, (value, label) in enumerate(options)]
    made: Row = {"name": name, "type": kind, "fieldType": field}
    return {**made, "options": listed, "externalOptions": False}


def _option(value: str, label: str, order: int) -> Row:
    # The package's model asks for all seven.
    return {
        "value": value,
        "label": label,
        "description": "",
        "displayOrder": order,
        "doubleData": 0.0,
        "hidden": False,
        "readOnly": False,
    }
