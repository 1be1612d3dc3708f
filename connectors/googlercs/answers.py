"""What Google's answer to one message proves of it; in doubt it proves nothing: Unknown."""

import requests

from hub.contract import Accepted, Outgoing, Refusal, SendResult, Unavailable, Unknown

from .client import blames_number, error_of, object_in, said_in, status_of
from .documents import text


def name_of(message: Outgoing) -> str:
    """The message as Google names it; taking it back needs the phone, which is in the name."""
    return f"phones/{message.to.e164}/agentMessages/{message.reference}"


def result_of(response: requests.Response, message: Outgoing) -> SendResult:
    """What became of the message. Raises the listed error where it says that none can be sent."""
    status = response.status_code
    if 200 <= status < 300:
        return _taken(response, message)
    if status == 400:
        return _refused(response)
    if status == 404 and status_of(response) == "NOT_FOUND":
        words = "RCS does not reach this phone, or the agent is not launched on its network."
        return Refusal("404", words, unreachable=True)
    if status == 409 and status_of(response) == "ALREADY_EXISTS":
        return Accepted(name_of(message))  # an earlier try did arrive
    if status == 413:
        return Refusal("413", "The message is larger than the 250 kB that Google takes.")
    if status in (408, 409, 499) or status >= 500 or status < 200:
        return Unknown(f"Google answered {status}; the message may have gone out.")
    raise error_of(response)


def _taken(response: requests.Response, message: Outgoing) -> SendResult:
    try:
        named = text(object_in(response), "name", 400)
    except Unavailable:
        named = ""
    # A page of somebody's own, or another message: neither says that this one was taken.
    if named.rpartition("/")[2] != message.reference:
        return Unknown("Google's answer says nothing of this message; it may have gone out.")
    return Accepted(name_of(message))


def _refused(response: requests.Response) -> Refusal:
    if blames_number(response):
        words = "Google says that this is no phone number: correct it in the customer's record."
        return Refusal("400", words, dead_number=True)
    return Refusal("400", f"Google refused the message: {said_in(response)}")
