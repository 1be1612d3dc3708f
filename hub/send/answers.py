"""A carrier's answer, message by message, in the words of the states. The one place that decides
what is proven not sent (and may go again) and what is only unknown (and may not)."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from hub.contract import (
    Accepted,
    AuthLost,
    Carrier,
    ConnectorError,
    Context,
    Money,
    Outgoing,
    Refusal,
    Refused,
    SendResult,
    Throttled,
    Unavailable,
    Unknown,
)

log = logging.getLogger(__name__)

Call = Callable[[Callable[[Context], Sequence[SendResult]]], Sequence[SendResult]]

# Left over from a call that ended early: the account or its pace is at fault, not the message.
_ROUTE_AT_FAULT = frozenset({"401", "402", "403", "429", "unsent"})


@dataclass(frozen=True)
class Answer:
    """What becomes of one message: its next state, and why.

    `wait` is when it is looked at again and `pause` how long the carrier is left alone, in
    seconds; `counts` says that this try is one of a limited number; `problem` is for a person. The
    last three are what a refusal says of the number.
    """

    state: str
    outcome: str
    reason: str = ""
    sentence: str = ""
    carrier_message_id: str = ""
    price: Money | None = None
    wait: float = 0.0
    pause: float = 0.0
    counts: bool = False
    problem: str = ""
    blocked: bool = False
    dead_number: bool = False
    unreachable: bool = False


def ask(
    carrier: Carrier, call: Call, batch: Sequence[Outgoing], alive: Callable[[], bool]
) -> Sequence[Answer]:
    """Call the carrier once for the whole batch; one answer each, whatever happens."""
    if not alive():
        lost = Answer("scheduled", "given_back", "given_back", "Waiting: taken up again.", wait=1.0)
        return [lost] * len(batch)
    try:
        results = list(call(lambda context: carrier.send(context, batch)))
    except ConnectorError as error:
        return [_nothing_sent(error)] * len(batch)
    except Exception:
        log.exception("send.carrier_failed")
        results = []
    missing = Unknown("The carrier's connector failed in the middle of the call.")
    results += [missing] * (len(batch) - len(results))
    said = (one if isinstance(one, SendResult) else missing for one in results)
    return [_read(result) for result in islice(said, len(batch))]


def _read(result: SendResult) -> Answer:
    match result:
        case Accepted(carrier_message_id=name, price=price):
            return Answer("sent", "accepted", carrier_message_id=name, price=price)
        case Refusal(code=code, words=words, permanent=True):
            return Answer(
                "failed",
                "refused",
                code or "refused",
                f"Not sent: {words}",
                blocked=result.blocked,
                dead_number=result.dead_number,
                unreachable=result.unreachable,
            )
        case Refusal(code=code, words=words):
            fault = code not in _ROUTE_AT_FAULT
            return Answer("scheduled", "refused", code, f"Waiting: {words}", wait=5, counts=fault)
        case Unknown(words=words):
            return uncertain(words)


def uncertain(words: str) -> Answer:
    """Perhaps sent: asked about, waited for, never sent again without proof."""
    sentence = (
        f"Uncertain: {words} It may have reached the phone. The hub asks the carrier, and does "
        "not send it again without proof that it did not go."
    )
    return Answer("uncertain", "unknown", "unknown", sentence)


def _nothing_sent(error: ConnectorError) -> Answer:
    waiting = f"Waiting: {error.words}"
    match error:
        case AuthLost(words=words):
            problem = f"{words} Reconnect it; the messages wait."
            return Answer(
                "scheduled", "auth_lost", "auth_lost", waiting, wait=60, pause=60, problem=problem
            )
        case Throttled(retry_after=after):
            wait = max(after, 0.5)
            return Answer("scheduled", "throttled", "throttled", waiting, wait=wait, pause=wait)
        case Refused(words=words, code=code):
            return Answer("scheduled", "refused", code, waiting, wait=300, pause=300, problem=words)
        case Unavailable(reached=False):
            return Answer("scheduled", "not_reached", "not_reached", waiting, counts=True, pause=1)
        case _:
            return uncertain(error.words)
