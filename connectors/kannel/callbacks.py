"""What Kannel calls back with: receipts at the address each message named, replies at the address
that kannel.conf names. Pure: a request in, values out."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from hub.contract import Receipt, Rejected, Reply, Request

from .statuses import status_of
from .texts import phone_of, text_of, tidy

MOST_BYTES = 1 << 16
_SHORT = 200


def verify(request: Request, secrets: Mapping[str, str]) -> None:
    """Raise Rejected unless this can be Kannel's call.

    Kannel signs nothing: the address that nobody can guess is the credential, and the hub has
    checked it. What is left to check is the form, and the shared word where one is set.
    """
    if request.method.upper() not in ("GET", "POST"):
        raise Rejected("Kannel only calls with GET and POST.")
    if len(request.body) > MOST_BYTES:
        raise Rejected("The call is larger than 64 KiB, which no text message is.")
    if not (_is_receipt(request) or _is_reply(request)):
        raise Rejected("The call is neither a receipt nor a reply of Kannel's.")
    word = secrets.get("hook_word", "").strip().encode(errors="surrogatepass")
    given = request.query.get("key", "").encode(errors="surrogatepass")
    if word and not hmac.compare_digest(word, given):
        raise Rejected("The call does not carry the shared word.")


def dedupe(request: Request) -> str:
    """Message and state for a receipt, Kannel's own id for a reply, a hash where there is none."""
    query = request.query
    if _is_receipt(request):
        return tidy(f"receipt:{query['ref']}:{query['state']}", _SHORT)
    name = query.get("id", "").strip()
    if _is_reply(request) and name:
        return tidy(f"reply:{name}", _SHORT)
    return "body:" + _fingerprint(request)


def receipts(request: Request) -> tuple[Receipt, ...]:
    """The receipt in a call, if it is one. Raises ValueError when it is nothing of Kannel's."""
    if not _is_receipt(request):
        _insist_on_a_reply(request)
        return ()
    query = request.query
    status = status_of(query["state"], query.get("answer", ""), query.get("optout", ""))
    reference = tidy(query["ref"], _SHORT)
    return (
        Receipt(
            carrier_message_id=reference,
            reference=reference,
            state=status.state,
            at=_time(query.get("at", "")),
            code=status.code,
            words=status.words,
            blocked=status.blocked,
            dead_number=status.dead_number,
        ),
    )


def replies(request: Request) -> tuple[Reply, ...]:
    """The reply in a call, if it is one. Raises ValueError when it is nothing of Kannel's."""
    if _is_receipt(request):
        return ()
    _insist_on_a_reply(request)
    text = text_of(request)
    return (
        Reply(
            carrier_reply_id=tidy(request.query.get("id", "").strip(), _SHORT)
            or "body:" + _fingerprint(request),
            sender=phone_of(request.query["from"]),
            text=text,
            at=_time(request.query.get("at", "")),
            opt_out=text.strip().upper() == "STOP",
        ),
    )


def _is_receipt(request: Request) -> bool:
    query = request.query
    return query.get("type") == "dlr" and bool(query.get("ref") and query.get("state"))


def _is_reply(request: Request) -> bool:
    return request.query.get("type") == "mo" and bool(request.query.get("from", "").strip())


def _insist_on_a_reply(request: Request) -> None:
    if not _is_reply(request):
        raise ValueError("The call is neither a receipt nor a reply of Kannel's.")


def _fingerprint(request: Request) -> str:
    known = json.dumps(sorted(request.query.items()))
    return hashlib.sha256(known.encode() + b"\0" + request.body).hexdigest()


def _time(stated: str) -> datetime | None:
    """Seconds since 1970, as Kannel's %T gives them."""
    try:
        return datetime.fromtimestamp(int(stated[:12]), UTC) if stated.isascii() else None
    except (ValueError, OverflowError, OSError):
        return None
