"""What the bind tells the hub: receipts and replies, signed. Pure: a request in, values out."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from hub.contract import Receipt, Rejected, Reply, Request

from .documents import items_of, text, time
from .line.telling import SIGNATURE, signature

MOST_BYTES = 1 << 18
_LONGEST = 8192
_STATES = ("sent", "delivered", "read", "failed", "expired")
_WORDS = {
    "failed": "The operator could not deliver the message.",
    "expired": "The phone could not be reached in time, so the operator gave up.",
}


def verify(request: Request, secrets: Mapping[str, str]) -> None:
    """Raise Rejected unless the bind of this connection wrote it."""
    key = secrets.get("door_key", "").strip()
    given = request.header(SIGNATURE).encode(errors="surrogatepass")
    if request.method.upper() != "POST" or len(request.body) > MOST_BYTES:
        raise Rejected("The bind only calls with POST, and never with so much.")
    if not key or not hmac.compare_digest(given, signature(key, request.body).encode()):
        raise Rejected("The call is not signed with the key of this connection's bind.")


def dedupe(request: Request) -> str:
    """Message and state for a receipt, the bind's own id for a reply, a hash for anything else."""
    try:
        told = items_of(request.body, "receipts")
        said = items_of(request.body, "replies")
    except ValueError:
        told, said = [], []
    if len(told) + len(said) == 1:
        kind, one = ("receipt", told[0]) if told else ("reply", said[0])
        name = f"{text(one.get('id'))}:{text(one.get('state'))}:{text(one.get('code'))}"
        if text(one.get("id")):
            return f"{kind}:{name}"
    return "body:" + hashlib.sha256(request.body).hexdigest()


def receipts(request: Request) -> tuple[Receipt, ...]:
    """The receipts in a call. Raises ValueError when it cannot be read."""
    items_of(request.body, "replies")
    return tuple(_receipt(one) for one in items_of(request.body, "receipts") if _named(one))


def replies(request: Request) -> tuple[Reply, ...]:
    """The replies in a call. Raises ValueError when it cannot be read."""
    items_of(request.body, "receipts")
    return tuple(_reply(one) for one in items_of(request.body, "replies") if text(one.get("from")))


def _named(one: Mapping[str, Any]) -> bool:
    return bool(text(one.get("id")) or text(one.get("reference")))


def _receipt(one: Mapping[str, Any]) -> Receipt:
    state, parts = text(one.get("state")), one.get("parts")
    counted = isinstance(parts, int) and not isinstance(parts, bool) and 0 < parts < 256
    return Receipt(
        carrier_message_id=text(one.get("id")),
        reference=text(one.get("reference")),
        state=state if state in _STATES else "",
        at=time(one.get("at")),
        code=text(one.get("code"), 100),
        words=_WORDS.get(state, ""),
        blocked=one.get("blocked") is True,
        dead_number=one.get("dead_number") is True,
        parts=parts if counted and isinstance(parts, int) else 0,
    )


def _reply(one: Mapping[str, Any]) -> Reply:
    said = text(one.get("text"), _LONGEST)
    sender = text(one.get("from"), 40).strip()
    whole = sender.isascii() and sender.isdigit() and len(sender) > 9 and sender[0] != "0"
    return Reply(
        carrier_reply_id=text(one.get("id")) or _fingerprint(sender, said, one),
        sender=f"+{sender}" if whole else sender,
        text=said,
        at=time(one.get("at")),
        opt_out=said.strip().upper() == "STOP",
    )


def _fingerprint(sender: str, said: str, one: Mapping[str, Any]) -> str:
    known = "\0".join((sender, said, text(one.get("at"))))
    return "body:" + hashlib.sha256(known.encode()).hexdigest()
