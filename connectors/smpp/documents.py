"""What the hub and the bind say to each other, as JSON: messages, results, receipts, replies."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from hub.contract import Accepted, Found, Outgoing, Phone, Refusal, SendResult, Unknown, strict

_NO_TEXT = re.compile("[\ud800-\udfff]")
_UNREAD = Unknown("The bind's answer says nothing of this message; it may have gone out.")


def of_message(message: Outgoing, sender: str) -> dict[str, Any]:
    """A message on its way to the bind; `sender` where it names none."""
    return {
        "reference": message.reference,
        "to": message.to.e164,
        "text": message.text,
        "encoding": message.encoding,
        "sender": message.sender or sender,
        "within": message.within.total_seconds() if message.within else 0,
    }


def message_of(document: Mapping[str, Any]) -> Outgoing:
    """The same, read. Raises ValueError, KeyError, TypeError for what is none."""
    within = float(document["within"])
    return Outgoing(
        reference=str(document["reference"]),
        to=Phone(str(document["to"])),
        text=str(document["text"]),
        encoding=str(document["encoding"]),
        marketing=False,
        sender=str(document["sender"]),
        within=timedelta(seconds=within) if within else None,
    )


def of_result(result: SendResult) -> dict[str, Any]:
    """What became of a message."""
    match result:
        case Accepted(carrier_message_id=name):
            return {"accepted": name}
        case Refusal():
            return {"refused": vars(result)}
        case Unknown(words=words):
            return {"unknown": words}


def result_of(document: Any) -> SendResult:
    """The same, read; in doubt it is Unknown."""
    if not isinstance(document, dict):
        return _UNREAD
    name, refused = document.get("accepted"), document.get("refused")
    if isinstance(name, str) and name:
        return Accepted(name)
    if isinstance(refused, dict):
        return Refusal(
            text(refused.get("code")),
            text(refused.get("words"), 300),
            permanent=refused.get("permanent") is not False,
            blocked=refused.get("blocked") is True,
            dead_number=refused.get("dead_number") is True,
        )
    return Unknown(text(document.get("unknown"), 300) or _UNREAD.words)


def found_of(document: Any) -> Found | None:
    """What the bind knows of a reference; None where that is no answer."""
    named = document if isinstance(document, dict) else {}
    name = text(named.get("carrier_message_id"))
    return (
        Found(name, text(named.get("state")) or "sent", text(named.get("code"))) if name else None
    )


def of_receipt(
    name: str, reference: str, state: str, code: str, at: datetime, **more: Any
) -> dict[str, Any]:
    """A receipt; `more` is blocked, dead_number, parts."""
    told = {"id": name, "reference": reference, "state": state, "code": code} | more
    return {"receipts": [told | {"at": at.isoformat()}]}


def of_reply(name: str, sender: str, to: str, said: str, at: datetime) -> dict[str, Any]:
    """A reply."""
    told = {"id": name, "from": sender, "to": to, "text": said, "at": at.isoformat()}
    return {"replies": [told]}


def items_of(body: bytes, name: str) -> list[Mapping[str, Any]]:
    """The receipts or the replies in a call. Raises ValueError in words."""
    try:
        document = strict.read(body, most=strict.MOST_DELIVERED)
    except strict.Unreadable as unfit:
        raise ValueError(f"The bind's call is not JSON. {unfit}") from None
    if not isinstance(document, dict) or not {"receipts", "replies"} & set(document):
        raise ValueError("The bind's call holds neither receipts nor replies.")
    items = document.get(name, [])
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise ValueError(f"The bind's {name} are no list of objects.")
    return items


def text(value: Any, limit: int = 200) -> str:
    """A text a database can hold; anything else is an empty text."""
    if not isinstance(value, str):
        return ""
    return _NO_TEXT.sub("\ufffd", value.replace("\0", ""))[:limit]


def time(value: Any) -> datetime | None:
    """A time that carries its zone."""
    try:
        stated = datetime.fromisoformat(text(value))
    except ValueError:
        return None
    return stated if stated.tzinfo else None
