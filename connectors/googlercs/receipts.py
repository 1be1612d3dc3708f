"""What Google tells: of messages, and from people. Pure: bytes in, values out."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from hub.contract import Receipt, Reply, Request

from .documents import part, text, time
from .envelope import data_in, event_in
from .envelope import greet as greet
from .envelope import verify as verify

_LONGEST = 8192
_LONGEST_POSTBACK = 2048
_STATES = {
    "DELIVERED": ("delivered", ""),
    "READ": ("read", ""),
    "TTL_EXPIRATION_REVOKED": (
        "expired",
        "The phone did not take the message in time, so Google took it back.",
    ),
    # Google itself does not know whether it arrived: a later event may say so.
    "TTL_EXPIRATION_REVOKE_FAILED": (
        "",
        "The message ran out of time, and Google could not take it back: it may still arrive.",
    ),
}
# Google's menu «Unsubscribe» and «Subscribe», as what a person writes to say the same.
_SAID = {"UNSUBSCRIBE": "STOP", "SUBSCRIBE": "START"}
_PASSING = ("IS_TYPING",)

_Event = Mapping[str, Any]


def dedupe(request: Request) -> str:
    """The event's own id, or the message's that a person wrote, with whom it is about: Google
    sends an event again in another wrapping until it is answered 200."""
    try:
        data = data_in(request.body)
        event = event_in(request.body)
    except ValueError:
        return "body:" + hashlib.sha256(request.body).hexdigest()
    named = [text(event, name) for name in ("eventId", "messageId", "eventType")]
    if not any(named[:2]):
        return "data:" + hashlib.sha256(data).hexdigest()
    return "event:" + hashlib.sha256(json.dumps([*named, _phone(event)]).encode()).hexdigest()


def receipts(request: Request) -> tuple[Receipt, ...]:
    """What the callback tells of a message; nothing where a person wrote. Raises ValueError where
    it makes no sense."""
    event = _known(request)
    kind, message = _kind(event), text(event, "messageId")
    if not message:
        return ()
    if kind == "UNSUBSCRIBE":
        return (_receipt(event, "", "The person unsubscribed from the agent.", blocked=True),)
    return (_receipt(event, *_STATES[kind]),) if kind in _STATES else ()


def replies(request: Request) -> tuple[Reply, ...]:
    """What a person answered, tapped or chose in the menu. Raises ValueError as `receipts` does."""
    event = _known(request)
    if not _from_person(event):
        return ()
    tapped, kind = part(event, "suggestionResponse"), _kind(event)
    reply = Reply(
        carrier_reply_id=text(event, "eventId") or text(event, "messageId") or dedupe(request),
        sender=_phone(event),
        text=_SAID.get(kind) or _words(event),
        at=time(event, "sendTime"),
        # A menu's event may name our message; what a person writes has an id of its own there.
        reference=text(event, "messageId") if kind else "",
        opt_out=kind == "UNSUBSCRIBE",
        postback=text(tapped, "postbackData", _LONGEST_POSTBACK),
    )
    return (reply,)


def _known(request: Request) -> _Event:
    """The event, if it is of a kind that Google's documents have."""
    event = event_in(request.body)
    kind = _kind(event)
    if kind in _STATES and not text(event, "messageId"):
        raise ValueError("Google's event names no message.")
    if kind in _STATES or kind in _PASSING or "newLaunchState" in event or _from_person(event):
        return event
    raise ValueError("Google sent an event of a kind that Relais does not know.")


def _kind(event: _Event) -> str:
    return text(event, "eventType").upper()


def _from_person(event: _Event) -> bool:
    if not _phone(event):
        return False
    kind = _kind(event)
    written = any(
        isinstance(event.get(name), str if name == "text" else dict)
        for name in ("text", "suggestionResponse", "location", "userFile")
    )
    return kind in _SAID or (not kind and written)


def _receipt(event: _Event, state: str, words: str, blocked: bool = False) -> Receipt:
    message, phone = text(event, "messageId"), _phone(event)
    return Receipt(
        carrier_message_id=f"phones/{phone}/agentMessages/{message}" if phone else "",
        reference=message,
        state=state,
        at=time(event, "sendTime"),
        code=_kind(event),
        words=words,
        blocked=blocked,
    )


def _phone(event: _Event) -> str:
    """The person's number: events from phones and from Google's servers name it differently."""
    given = text(event, "senderPhoneNumber", 40) or text(event, "phoneNumber", 40)
    digits = given.strip().removeprefix("+")
    return f"+{digits}" if digits.isascii() and digits.isdigit() else ""


def _words(event: _Event) -> str:
    """What a person sent, as text. A file is named and never fetched."""
    if "suggestionResponse" in event:
        return text(part(event, "suggestionResponse"), "text", _LONGEST)
    if "location" in event:
        place = part(event, "location")
        return f"[location {_degrees(place, 'latitude')}, {_degrees(place, 'longitude')}]"
    if "userFile" in event:
        named = text(part(part(event, "userFile"), "payload"), "fileName")
        return f"[file {named}]" if named else "[file]"
    return text(event, "text", _LONGEST)


def _degrees(place: _Event, name: str) -> str:
    value = place.get(name)
    plain = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 180
    return f"{value:.6g}" if plain else "?"
