"""Sending on the bench, and everything that is told of it afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from hub.contract import Carrier
from hub.contract.kit.bench import Bench, accepts, insist
from hub.contract.kit.handsets import Handsets, Kind
from hub.contract.outcomes import Accepted, Outgoing, Receipt, Refusal, Reply, SendResult
from hub.contract.rich import Rich


@dataclass(frozen=True)
class Told:
    """What the carrier called back with, in order."""

    receipts: tuple[Receipt, ...]
    replies: tuple[Reply, ...]


def carrier_of(bench: Bench) -> Carrier:
    """The carrier under test."""
    carrier = bench.connector.carrier
    if carrier is None:
        raise AssertionError("It is no carrier.")
    return carrier


def channels_of(bench: Bench) -> Sequence[str]:
    """The channels this very connection is set up for."""
    return carrier_of(bench).channels_of(bench.settings)


def messages(bench: Bench, channel: str, contents: Sequence[Rich]) -> list[Outgoing]:
    """A message to a phone of its own for each content; an SMS says it in plain words."""
    found = []
    for message, rich in zip(bench.simulator.outgoing(len(contents)), contents, strict=True):
        if channel == "rcs":
            text, within = rich.as_text(), timedelta(hours=1)
            message = replace(message, channel=channel, text=text, rich=rich, within=within)
        found.append(message)
    return found


def behave(bench: Bench, message: Outgoing, kind: Kind) -> None:
    """The phone of this message is of that kind."""
    handsets: Handsets = getattr(bench.simulator, "handsets", Handsets())
    handsets.behave(message.to.e164, kind)


def send(bench: Bench, going: Sequence[Outgoing]) -> list[SendResult]:
    """Send them as the hub does, no more at once than the carrier takes; callbacks are awaited."""
    carrier, results = carrier_of(bench), list[SendResult]()
    if hasattr(bench.simulator, "webhook"):
        bench.simulator.webhook = bench.hook_url
    for start in range(0, len(going), carrier.batch_size):
        batch = going[start : start + carrier.batch_size]
        results += carrier.send(bench.ctx, batch)
    insist(len(results) == len(going), f"{len(going)} sent, {len(results)} answered.")
    flush(bench)
    return results


def taken(bench: Bench, going: Sequence[Outgoing]) -> list[Accepted]:
    """Send them; each must be accepted."""
    results = send(bench, going)
    accepted = [one for one in results if isinstance(one, Accepted)]
    first = next((one for one in results if not isinstance(one, Accepted)), None)
    insist(len(accepted) == len(going), f"A good message was not accepted: {first!r:.200}.")
    return accepted


def flush(bench: Bench) -> None:
    """Wait for the vendor's callbacks."""
    wait = getattr(bench.simulator, "flush", None)
    insist(wait is None or wait(10.0), "The simulator's callbacks do not come to an end.")


def told(bench: Bench) -> Told:
    """All that was called back so far, as the connector reads it."""
    door = next(one for one in bench.doors() if one.name == "carrier")
    receipts, replies = list[Receipt](), list[Reply]()
    for request in list(bench.ear.heard):
        insist(accepts(door, request, bench.secrets), "A genuine callback is rejected by verify.")
        found = door.read(request)
        receipts += found[0]
        replies += found[1]
    return Told(tuple(receipts), tuple(replies))


def ends(bench: Bench, message: Outgoing, result: SendResult) -> list[Refusal | Receipt]:
    """What was said against a message: at once, or by receipts that are its last word."""
    if isinstance(result, Refusal):
        return [result]
    ids = {message.reference}
    ids |= {result.carrier_message_id} if isinstance(result, Accepted) else set()
    mine = [r for r in told(bench).receipts if {r.reference, r.carrier_message_id} & ids]
    return [one for one in mine if one.state in ("failed", "expired")]


def insist_carried(bench: Bench, message: Outgoing, times: int) -> None:
    """Exactly so many messages with this reference were shown."""
    count = bench.simulator.carried(message.reference)
    words = f"A message by {message.channel} was carried {count} times, not {times}."
    insist(count == times, words)
