"""Carrying messages: each once, answered in order, found again, and its receipts readable."""

from collections.abc import Sequence
from dataclasses import replace

from hub.contract import Carrier
from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.carrier_conditions import has_find
from hub.contract.kit.checks.conditions import has_carrier
from hub.contract.kit.score import check
from hub.contract.outcomes import Accepted, Outgoing, Receipt, Refusal, Reply, SendResult
from hub.contract.values import Phone

_STATES = ("", "sent", "delivered", "read", "failed", "expired")


@check("send-batch", "A full batch is taken in one go, each message carried once", has_carrier)
def batch(bench: Bench) -> None:
    """As many as `batch_size` says, each with an id of its own."""
    size = min(_carrier(bench).batch_size, 1_000)
    messages = bench.simulator.outgoing(size)
    results = _send(bench, messages)
    ids = [r.carrier_message_id for r in results if isinstance(r, Accepted)]
    insist(len(ids) == size, f"Of a batch of {size}, {len(ids)} were accepted.")
    insist(len(set(ids)) == size and all(ids), "Two messages of a batch have the same id.")
    for message in messages:
        _carried(bench, message, 1)


@check("send-single", "A batch of one is carried, an empty one asks nothing", has_carrier)
def single(bench: Bench) -> None:
    """The hub sends what is due, however little."""
    message = bench.simulator.outgoing(1)[0]
    insist(isinstance(_send(bench, [message])[0], Accepted), "A single message is not accepted.")
    _carried(bench, message, 1)
    insist(len(_send(bench, [])) == 0, "An empty batch is answered with something.")


@check(
    "send-refused", "One message the carrier will not take does not hold up the others", has_carrier
)
def refused(bench: Bench) -> None:
    """A number too short, not in the very middle of a batch: refused at its own place."""
    good = list(bench.simulator.outgoing(4))
    bad = replace(good[0], reference="01900000-0000-7000-8000-00000000000b", to=Phone("+1"))
    results = _send(bench, [*good[:1], bad, *good[1:]])
    insist(isinstance(results[1], Accepted | Refusal), "The message to a bad number is in doubt.")
    others = [r for at, r in enumerate(results) if at != 1]
    insist(all(isinstance(r, Accepted) for r in others), "A bad message took others with it.")
    for message in good:
        _carried(bench, message, 1)


@check("find", "A message is found by our reference, in the order it was answered", has_find)
def found(bench: Bench) -> None:
    """This settles uncertain sends; the answer must be about this very message."""
    find = _carrier(bench).find
    messages = bench.simulator.outgoing(3)
    results = _send(bench, messages)
    for message, result in zip(messages, results, strict=True):
        answer = find(bench.ctx, message.reference) if find else None
        taken = result.carrier_message_id if isinstance(result, Accepted) else ""
        same = answer is not None and answer.carrier_message_id == taken
        insist(same, "find(reference) does not give the message that was sent under it.")
        insist(answer and answer.state in _STATES, "find gives a state the hub does not know.")
    missing = find(bench.ctx, "01900000-0000-7000-8000-000000000000") if find else None
    insist(missing is None, "find gives a message for a reference that was never used.")


@check("receipts", "Receipts name their message and state, the same on every reading", has_carrier)
def receipts(bench: Bench) -> None:
    """A receipt comes first, twice, or never."""
    told, _ = _told(bench)
    insist(told, "The simulator's deliveries() holds no receipt.")
    for receipt in told:
        named = receipt.carrier_message_id or receipt.reference
        insist(named, "A receipt names no message.")
        insist(receipt.state in _STATES, f"A receipt has the unknown state «{receipt.state}».")
        insist(receipt.at is None or receipt.at.tzinfo, "A receipt's time has no time zone.")
    echoes = _carrier(bench).echoes
    insist(not echoes or any(r.reference for r in told), "No receipt echoes our reference.")
    insist(told == _told(bench)[0], "The same receipts read twice are not equal.")


@check("replies", "Replies carry sender and text, and an opt-out is flagged", has_carrier)
def replies(bench: Bench) -> None:
    """A STOP the carrier acts on must reach the hub as one."""
    _, told = _told(bench)
    insist(told, "The simulator's deliveries() holds no reply.")
    for reply in told:
        insist(reply.carrier_reply_id and reply.sender, "A reply has no id or no sender.")
    stops = [reply for reply in told if reply.text.strip().upper() == "STOP"]
    insist(stops, "The simulator's deliveries() holds no reply that says STOP.")
    insist(any(reply.opt_out for reply in stops), "No STOP is flagged as an opt-out.")
    insist(told == _told(bench)[1], "The same replies read twice are not equal.")


def _carrier(bench: Bench) -> Carrier:
    carrier = bench.connector.carrier
    if carrier is None:
        raise AssertionError("It is no carrier.")
    return carrier


def _send(bench: Bench, messages: Sequence[Outgoing]) -> Sequence[SendResult]:
    results = _carrier(bench).send(bench.ctx, messages)
    insist(len(results) == len(messages), f"{len(messages)} sent, {len(results)} answered.")
    return results


def _carried(bench: Bench, message: Outgoing, times: int) -> None:
    count = bench.simulator.carried(message.reference)
    insist(count == times, f"A message was carried {count} times, not {times}.")


def _told(bench: Bench) -> tuple[list[Receipt], list[Reply]]:
    told: tuple[list[Receipt], list[Reply]] = [], []
    for door, request in bench.genuine():
        if door.name == "carrier":
            receipts, replies = door.read(request)
            told[0].extend(receipts)
            told[1].extend(replies)
    return told
