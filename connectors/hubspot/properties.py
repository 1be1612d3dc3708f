"""The contact properties that hold the hub's results, all in one group."""

from typing import Any

from .kinds import CONSENT, GROUP, ORIGIN

Row = dict[str, Any]

GROUP_MADE: Row = {"name": GROUP, "label": "Relais", "displayOrder": -1}


def _property(name: str, label: str, kind: str, field: str, says: str) -> Row:
    made = {"name": name, "label": label, "type": kind, "fieldType": field, "description": says}
    return {**made, "groupName": GROUP, "formField": False}


def _option(value: str, label: str, order: int) -> Row:
    return {"value": value, "label": label, "displayOrder": order, "hidden": False}


MADE: tuple[Row, ...] = (
    _property(
        "relais_last_status", "Last message: result", "string", "text", "sent, delivered, bought …"
    ),
    _property(
        "relais_last_message", "Last message: text", "string", "textarea", "What was written"
    ),
    _property("relais_last_reply", "Last reply", "string", "textarea", "What the contact answered"),
    _property("relais_last_at", "Last message: time", "datetime", "date", "When that was"),
    {
        **_property(
            CONSENT,
            "SMS consent",
            "bool",
            "booleancheckbox",
            "Whether marketing messages are wanted: may be edited by hand",
        ),
        "options": [_option("true", "Yes", 0), _option("false", "No", 1)],
    },
    _property("relais_opt_out_at", "Opted out at", "datetime", "date", "When STOP was said"),
    _property(
        ORIGIN, "SMS consent: written by Relais", "string", "text", "Kept by Relais: do not edit"
    ),
)
