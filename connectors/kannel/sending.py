"""Messages to Kannel, one call each, and what is proven of each."""

import time
from collections.abc import Sequence

import requests

from hub.contract import (
    Accepted,
    AuthLost,
    ConnectorError,
    Context,
    Outgoing,
    Refusal,
    Refused,
    SendResult,
    Throttled,
    Unavailable,
    Unknown,
)
from hub.contract.http_once import Parcel

from .client import error_of, post, said
from .writing import body_of, headers_of

BATCH_SIZE = 20
# When Kannel falls silent, two messages in doubt are enough: the others wait.
MOST_DOUBTS = 2
_TAKEN = ("0:", "3:", "sent.")
_DOUBTFUL = (408, 409, 499)


def send(ctx: Context, messages: Sequence[Outgoing]) -> list[SendResult]:
    """What became of each message, in their order; raises only when nothing was sent.

    The calls follow one another, none starts later than two deadlines after the first, and after
    two in doubt none at all; what is left over is proven unsent.
    """
    results: list[SendResult] = []
    ends = time.monotonic() + 2 * ctx.deadline
    for message in messages:
        try:
            _insist_on_answers(results, ends)
            results.append(_send_one(ctx, message))
        except ConnectorError as error:
            if not results:
                raise
            return results + [_unsent(error)] * (len(messages) - len(results))
    return results


def _insist_on_answers(results: Sequence[SendResult], ends: float) -> None:
    """Raise Unavailable where no further call should start."""
    silent = len(results) >= MOST_DOUBTS and all(
        isinstance(one, Unknown) for one in results[-MOST_DOUBTS:]
    )
    if silent or (results and time.monotonic() > ends):
        words = "Kannel stopped answering before this message's turn: it was not sent yet."
        raise Unavailable(words, reached=False)


def _send_one(ctx: Context, message: Outgoing) -> SendResult:
    try:
        response = post(ctx, headers_of(ctx, message), Parcel(body_of(message)))
    except Unavailable as error:
        if not error.reached:
            raise
        return Unknown(error.words)
    return _judge(response, message)


def _judge(response: requests.Response, message: Outgoing) -> SendResult:
    """Kannel answers for the whole message once its bearerbox has it, parts or not."""
    status, words = response.status_code, said(response)
    if 200 <= status < 300:
        if words.startswith(_TAKEN):
            return Accepted(message.reference)  # Kannel names none; receipts carry the reference
        return Unknown("Kannel's answer cannot be read; the message may have gone out.")
    if status == 503 and "try again later" in words:
        return Refusal("busy", "Kannel cannot take more now; it was not sent yet.", permanent=False)
    if status in _DOUBTFUL or status >= 500:
        return Unknown(f"Kannel answered {status}; the message may have gone out.")
    return _refusal(status, words) or _raise(response)


def _refusal(status: int, words: str) -> Refusal | None:
    """What is about this one message, and no other."""
    if "not routable" in words:
        return Refusal("not_routable", "Kannel has no line to this number: add a route to it.")
    if "denied" in words or "not allowed" in words:
        return Refusal("denied", "Kannel's black or white list closes this number.")
    if "sender missing" in words:
        raise Refused("Kannel wants a sender: choose one in the settings.", code="sender")
    if status == 400 and "rejected" in words:
        return Refusal("400", "Kannel cannot read the message; its log says which field.")
    return None


def _raise(response: requests.Response) -> Refusal:
    raise error_of(response)


def _unsent(error: ConnectorError) -> Refusal:
    codes = {AuthLost: "401", Throttled: "429"}
    code = error.code if isinstance(error, Refused) else codes.get(type(error), "unsent")
    return Refusal(code, error.words, permanent=False)
