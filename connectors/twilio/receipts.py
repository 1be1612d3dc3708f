"""What Twilio calls back with: statuses and replies, in forms. Pure: bytes in, values out."""

import hashlib
from collections.abc import Mapping

from hub.contract import Receipt, Reply, Request, Response

from .statuses import meaning_of
from .texts import form_of, text

_LONGEST = 8192
_INBOUND = ("received", "receiving")
# Those of Twilio's own words that can mean nothing else. END, QUIT and CANCEL are also said of
# appointments; where Twilio takes them for an opt-out, its next refusal tells (21610).
_STOPS = ("STOP", "STOPALL", "UNSUBSCRIBE", "OPTOUT", "REVOKE")

Fields = Mapping[str, str]


def dedupe(request: Request) -> str:
    """Message and status for a status, message for a reply, a hash where that cannot be read."""
    try:
        fields = _fields(request)
    except ValueError:
        fields = {}
    if _is_status(fields):
        parts = (_sid(fields) or _reference(request), _status(fields), fields.get("ErrorCode", ""))
        return ":".join(("status", *(text(one) for one in parts), _event(fields)))
    if _is_reply(fields) and _sid(fields):
        return f"reply:{_sid(fields)}"
    return "body:" + hashlib.sha256(request.body).hexdigest()


def receipts(request: Request) -> tuple[Receipt, ...]:
    """The status in a callback. Raises ValueError when it is neither a status nor a reply."""
    fields = _readable(request)
    return (_receipt(fields, _reference(request)),) if _is_status(fields) else ()


def replies(request: Request) -> tuple[Reply, ...]:
    """The reply in a callback. Raises ValueError as `receipts` does."""
    fields = _readable(request)
    return (_reply(fields, request.body),) if _is_reply(fields) else ()


def answer(request: Request) -> Response:
    """An empty reply in TwiML: anything else would be sent to the person as a message."""
    body = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
    return Response(200, body, "text/xml; charset=utf-8")


def _readable(request: Request) -> Fields:
    fields = _fields(request)
    if not (_is_status(fields) or _is_reply(fields)):
        raise ValueError("The callback is neither a status nor a reply of Twilio's.")
    return fields


def _fields(request: Request) -> Fields:
    found: dict[str, str] = {}
    for name, value in form_of(request.body):
        found.setdefault(name, text(value, _LONGEST))
    return found


def _is_status(fields: Fields) -> bool:
    """Of a message we sent: a reply has a status of its own, "received"."""
    return bool(_status(fields)) and _status(fields) not in _INBOUND


def _is_reply(fields: Fields) -> bool:
    said = any(name in fields for name in ("Body", "ButtonPayload", "Latitude", "NumMedia"))
    return not _is_status(fields) and said and bool(_sender(fields))


def _status(fields: Fields) -> str:
    return text(fields.get("MessageStatus", "")).strip().lower()


def _event(fields: Fields) -> str:
    return text(fields.get("EventType", "")).strip().upper()


def _sid(fields: Fields) -> str:
    return text(fields.get("MessageSid") or fields.get("SmsSid", "")).strip()


def _reference(request: Request) -> str:
    return text(request.query.get("ref", ""))


def _sender(fields: Fields) -> str:
    return text(fields.get("From", "")).strip().removeprefix("rcs:").removeprefix("sms:")


def _receipt(fields: Fields, reference: str) -> Receipt:
    rcs = any(fields.get(side, "").startswith("rcs:") for side in ("To", "From"))
    error = text(fields.get("ErrorCode", ""))
    meaning = meaning_of(_status(fields), error, _event(fields), rcs=rcs)
    return Receipt(
        carrier_message_id=_sid(fields),
        reference=reference,
        state=meaning.state,
        code=meaning.code,
        words=meaning.words,
        blocked=meaning.blocked,
        dead_number=meaning.dead_number,
        unreachable=meaning.unreachable,
    )


def _reply(fields: Fields, body: bytes) -> Reply:
    words = _words(fields)
    return Reply(
        carrier_reply_id=_sid(fields) or "body:" + hashlib.sha256(body).hexdigest(),
        sender=_sender(fields),
        text=words,
        opt_out=_is_stop(fields, words),
        postback=text(fields.get("ButtonPayload", "")),
    )


def _is_stop(fields: Fields, words: str) -> bool:
    told = fields.get("OptOutType", "").strip().upper()
    return told == "STOP" or (not told and words.strip().upper() in _STOPS)


def _words(fields: Fields) -> str:
    """A reply as text. A file is named and never fetched: its address is anybody's."""
    said = fields.get("Body", "") or fields.get("ButtonText", "")
    if said:
        return said
    if fields.get("Latitude"):
        return f"[location {text(fields['Latitude'], 20)}, {text(fields.get('Longitude', ''), 20)}]"
    kind = text(fields.get("MediaContentType0", ""), 60)
    return f"[file {kind}]".replace(" ]", "]") if kind else ""
