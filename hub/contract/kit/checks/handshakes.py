"""A carrier's own ways of calling: what it repeats, how it tries an address, what it must read."""

from dataclasses import replace

from hub.contract import Response
from hub.contract.errors import Rejected
from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.carrier_conditions import has_answer, has_greet, has_replay
from hub.contract.kit.checks.sending import carrier_of, channels_of, insist_carried, messages, taken
from hub.contract.kit.doors import stamped
from hub.contract.kit.score import check
from hub.contract.rich import Rich

_TWO = (Rich("Your parcel is on its way."), Rich("It is at your door."))


@check("replay", "The same reference again is still one message", has_replay)
def replay(bench: Bench) -> None:
    """An uncertain send may then simply be repeated."""
    for channel in channels_of(bench):
        first, other = messages(bench, channel, _TWO)
        one = taken(bench, [first, other])[0]
        again = taken(bench, [first])[0]
        insist_carried(bench, first, 1)
        same = one.carrier_message_id == again.carrier_message_id
        insist(same, "The same reference again has another id, so receipts name two messages.")


@check(
    "greeted", "The vendor's handshake is answered, and nothing else is taken for one", has_greet
)
def greeted(bench: Bench) -> None:
    """A forged one must not be answered as a genuine one is."""
    greet = carrier_of(bench).greet
    asked = getattr(bench.simulator, "greeting", None)
    if greet is None or asked is None:
        return
    answer = greet(stamped(asked()), bench.secrets)
    insist(isinstance(answer, Response), "The vendor's handshake is not answered.")
    insist(answer is None or 200 <= answer.status < 300, "The vendor's handshake is turned away.")
    for request in bench.simulator.deliveries():
        ordinary = greet(stamped(request), bench.secrets) is None
        insist(ordinary, "An ordinary delivery is taken for a handshake, and would be lost.")
    wrong = dict.fromkeys(bench.secrets, "wrong-0000")
    try:
        forged = greet(stamped(asked()), wrong)
    except Rejected:
        return
    same = isinstance(forged, Response) and forged == answer
    insist(not same, "A handshake with a wrong secret is answered as the genuine one.")


@check(
    "acknowledged",
    "Each callback is answered as the vendor wants it, and never with an error",
    has_answer,
)
def acknowledged(bench: Bench) -> None:
    """It is asked once the delivery is kept; an error would bring the delivery again."""
    answer = carrier_of(bench).answer
    for request in bench.simulator.deliveries():
        given = answer(stamped(replace(request))) if answer else None
        fine = isinstance(given, Response) and 200 <= given.status < 300
        insist(fine, f"A genuine callback is answered with {given!r:.120}.")
