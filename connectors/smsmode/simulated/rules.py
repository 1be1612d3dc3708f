"""What smsmode takes and what it turns away, message by message."""

from collections.abc import Mapping
from typing import Any

from . import cards
from .problems import Problem


def validate(wanted: Any, kind: str = "SMS") -> Mapping[str, Any]:
    """The message, if smsmode would take it as SMS or as RCS; raises Problem."""
    if not isinstance(wanted, dict) or not isinstance(wanted.get("body"), dict):
        raise Problem(
            400, "400.002", "Malformed message", "A message needs a recipient and a body."
        )
    recipient = wanted.get("recipient")
    to = str(recipient.get("to", "")).removeprefix("+") if isinstance(recipient, dict) else ""
    if not (to.isascii() and to.isdigit() and 7 <= len(to) <= 15):
        raise Problem(400, "400.029", "Bad phone number format", "recipient.to is not E.164.")
    if kind == "RCS":
        cards.validate_body(wanted["body"])
        cards.validate_fields(wanted)
    else:
        _validate_body(wanted["body"])
        _validate_sender(wanted)
    _validate_fields(wanted)
    return wanted


def _validate_body(body: Mapping[str, Any]) -> None:
    if not isinstance(body.get("text"), str) or not body["text"]:
        raise Problem(400, "400.010", "Text missing", "body.text must not be empty.")
    if body.get("encoding") not in (None, "GSM7", "UNICODE"):
        raise Problem(400, "400.011", "Unknown encoding", "body.encoding is GSM7 or UNICODE.")
    if not isinstance(body.get("stop", False), bool):
        raise Problem(400, "400.012", "Bad flag", "body.stop is true or false.")


def _validate_fields(wanted: Mapping[str, Any]) -> None:
    reference = wanted.get("refClient", "ref")
    if not isinstance(reference, str) or not 3 <= len(reference) <= 140:
        raise Problem(400, "400.020", "Bad reference", "refClient has 3 to 140 characters.")
    for name in ("callbackUrlStatus", "callbackUrlMo"):
        if len(str(wanted.get(name, ""))) > 255:
            raise Problem(400, "400.022", "Address too long", f"{name} has at most 255 characters.")


def _validate_sender(wanted: Mapping[str, Any]) -> None:
    sender = wanted.get("from", "shop")
    if not isinstance(sender, str) or not 1 <= len(sender) <= (15 if sender.isdigit() else 11):
        raise Problem(400, "400.021", "Bad sender", "from has 1 to 11 characters.")
