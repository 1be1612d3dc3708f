"""A batch of messages to Google: one POST each, several at a time, and what is proven of each."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hub.contract import (
    AuthLost,
    ConnectorError,
    Context,
    Outgoing,
    Refusal,
    Refused,
    Rich,
    SendResult,
    Throttled,
    Unavailable,
    Unknown,
)

from .answers import result_of
from .client import agent_id, post
from .rich import content_of
from .turns import first_error, in_turn

BATCH_SIZE = 100
# Below ten seconds Google advises against a limit: it may tell of both, expired and delivered.
_SHORTEST, _LONGEST = timedelta(seconds=10), timedelta(days=15)


def send(ctx: Context, messages: Sequence[Outgoing]) -> list[SendResult]:
    """What became of each message, in their order; raises only when nothing was sent.

    An answer that holds for all (the key, the pace, a line that is down) ends the batch; what was
    not handed over by then is a Refusal that is not permanent.
    """
    if not messages:
        return []
    agent_id(ctx.settings)
    found = in_turn(ctx.deadline, messages, lambda message, left: _one(ctx, message, left))
    error = first_error(found)
    if error and all(isinstance(one, ConnectorError) for one in found):
        raise error
    return [_unsent(one) if isinstance(one, ConnectorError) else one for one in found]


def _one(ctx: Context, message: Outgoing, seconds: float) -> SendResult:
    path, query = f"/v1/phones/{message.to.e164}/agentMessages", {"messageId": message.reference}
    try:
        answer = post(ctx, path, resource(message), query, seconds)
    except ValueError as error:
        return Refusal("content", str(error))
    except Unavailable as error:
        if not error.reached:
            raise
        return Unknown(error.words)
    return result_of(answer, message)


def resource(message: Outgoing) -> dict[str, Any]:
    """The message in Google's form. Raises ValueError in words where Google could not show it."""
    if message.channel != "rcs":
        raise ValueError("Google carries RCS alone: send text messages through another carrier.")
    made: dict[str, Any] = {
        "contentMessage": content_of(message.rich or Rich(message.text)),
        # Agents for several uses are refused without it.
        "messageTrafficType": "PROMOTION" if message.marketing else "TRANSACTION",
    }
    if message.within is not None:
        within = min(max(message.within, _SHORTEST), _LONGEST)
        made["ttl"] = f"{int(within.total_seconds())}s"
    return made


def _unsent(error: ConnectorError) -> Refusal:
    code = "unsent"
    match error:
        case AuthLost():
            code = "401"
        case Throttled():
            code = "429"
        case Refused():
            code = error.code or "refused"
    return Refusal(code, error.words, permanent=False)
