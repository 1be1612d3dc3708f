"""Messages that the platform would take, and a callback of each kind; always the same ones."""

from datetime import UTC, datetime, timedelta
from typing import Any

from uuid6 import uuid7

from hub.contract import Answer, Outgoing, Phone, Rich

from . import events

_PHONE = "+33639980123"
_SENT, _TOLD = "0191d3a2-0000-7000-8000-00000000000", "0191d3a3-0000-7000-8000-00000000000"


def message(number: int) -> Outgoing:
    """A text with a suggested reply, to a number that nobody has."""
    text = f"Your parcel {number} is on its way."
    return Outgoing(
        reference=str(uuid7()),
        to=Phone(f"+3363998{number % 10000:04d}", "FR"),
        text=text,
        encoding="UCS2",
        marketing=number % 2 == 1,
        channel="rcs",
        rich=Rich(text, suggestions=(Answer("Thank you", f"tap-{number}"),)),
        within=timedelta(hours=4),
    )


def events_of(agent: str) -> list[dict[str, Any]]:
    """What Google tells of three messages, what a person sends, and the menu's two choices."""
    at = events.stamp(datetime(2026, 6, 12, 14, 30, tzinfo=UTC))
    kinds = ("DELIVERED", "READ", "TTL_EXPIRATION_REVOKED")
    told = [
        events.of_message(kind, agent, _PHONE, f"{_SENT}{n}", at) | {"eventId": f"{_TOLD}{n}"}
        for n, kind in enumerate(kinds)
    ]
    contents: tuple[dict[str, Any], ...] = (
        {"text": "YES"},
        {"suggestionResponse": {"postbackData": "tap-0", "text": "Thank you", "type": "REPLY"}},
        {"location": {"latitude": 48.85, "longitude": 2.35}},
    )
    written = [
        events.of_person(agent, _PHONE, at, content) | {"messageId": f"{_TOLD}{n}"}
        for n, content in enumerate(contents, 3)
    ]
    chosen = [
        events.of_menu(kind, agent, _PHONE) | {"eventId": f"{_TOLD}{n}"}
        for n, kind in enumerate(("UNSUBSCRIBE", "SUBSCRIBE"), 6)
    ]
    return [*told, *written, *chosen]
