"""A batch of messages to the bind, and what it says of each."""

import json
from collections.abc import Sequence

import requests

from hub.contract import Context, Outgoing, Refused, SendResult, Unavailable, Unknown
from hub.contract.http_once import Parcel

from .client import error_of, post
from .documents import of_message, result_of

BATCH_SIZE = 100
_FOR_THE_WAY = 0.8  # of the deadline is for the operator, the rest for the answer's way home
_DOUBTFUL = (408, 409, 499)


def send(ctx: Context, messages: Sequence[Outgoing]) -> list[SendResult]:
    """What became of each message, in their order; raises only when nothing was sent."""
    if not messages:
        return []
    sender = ctx.settings.get("sender", "").strip()
    call = {
        "messages": [of_message(one, sender) for one in messages],
        "within": ctx.deadline * _FOR_THE_WAY,
        "hook_url": ctx.hook_url,
    }
    try:
        response = post(ctx, "/messages", Parcel(json.dumps(call).encode()))
    except Unavailable as error:
        if not error.reached:
            raise
        return [Unknown(error.words)] * len(messages)
    return _judge(response, len(messages))


def _judge(response: requests.Response, count: int) -> list[SendResult]:
    status = response.status_code
    if 200 <= status < 300:
        return _results(response, count)
    error = error_of(response)
    down = isinstance(error, Unavailable) and not error.reached
    if not down and (status in _DOUBTFUL or status >= 500):
        return [Unknown(f"{error.words} The message may have gone out.")] * count
    if status in (400, 404, 405, 413):
        raise Refused("Something else than this hub's bind answers at its address.", str(status))
    raise error


def _results(response: requests.Response, count: int) -> list[SendResult]:
    try:
        document = json.loads(response.content)
    except (ValueError, RecursionError):
        document = None
    found = document.get("results") if isinstance(document, dict) else None
    if not isinstance(found, list) or len(found) != count:
        return [result_of(None)] * count
    return [result_of(one) for one in found]
