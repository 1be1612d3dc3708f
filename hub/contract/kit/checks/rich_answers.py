"""What comes back from RCS phones: taps, words, receipts; and messages found again."""

from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.carrier_conditions import has_rcs, has_rcs_find
from hub.contract.kit.checks.rich_content import POSTBACK
from hub.contract.kit.checks.sending import (
    behave,
    carrier_of,
    ends,
    flush,
    messages,
    taken,
    told,
)
from hub.contract.kit.score import check
from hub.contract.rich import Answer, Card, Rich

_ASKED = (
    Rich("Shall we keep it?", suggestions=(Answer("Yes", POSTBACK), Answer("No", "p-no"))),
    Rich(cards=(Card("Vase", "Still here.", None, (Answer("I take it", "p-card"),)),)),
)
_TAPS = (("p-no", 0), (POSTBACK, 0), ("p-card", 1))


@check("rcs-taps", "A tap comes back with its postback, its sender and what it answers", has_rcs)
def taps(bench: Bench) -> None:
    """Only an id that the hub issued may act; so it must come back as it went out."""
    if "answer" in getattr(bench.simulator, "unsupported", ()):
        return
    going = messages(bench, "rcs", _ASKED)
    ids = [one.carrier_message_id for one in taken(bench, going)]
    for postback, at in _TAPS:
        before = len(told(bench).replies)
        bench.simulator.tap(going[at].to.e164, postback)  # type: ignore[attr-defined]
        flush(bench)
        new = told(bench).replies[before:]
        insist(len(new) == 1, f"A tap came back as {len(new)} replies.")
        insist(new[0].postback == postback, f"«{postback}» came back as «{new[0].postback}».")
        named = new[0].reference in ("", going[at].reference, ids[at])
        insist(named, "A tap is told as the answer to another message.")
        insist(new[0].sender == going[at].to.e164, "A tap names another sender than who tapped.")
        insist(not new[0].opt_out, "A tap is told as an opt-out.")


@check("rcs-words", "Words typed on RCS come back without a postback", has_rcs)
def words(bench: Bench) -> None:
    """Whoever types what a button says has not tapped it."""
    (message,) = messages(bench, "rcs", _ASKED[:1])
    taken(bench, [message])
    bench.simulator.answer(message.to.e164, POSTBACK)  # type: ignore[attr-defined]
    flush(bench)
    said = [one for one in told(bench).replies if one.sender == message.to.e164]
    insist(said and said[-1].text == POSTBACK, "Words typed on RCS do not come back.")
    insist(not said[-1].postback, "Words that were typed are told as a tap.")


@check("rcs-receipts", "Delivered, read and expired by RCS are each told as that", has_rcs)
def receipts(bench: Bench) -> None:
    """As far as the simulator has a hand for it: `read`, `expire`."""
    shown, lost = messages(bench, "rcs", _ASKED[:1] * 2)
    behave(bench, lost, "offline")
    results = taken(bench, [shown, lost])
    insist(not ends(bench, lost, results[1]), "A phone without data is told as lost at once.")
    states = [r.state for r in told(bench).receipts]
    insist("delivered" in states, f"What a phone shows is told as {states}.")
    expire = getattr(bench.simulator, "expire", None)
    if expire and expire(lost.reference) is not False:
        flush(bench)
        last = ends(bench, lost, results[1])
        known = [one for one in last if not (one.unreachable or one.dead_number or one.blocked)]
        insist(known, "When its time is over, nothing says so, or something worse.")


@check("rcs-find", "An RCS message is found by our reference as an SMS is", has_rcs_find)
def found(bench: Bench) -> None:
    """It settles uncertain sends, whatever their channel."""
    find = carrier_of(bench).find
    (message,) = messages(bench, "rcs", _ASKED[:1])
    (result,) = taken(bench, [message])
    answer = find(bench.ctx, message.reference) if find else None
    same = answer is not None and answer.carrier_message_id == result.carrier_message_id
    insist(same, "find(reference) does not give the RCS message that was sent under it.")
