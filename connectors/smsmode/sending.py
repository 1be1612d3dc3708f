"""A batch of messages to smsmode: one POST, and for each message what is proven of it."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import requests

from hub.contract import (
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
from hub.contract.http import said_by

from .account import MESSAGES
from .answers import code_of, results_of
from .client import VENDOR, Parcel, error_of, post
from .documents import hide_numbers

BATCH_SIZE = 1000
_LONGEST_CALLBACK = 255
# These answers are about the content: one bad message spoils its whole array.
_ABOUT_CONTENT = (400, 404, 413, 422)
# These do not say whether it was done. 409 is in no document of smsmode's, so it proves nothing.
_DOUBTFUL = (408, 409, 499)


@dataclass(eq=False)
class _Spoiled(Exception):
    """smsmode took none of these messages, because of at least one of them."""

    code: str
    words: str


def send(ctx: Context, messages: Sequence[Outgoing]) -> list[SendResult]:
    """What became of each message, in their order; raises only when nothing was sent.

    An array refused for its content is halved until the bad message stands alone, so that the
    others go out. What a stop on the way leaves over is proven unsent: a Refusal that is not
    permanent. No call starts later than two deadlines after the first.
    """
    results: dict[int, SendResult] = {}
    waiting = [range(len(messages))] if messages else []
    ends = time.monotonic() + 2 * ctx.deadline
    left = _unsent("smsmode stopped answering before this message's turn: it was not sent yet.")
    while waiting:
        piece = waiting.pop()
        try:
            answers = _post(ctx, [messages[i] for i in piece], ends)
        except _Spoiled as spoiled:
            if len(piece) == 1:
                results[piece[0]] = Refusal(spoiled.code, spoiled.words)
            else:
                waiting += _halves(piece)
        except ConnectorError as error:
            if not results:
                raise
            left = _unsent(error.words, error)
            break
        else:
            results.update(zip(piece, answers, strict=True))
            if all(isinstance(answer, Unknown) for answer in answers):
                break
    return [results.get(i, left) for i in range(len(messages))]


def _halves(piece: range) -> tuple[range, range]:
    middle = len(piece) // 2
    return piece[middle:], piece[:middle]


def _unsent(words: str, error: ConnectorError | None = None) -> Refusal:
    match error:
        case AuthLost():
            code = "401"
        case Throttled():
            code = "429"
        case Refused():
            code = error.code
        case _:
            code = "unsent"
    return Refusal(code, words, permanent=False)


def _post(ctx: Context, messages: Sequence[Outgoing], ends: float) -> Sequence[SendResult]:
    if time.monotonic() > ends:
        raise Unavailable("smsmode is too slow; this message was not sent yet.", reached=False)
    document = [resource(ctx, message) for message in messages]
    try:
        response = post(ctx, MESSAGES, Parcel(json.dumps(document).encode()))
    except Unavailable as error:
        if not error.reached:
            raise
        return [Unknown(error.words)] * len(messages)
    return _judge(response, messages)


def resource(ctx: Context, message: Outgoing) -> dict[str, Any]:
    """The message in smsmode's form."""
    sender = (message.sender or ctx.settings.get("sender", "")).strip().removeprefix("+")
    made: dict[str, Any] = {
        "recipient": {"to": message.to.e164.removeprefix("+")},
        "body": {
            "text": message.text,
            "encoding": "GSM7" if message.encoding == "GSM7" else "UNICODE",
            "stop": message.marketing,
        },
        "refClient": message.reference,
    }
    if sender:
        made["from"] = sender
    if ctx.hook_url and len(ctx.hook_url) <= _LONGEST_CALLBACK:
        made |= {"callbackUrlStatus": ctx.hook_url, "callbackUrlMo": ctx.hook_url}
    return made


def _judge(response: requests.Response, messages: Sequence[Outgoing]) -> Sequence[SendResult]:
    status = response.status_code
    if 200 <= status < 300:
        return results_of(response, messages)
    if status in _DOUBTFUL or status >= 500 or status < 200:
        return [Unknown(f"smsmode answered {status}; the message may have gone out.")] * len(
            messages
        )
    if status < 400:
        words = "smsmode answered with a redirect, so nothing was sent: check its address."
        raise Unavailable(words, reached=False)
    if status == 402:
        raise Refused("The smsmode account has no credit left: top it up.", code="402")
    code = code_of(response)
    # A 404 without smsmode's own code is a wrong address, not a wrong message.
    if status in _ABOUT_CONTENT and (code or status != 404):
        words = f"{VENDOR} refused the message: {hide_numbers(said_by(response))}"
        raise _Spoiled(code or str(status), words)
    raise error_of(response)
