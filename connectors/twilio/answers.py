"""What Twilio's answer to one message proves; in doubt it proves nothing: Unknown."""

import requests

from hub.contract import Accepted, Refusal, SendResult, Unavailable, Unknown
from hub.contract.http import said_by

from .client import code_of, error_of, sid_of
from .statuses import meaning_of
from .texts import hide_numbers

# These answers do not say whether it was done. 409 is in no document of Twilio's.
_DOUBTFUL = (408, 409, 499)
_NOT_NOW = (401, 403, 404, 429)
# The template is gone; the next try makes it again.
LOST_TEMPLATE = "21655"


def result_of(response: requests.Response, *, rcs: bool) -> SendResult:
    """What became of the message. Raises a listed error where nothing was sent and the fault is
    not this message's own: the credentials, the address, the pace."""
    status = response.status_code
    if 200 <= status < 300:
        return _accepted(response)
    if status in _DOUBTFUL or status >= 500 or status < 200:
        return Unknown(f"Twilio answered {status}; the message may have gone out.")
    if status < 400:
        words = "Twilio answered with a redirect, so nothing was sent: check its address."
        raise Unavailable(words, reached=False)
    if status in _NOT_NOW:
        raise error_of(response)
    return refusal_of(response, rcs=rcs) or Unknown(
        f"Twilio answered {status} without a word of its own; the message may have gone out."
    )


def refusal_of(response: requests.Response, *, rcs: bool = False) -> Refusal | None:
    """Twilio's refusal with its code; None where the answer is not in Twilio's form."""
    code = code_of(response)
    if not code:
        return None
    meaning = meaning_of("failed", code, rcs=rcs)
    said = meaning.words or f"Twilio refused the message: {hide_numbers(said_by(response))}"
    return Refusal(
        code,
        said,
        permanent=code != LOST_TEMPLATE,
        unreachable=meaning.unreachable,
        blocked=meaning.blocked,
        dead_number=meaning.dead_number,
    )


def _accepted(response: requests.Response) -> SendResult:
    sid = sid_of(response)
    return Accepted(sid) if sid else Unknown("Twilio's answer names no message; it may be out.")
