"""A batch of messages to smsmode: one POST, and for each message what is proven of it."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

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
from hub.contract.http_once import Parcel

from .answers import code_of, results_of
from .client import VENDOR, error_of, post
from .documents import hide_numbers
from .resource import resource, tree_for
from .rich import Unfit
from .trees import RCS, SMS, Tree

BATCH_SIZE = 1000
# These answers are about the content: one bad message spoils its whole array.
_ABOUT_CONTENT = (400, 404, 413, 422)
# These do not say whether it was done. 409 is in no document of smsmode's, so it proves nothing.
_DOUBTFUL = (408, 409, 499)
_LEFT = "smsmode stopped answering before this message's turn: it was not sent yet."


@dataclass(eq=False)
class _Spoiled(Exception):
    """smsmode took none of these messages, because of at least one of them."""

    code: str
    words: str


def send(ctx: Context, messages: Sequence[Outgoing]) -> list[SendResult]:
    """What became of each message, in their order; raises only when nothing was sent.

    SMS and RCS go to addresses of their own, the SMS first. What a stop on the way leaves over is
    proven unsent: a Refusal that is not permanent. No call starts later than two deadlines after
    the first.
    """
    results: dict[int, SendResult] = {}
    stop: ConnectorError | None = None
    ends = time.monotonic() + 2 * ctx.deadline
    for tree in (SMS, RCS):
        mine = {i: one for i, one in enumerate(messages) if tree_for(one) is tree}
        if any(isinstance(one, Unknown) for one in results.values()):
            break
        try:
            answers = _send(ctx, tree, list(mine.values()), ends)
        except ConnectorError as error:
            stop = stop or error
        else:
            results.update(zip(mine, answers, strict=True))
    if stop and not results:
        raise stop
    left = _unsent(stop.words if stop else _LEFT, stop)
    return [results.get(i, left) for i in range(len(messages))]


def _send(
    ctx: Context, tree: Tree, messages: Sequence[Outgoing], ends: float
) -> Sequence[SendResult]:
    """One tree's messages. An array refused for its content is halved until the bad message stands
    alone, so that the others go out."""
    results: dict[int, SendResult] = {}
    waiting = [range(len(messages))] if messages else []
    left = _unsent(_LEFT)
    while waiting:
        piece = waiting.pop()
        try:
            answers = _post(ctx, tree, [messages[i] for i in piece], ends)
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


def _post(
    ctx: Context, tree: Tree, messages: Sequence[Outgoing], ends: float
) -> Sequence[SendResult]:
    if time.monotonic() > ends:
        raise Unavailable("smsmode is too slow; this message was not sent yet.", reached=False)
    try:
        document = [resource(ctx, message) for message in messages]
    except Unfit as unfit:
        raise _Spoiled("unfit", str(unfit)) from None
    try:
        response = post(ctx, tree.messages, Parcel(json.dumps(document).encode()))
    except Unavailable as error:
        if not error.reached:
            raise
        return [Unknown(error.words)] * len(messages)
    except AuthLost as error:
        return _turned_away(error, tree, messages)
    return _judge(response, tree, messages)


def _turned_away(error: AuthLost, tree: Tree, messages: Sequence[Outgoing]) -> Sequence[SendResult]:
    """A key for SMS that is refused stops the connection. One for RCS stops RCS alone: the SMS
    under the same connection still go."""
    if tree is SMS:
        raise error
    code = "403" if "answered 403" in error.words else "401"
    return [Refusal(code, error.words, permanent=False)] * len(messages)


def _judge(
    response: requests.Response, tree: Tree, messages: Sequence[Outgoing]
) -> Sequence[SendResult]:
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
    error = error_of(response, tree)
    if isinstance(error, AuthLost):
        return _turned_away(error, tree, messages)
    raise error
