"""Phones that cannot be reached, that opted out, that are none: each is told for what it is."""

from hub.contract import Carrier
from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.carrier_conditions import (
    has_handsets,
    has_rcs,
    has_reach,
    has_revoke,
    tells_blocks,
)
from hub.contract.kit.checks.sending import (
    behave,
    carrier_of,
    channels_of,
    ends,
    flush,
    insist_carried,
    messages,
    send,
)
from hub.contract.kit.handsets import Kind
from hub.contract.kit.score import check
from hub.contract.outcomes import Accepted, Outgoing, Receipt, Refusal, SendResult
from hub.contract.rich import Rich

_WORDS = (Rich("Your parcel is on its way."),)


@check("no-rcs", "A phone without RCS is told as that, and as nothing worse", has_rcs)
def unreachable(bench: Bench) -> None:
    """The hub then sends one SMS, and keeps the number."""
    for kind in ("unreachable", "learns_late"):
        (message,) = messages(bench, "rcs", _WORDS)
        behave(bench, message, kind)
        (result,) = send(bench, [message])
        insist_carried(bench, message, 0)
        last = ends(bench, message, result) or _in_the_end(bench, message, result)
        insist(last, f"Nothing says that a phone of the kind «{kind}» did not get its RCS.")
        late = kind == "learns_late" and getattr(last[0], "state", "") == "expired"
        known = late or any(one.unreachable for one in last)
        insist(known, f"A phone of the kind «{kind}» is not told as unreachable: {last!r:.200}.")
        worse = any(one.blocked or one.dead_number for one in last)
        insist(not worse, "A phone without RCS is told as blocked or as no number.")


def _in_the_end(bench: Bench, message: Outgoing, result: SendResult) -> list[Refusal | Receipt]:
    """Some vendors find out only when the message's time is over."""
    expire = getattr(bench.simulator, "expire", None)
    if expire:
        expire(message.reference)
        flush(bench)
    return ends(bench, message, result)


@check("rcs-reach", "Asked for a phone's reach, it tells one with RCS from one without", has_reach)
def reached(bench: Bench) -> None:
    """In the order of the question; None where it cannot say."""
    ask = carrier_of(bench).reach or (lambda ctx, phones: ())
    good, bad, other = messages(bench, "rcs", _WORDS * 3)
    behave(bench, bad, "unreachable")
    for asked, wanted in (([good, bad], [True, False]), ([bad, good, other], [False, True, True])):
        found = list(ask(bench.ctx, [message.to for message in asked]))
        insist(len(found) == len(wanted), f"{len(wanted)} phones, {len(found)} answers.")
        known = all(said in (true, None) for said, true in zip(found, wanted, strict=True))
        insist(known, f"Of phones that can be reached {wanted} it says {found}.")
    insist(list(ask(bench.ctx, [])) == [], "No phone asked for, and something answered.")


@check("blocked", "Who opted out at the carrier is told as that, on every channel", tells_blocks)
def blocked(bench: Bench) -> None:
    """This person must never be written to again."""
    for channel in channels_of(bench):
        last = _last_words(bench, channel, "blocks")
        known = any(one.blocked for one in last) and not any(one.dead_number for one in last)
        insist(known, f"By {channel}, who opted out is told as {last!r:.200}.")


@check("dead-number", "A number that is none is told as that, on every channel", has_handsets)
def dead_number(bench: Bench) -> None:
    """The record is wrong, the person did not say no."""
    for channel in channels_of(bench):
        last = _last_words(bench, channel, "wrong")
        known = any(one.dead_number for one in last) and not any(one.blocked for one in last)
        insist(known, f"By {channel}, a wrong number is told as {last!r:.200}.")


def _last_words(bench: Bench, channel: str, kind: Kind) -> list[Refusal | Receipt]:
    (message,) = messages(bench, channel, _WORDS)
    behave(bench, message, kind)
    (result,) = send(bench, [message])
    insist_carried(bench, message, 0)
    return ends(bench, message, result)


@check(
    "revoked",
    "What was taken back never arrives, and what arrived cannot be taken back",
    has_revoke,
)
def revoked(bench: Bench) -> None:
    """True is the proof on which one SMS follows: where it is wrong, the person gets two."""
    carrier = carrier_of(bench)
    for kind in ("offline", "reachable"):
        _insist_revoked(bench, carrier, kind)


def _insist_revoked(bench: Bench, carrier: Carrier, kind: Kind) -> None:
    (message,) = messages(bench, "rcs", _WORDS)
    behave(bench, message, kind)
    (result,) = send(bench, [message])
    if not isinstance(result, Accepted) or carrier.revoke is None:
        raise AssertionError(f"RCS to a phone that is «{kind}» is not accepted.")
    gone = carrier.revoke(bench.ctx, result.carrier_message_id)
    behave(bench, message, "reachable")
    come_back = getattr(bench.simulator, "come_back", None)
    if come_back:
        come_back(message.to.e164)
    if kind == "reachable":
        insist(not gone, "What a phone shows already is said to be taken back.")
    elif gone:
        insist_carried(bench, message, 0)
