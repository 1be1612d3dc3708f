"""Twilio's status words and error codes and what they mean to the hub; listed here alone."""

from dataclasses import dataclass

_STATES = {
    "accepted": "sent",
    "scheduled": "sent",
    "queued": "sent",
    "sending": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}

OPTED_OUT = ("21610",)
DEAD = ("21211", "21614", "30005")
EXPIRED = ("30036",)
# Said of an RCS address: the phone has no RCS. 30003, 30006 and 30008 are left out on purpose:
# a phone that is switched off, a line or a network of another kind may have RCS tomorrow.
NO_RCS = ("63003", "63024", "63106")

_NO_SUCH_PHONE = "No phone has this number: correct it in the customer's record."
_NO_RCS = "This phone cannot receive RCS."

SENTENCES = {
    "21211": _NO_SUCH_PHONE,
    "21214": "This number cannot be reached.",
    "21408": "The Twilio account may not send to this country: allow it in Twilio's console.",
    "21602": "The message has no text.",
    "21603": "The message has no sender: set a Messaging Service or a sender.",
    "21606": "Twilio does not send from this sender: choose one of the account's own.",
    "21608": "A trial account only sends to numbers verified at Twilio: upgrade it.",
    "21610": "This person opted out at Twilio: nothing more may be sent to this number.",
    "21612": "Twilio has no way from this sender to this number: choose another sender.",
    "21614": "This number is no mobile phone: correct it in the customer's record.",
    "21617": "The text is longer than the 1,600 characters Twilio takes: shorten it.",
    "21655": "Twilio no longer knows the content template; it is made again.",
    "21656": "Twilio did not take the values of the content template.",
    "30001": "Twilio's queue for this sender is full.",
    "30002": "The Twilio account is suspended: look at it in Twilio's console.",
    "30003": "The phone is switched off or out of reach.",
    "30004": "The phone or its network refuses this message.",
    "30005": _NO_SUCH_PHONE,
    "30006": "This is a landline, or its network cannot be reached from this sender.",
    "30007": "Twilio or the network took the message for spam: change its words or its link.",
    "30008": "The network did not deliver the message and does not say why.",
    "30036": "The message could not go out in time, so Twilio gave up.",
    "63003": _NO_RCS,
    "63024": _NO_RCS,
    "63106": _NO_RCS,
}


@dataclass(frozen=True)
class Meaning:
    """What a status and an error code say together. `state` is empty when it changes nothing."""

    state: str
    code: str
    words: str
    blocked: bool
    dead_number: bool
    unreachable: bool


def meaning_of(status: str, error: str = "", event: str = "", *, rcs: bool = False) -> Meaning:
    """What Twilio says of a message on SMS, or on RCS; words never met are kept as the code."""
    status, error = status.strip().lower(), error.strip()
    if event.strip().upper() == "READ":
        status = "read"
    error = "" if error == "0" else error
    state = _STATES.get(status, "")
    if state == "failed" and error in EXPIRED:
        state = "expired"
    return Meaning(
        state=state,
        code=error or status,
        words=SENTENCES.get(error, ""),
        blocked=error in OPTED_OUT,
        dead_number=error in DEAD,
        unreachable=rcs and error in NO_RCS,
    )
