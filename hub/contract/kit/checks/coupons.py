"""Codes that a shop is to honour: each made once, and nobody else's taken for ours."""

from collections.abc import Sequence
from dataclasses import replace

import uuid6

from hub.contract import Coupons
from hub.contract.errors import ConnectorError
from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.calls import codes
from hub.contract.kit.checks.conditions import has_coupons
from hub.contract.kit.score import check
from hub.contract.outcomes import Coupon, Minted

_MOST_CALLS = 8


@check("mint-batch", "Each code of a full batch is honoured once, answered in order", has_coupons)
def batch(bench: Bench) -> None:
    """The text that a person reads names the code: the till must know that very one."""
    wanted = codes(bench, min(_coupons(bench).batch_size, 100))
    references = [_made(one) for one in _mint(bench, wanted)]
    for coupon in wanted:
        _honoured_once(bench, coupon, "made in a batch")
    insist(len(set(references)) == len(wanted), "Two codes of a batch have the same reference.")
    for coupon, reference in ((wanted[0], references[0]), (wanted[-1], references[-1])):
        alone = _made(_mint(bench, [coupon])[0])
        insist(alone == reference, "The answers to a batch of codes are in another order.")
    before = bench.simulator.faults.asked
    _mint(bench, [])
    insist(bench.simulator.faults.asked == before, "The shop is asked for no code at all.")


@check("mint-twice", "A code minted twice stands once, and is answered as made", has_coupons)
def twice(bench: Bench) -> None:
    """The hub mints again where it died between the shop's answer and its own note of it."""
    old, new = codes(bench, 2)
    (first,) = _mint(bench, [old])
    second, _ = _mint(bench, [old, new])
    insist(_made(second) == _made(first), "A code minted twice has two references.")
    for coupon in (old, new):
        _honoured_once(bench, coupon, "minted again beside a new one")


@check("mint-interrupted", "A code whose answer was lost is not made again", has_coupons)
def interrupted(bench: Bench) -> None:
    """At each of the requests in turn: done and then a 500, a lost or an unreadable answer."""
    before = bench.simulator.faults.asked
    _mint(bench, codes(bench, 2))
    requests = bench.simulator.faults.asked - before
    for at in range(min(requests, _MOST_CALLS)):
        for kind in ("500_after", "lost_after", "garbage"):
            wanted = codes(bench, 2)
            bench.simulator.faults.plan(kind, after=at)
            _try_mint(bench, wanted)
            bench.simulator.faults.clear()
            for coupon, answer in zip(wanted, _mint(bench, wanted), strict=True):
                _made(answer)
                _honoured_once(bench, coupon, f"after «{kind}» and a second try")


@check(
    "mint-taken",
    "Somebody else's code of the same name is refused, and takes no other with it",
    has_coupons,
)
def taken(bench: Bench) -> None:
    """Taken for ours, it would be told to a person, on terms that are not those of the text."""
    theirs, first, last = codes(bench, 3)
    _made(_mint(bench, [theirs])[0])
    ours = replace(theirs, reference=str(uuid6.uuid7()))
    for wanted in ([ours], [first, ours, last]):
        for coupon, answer in zip(wanted, _mint(bench, wanted), strict=True):
            if coupon is ours:
                refused = answer.refused.strip() and not answer.reference
                insist(refused, "Somebody else's code of the same name is taken for ours.")
            else:
                _made(answer)
                _honoured_once(bench, coupon, "minted beside a code that is taken")
    _honoured_once(bench, theirs, "wanted by somebody else")
    _made(_mint(bench, [theirs])[0])


def _coupons(bench: Bench) -> Coupons:
    coupons = bench.connector.coupons
    if coupons is None:
        raise AssertionError("It honours no codes.")
    return coupons


def _mint(bench: Bench, wanted: Sequence[Coupon]) -> Sequence[Minted]:
    answers = _coupons(bench).mint(bench.ctx, wanted)
    insist(len(answers) == len(wanted), f"{len(wanted)} codes got {len(answers)} answers.")
    return answers


def _try_mint(bench: Bench, wanted: Sequence[Coupon]) -> None:
    try:
        _mint(bench, wanted)
    except ConnectorError:
        return


def _made(answer: Minted) -> str:
    made = answer.reference and not answer.refused
    insist(made, f"A good code is not answered as made: {answer!r:.200}.")
    return answer.reference


def _honoured_once(bench: Bench, coupon: Coupon, when: str) -> None:
    till = getattr(bench.simulator, "honoured", None)
    insist(till, "Its simulator does not say what the till takes: honoured(code).")
    count = till(coupon.code) if till else 0
    insist(count == 1, f"The till takes {count} codes {coupon.code} {when}; it must be one.")
