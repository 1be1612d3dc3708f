"""smsmode's status words and what they mean to the hub; the one place where they are listed."""

from dataclasses import dataclass

# UNKNOWN is not listed on purpose: smsmode says it while it waits, and later says better.
_STATES = {
    "SCHEDULED": "sent",
    "ENROUTE": "sent",
    "DELIVERED": "delivered",
    "READ": "read",
    "UNDELIVERABLE": "failed",
    "UNDELIVERED": "failed",
}

SENTENCES = {
    "IN_PROGRESS": "The message is on its way.",
    "DELIVERED_TO_NETWORK": "The phone's network has the message.",
    "INSUFFICIENT_CREDIT": "The smsmode account has no credit left: top it up.",
    "DAILY_LIMIT_EXCEEDED": (
        "The smsmode channel has reached its daily limit: raise it at smsmode or wait for tomorrow."
    ),
    "ORGANISATION_MONTHLY_LIMIT_EXCEEDED": (
        "The smsmode organisation has reached its monthly limit: raise it at smsmode."
    ),
    "ROUTE_NOT_AVAILABLE": (
        "smsmode has no route to this phone's network: ask smsmode to open that country."
    ),
    "SPAM": "smsmode took the message for spam: change its words or its link.",
    "INVALID_PHONE_NUMBER": "No phone has this number: correct it in the customer's record.",
    "BLACKLISTED": "This person opted out at smsmode: nothing more may be sent to this number.",
    "PHONE_NOT_SUITABLE": "This phone cannot receive text messages: use another number.",
    "NETWORK_NOT_SUITABLE": "This phone's network cannot carry the message: use another channel.",
    "MEDIA_INVALID": "smsmode could not use the message's picture or file: replace it.",
    "EXPIRED": "The phone could not be reached in time, so the network gave up.",
    "CANCELLED": "The message was cancelled at smsmode.",
    "INTERNAL_ERROR": "smsmode had an error of its own: ask smsmode if it happens again.",
}

# On RCS the phone is well: it only has no RCS, and a text message may reach it.
_NO_RCS = {
    "PHONE_NOT_SUITABLE": "This phone does not receive RCS: a text message may reach it.",
    "NETWORK_NOT_SUITABLE": "This phone's network carries no RCS: a text message may reach it.",
}


@dataclass(frozen=True)
class Status:
    """A status in the hub's words. `state` is empty when it changes nothing."""

    state: str
    code: str
    words: str
    blocked: bool
    dead_number: bool
    unreachable: bool = False


def status_of(value: str, detail: str, *, rcs: bool = False) -> Status:
    """What `status.value` and `status.detail` say together; words never met are kept as code.
    `rcs`: of an RCS message, where an unsuitable phone is one without RCS."""
    value, detail = value.strip().upper(), detail.strip().upper()
    state = _STATES.get(value, "")
    if value == "UNDELIVERED" and detail == "EXPIRED":
        state = "expired"
    unreachable = rcs and state == "failed" and detail in _NO_RCS
    return Status(
        state=state,
        code=detail or value,
        words=_NO_RCS[detail] if unreachable else SENTENCES.get(detail, ""),
        blocked=detail == "BLACKLISTED",
        dead_number=_is_dead(detail, rcs),
        unreachable=unreachable,
    )


def _is_dead(detail: str, rcs: bool) -> bool:
    return detail == "INVALID_PHONE_NUMBER" or (detail == "PHONE_NOT_SUITABLE" and not rcs)
