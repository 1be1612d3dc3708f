"""Messages to try it with, and one callback of each kind, always the same ones."""

from decimal import Decimal
from typing import Any

from . import resources

_THEN = "2026-06-12T14:30:00"
_PARCEL = {
    "recipient": {"to": "33639980123"},
    "body": {"text": "Your parcel is on its way.", "encoding": "GSM7", "stop": True},
    "refClient": "0191d3a2-0000-7000-8000-000000000001",
}
_CARD = {
    "recipient": {"to": "33639980124"},
    "from": "Maison Lune",
    "body": {"type": "BASIC", "text": "Shall we keep it?"},
    "refClient": "0191d3a2-0000-7000-8000-000000000002",
}


def samples() -> list[dict[str, Any]]:
    """Reports and replies of both trees."""
    ids = [f"0191d3a3-0000-7000-8000-00000000000{n}" for n in range(7)]
    rate = Decimal("0.045")
    sent = resources.message(_PARCEL, ids[0], _THEN, rate)
    other = resources.message(_PARCEL, ids[1], _THEN, rate)
    rich, lost = (resources.message(_CARD, one, _THEN, rate, "RCS") for one in ids[4:6])
    tapped = {"type": "SUGGESTION", "text": "Yes", "postbackData": "yes-0001"}
    return [
        resources.report(sent, _THEN, "DELIVERED", ""),
        resources.report(other, _THEN, "UNDELIVERABLE", "INVALID_PHONE_NUMBER"),
        resources.reply(sent, ids[2], _THEN, "YES", stop=False),
        resources.reply(sent, ids[3], _THEN, "STOP", stop=True),
        resources.report(rich, _THEN, "READ", ""),
        resources.report(lost, _THEN, "UNDELIVERABLE", "NETWORK_NOT_SUITABLE"),
        resources.rcs_reply(rich, ids[6], _THEN, tapped),
    ]
