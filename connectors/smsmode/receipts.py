"""What smsmode calls back with: delivery reports and replies. Pure: bytes in, values out."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from hub.contract import Receipt, Rejected, Reply, Request
from hub.contract.rich import MOST_POSTBACK

from .documents import is_rcs, items_of, part, parts, price, text, time
from .statuses import status_of

MOST_BYTES = 1 << 20
# RCS allows 3,072 characters; a chain of SMS stays far below.
_LONGEST = 8192
_PHONE = re.compile(r"\+?\d{7,15}")
_SPACES = str.maketrans("", "", " \u00a0\u202f.-()")

_Value = TypeVar("_Value")


def verify(request: Request, secrets: Mapping[str, str]) -> None:
    """Raise Rejected unless this can be smsmode's callback for the connection's channel.

    smsmode signs nothing: the address that nobody can guess is the credential, and the hub has
    checked it. What is left to check is the form, and the channel when one is set.
    """
    if request.method.upper() != "POST":
        raise Rejected("smsmode only calls back with POST.")
    if len(request.body) > MOST_BYTES:
        raise Rejected("The callback is larger than 1 MiB, which smsmode never sends.")
    try:
        items = items_of(request.body)
    except ValueError as error:
        raise Rejected(str(error)) from None
    if not all(_is_of(item, secrets) for item in items):
        raise Rejected("The callback belongs to another smsmode channel.")


def _is_of(item: Any, secrets: Mapping[str, str]) -> bool:
    """Whether it states one of the channels that are set. Where no channel is set for its kind of
    message, none is asked of it."""
    names = [secrets.get(name, "").strip() for name in ("channel_id", "rcs_channel_id")]
    stated = text(part(item, "channel").get("channelId"))
    if any(_same(stated, name) for name in names if name):
        return True
    rcs = bool(secrets.get("rcs_key", "").strip()) and is_rcs(item)
    return not names[rcs]


def _same(stated: str, name: str) -> bool:
    return hmac.compare_digest(stated.lower().encode(), name.lower().encode(errors="surrogatepass"))


def dedupe(request: Request) -> str:
    """Message and status for a report, message for a reply, a hash where that cannot be read."""
    try:
        items = items_of(request.body)
    except ValueError:
        items = []
    known = _name(items[0]) if len(items) == 1 else ""
    return known or "body:" + hashlib.sha256(request.body).hexdigest()


def _name(item: Any) -> str:
    message_id = text(item.get("messageId")) if isinstance(item, dict) else ""
    if not message_id or not (_is_report(item) or _is_reply(item)):
        return ""
    if _is_reply(item):
        return f"reply:{message_id}"
    return f"report:{message_id}:{_value(item).upper()}"


def receipts(request: Request) -> tuple[Receipt, ...]:
    """The delivery reports in a callback, in its order. Raises ValueError when it holds nothing
    that can be read; an unreadable report beside good ones is left out."""
    return _read(request, _is_report, _receipt)


def replies(request: Request) -> tuple[Reply, ...]:
    """The replies in a callback, in its order. Raises ValueError as `receipts` does."""
    return _read(request, _is_reply, _reply)


def _read(
    request: Request,
    wanted: Callable[[Any], bool],
    read: Callable[[Mapping[str, Any]], _Value],
) -> tuple[_Value, ...]:
    items = items_of(request.body)
    if items and not any(_is_report(item) or _is_reply(item) for item in items):
        raise ValueError("The callback is neither a delivery report nor a reply of smsmode's.")
    return tuple(read(item) for item in items if wanted(item))


def _direction(item: Any) -> str:
    return text(item.get("direction")).upper()


def _value(item: Any) -> str:
    return text(part(item, "status").get("value")).strip()


def _is_report(item: Any) -> bool:
    if not isinstance(item, dict) or _direction(item) == "MO" or not _value(item):
        return False
    return bool(text(item.get("messageId")) or text(item.get("refClient")))


def _is_reply(item: Any) -> bool:
    """Never an outgoing message: its own "STOP 36034" would read as an opt-out."""
    if not isinstance(item, dict) or _direction(item) == "MT":
        return False
    if _direction(item) != "MO" and _value(item):
        return False
    return isinstance(item.get("body"), dict | str) and bool(_sender(item))


def _receipt(item: Mapping[str, Any]) -> Receipt:
    stated = part(item, "status")
    status = status_of(_value(item), text(stated.get("detail")), rcs=is_rcs(item))
    return Receipt(
        carrier_message_id=text(item.get("messageId")),
        reference=text(item.get("refClient")),
        state=status.state,
        at=time(stated.get("deliveryDate")),
        code=status.code,
        words=status.words,
        blocked=status.blocked,
        dead_number=status.dead_number,
        price=price(item),
        unreachable=status.unreachable,
        parts=parts(item),
    )


def _reply(item: Mapping[str, Any]) -> Reply:
    sender, words = _sender(item), _words(item.get("body"))
    return Reply(
        carrier_reply_id=text(item.get("messageId")) or _fingerprint(item, sender, words),
        sender=sender,
        text=words,
        at=time(item.get("sentDate")),
        reference=text(item.get("refClient")),
        opt_out=part(item, "body").get("stop") is True,
        postback=_postback(item.get("body")),
    )


def _fingerprint(item: Mapping[str, Any], sender: str, words: str) -> str:
    canonical = json.dumps([sender, words, text(item.get("sentDate")), text(item.get("refClient"))])
    return "body:" + hashlib.sha256(canonical.encode()).hexdigest()


def _sender(item: Mapping[str, Any]) -> str:
    """The side that is a phone. An SMS reply comes *from* it; RCS in production keeps the
    orientation of the message it answers, so that the phone stands in `recipient.to`."""
    sides = (text(item.get("from")), text(part(item, "recipient").get("to")))
    bare = (side.strip().translate(_SPACES) for side in sides)
    phone = next((side for side in bare if _PHONE.fullmatch(side)), "")
    if not phone:
        return sides[0].strip()
    return phone if phone.startswith(("+", "0")) else f"+{phone}"


def _postback(body: Any) -> str:
    """The id of the suggestion that was tapped."""
    if text(part({"body": body}, "body").get("type")).upper() != "SUGGESTION":
        return ""
    return text(body.get("postbackData"), MOST_POSTBACK)


def _words(body: Any) -> str:
    """A reply as text. A file is named and never fetched: its address is anybody's."""
    if isinstance(body, str):
        return text(body, _LONGEST)
    match text(body.get("type")).upper():
        case "SUGGESTION":
            return text(body.get("text"), _LONGEST) or _postback(body)
        case "LOCATION":
            return f"[location {_degrees(body, 'latitude')}, {_degrees(body, 'longitude')}]"
        case "FILE":
            return f"[file {text(body.get('filename'))}]".replace(" ]", "]")
        case _:
            return text(body.get("text"), _LONGEST)


def _degrees(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    return f"{value:.6g}" if isinstance(value, float) else text(value, 20) or "?"
