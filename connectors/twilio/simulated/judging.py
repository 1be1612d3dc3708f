"""Whether Twilio takes a message: its number, its sender, its opt-outs, its content."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .problems import Problem
from .templates import Templates

_TO = re.compile(r"(?:rcs:)?\+[1-9]\d{6,14}")
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")


@dataclass(frozen=True)
class Senders:
    """What the account may send from: a Messaging Service, a number, an RCS sender."""

    service: str = "MG" + "0f1e2d3c" * 4
    number: str = "+15005550006"
    rcs: str = "rcs:maison_lune_agent"


def judged(
    senders: Senders, templates: Templates, fields: Mapping[str, str], *, wrong: bool, barred: bool
) -> str | dict[str, Any]:
    """The text, or the filled-in template. Raises Problem where Twilio would refuse."""
    _judge_to(fields, wrong)
    _judge_sender(senders, fields)
    _judge_validity(fields)
    if barred:
        raise Problem(400, 21610, "Attempt to send to unsubscribed recipient")
    if "ContentSid" in fields:
        return templates.filled(fields["ContentSid"], fields.get("ContentVariables", ""))
    body = fields.get("Body", "")
    if not body:
        raise Problem(400, 21602, "Message body is required")
    if len(body) > 1600:
        raise Problem(400, 21617, "The concatenated message body exceeds the 1600 character limit")
    return body


def _judge_to(fields: Mapping[str, str], wrong: bool) -> None:
    to = fields.get("To", "")
    if wrong or not _TO.fullmatch(to):
        raise Problem(400, 21211, f"The 'To' number {to} is not a valid phone number.")


def _judge_sender(senders: Senders, fields: Mapping[str, str]) -> None:
    service, sender = fields.get("MessagingServiceSid", ""), fields.get("From", "")
    if not service and not sender:
        raise Problem(400, 21603, "A 'From' phone number is required.")
    rcs = fields["To"].startswith("rcs:")
    own = sender == senders.rcs if rcs else sender == senders.number or _NAME.fullmatch(sender)
    if (service and service != senders.service) or (sender and not own) or (rcs and not sender):
        raise Problem(400, 21606, f"The From {sender} is not a valid sender of this account.")


def _judge_validity(fields: Mapping[str, str]) -> None:
    period = fields.get("ValidityPeriod", "1")
    if not (period.isdigit() and 1 <= int(period) <= 36_000):
        raise Problem(400, 20001, "ValidityPeriod is from 1 to 36000 seconds.")
