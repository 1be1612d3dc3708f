"""Telling the vendor's record: once, in order, whatever happens in the middle."""

from collections.abc import Sequence
from dataclasses import replace

from hub.contract import Target
from hub.contract.errors import ConnectorError
from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.calls import outcome
from hub.contract.kit.checks.conditions import has_target, takes_many
from hub.contract.kit.score import check
from hub.contract.outcomes import Outcome, Written

_MOST_CALLS = 8


@check("write-twice", "An outcome written twice stands there once", has_target)
def twice(bench: Bench) -> None:
    """And both times it says where it stands."""
    told = outcome(bench)
    first, second = _write(bench, [told])[0], _write(bench, [told])[0]
    insist(first.reference and not first.refused, "A written outcome has no reference.")
    insist(second.reference and not second.refused, "The second writing has no reference.")
    _stands_once(bench, told, "after writing it twice")


@check("write-interrupted", "A write whose answer was lost is not written again", has_target)
def interrupted(bench: Bench) -> None:
    """At each of its requests in turn: done and then a 500, a lost or an unreadable answer."""
    before = bench.simulator.faults.asked
    _write(bench, [outcome(bench)])
    requests = bench.simulator.faults.asked - before
    for at in range(min(requests, _MOST_CALLS)):
        for kind in ("500_after", "lost_after", "garbage"):
            told = outcome(bench)
            bench.simulator.faults.plan(kind, after=at)
            _try_write(bench, told)
            bench.simulator.faults.clear()
            _write(bench, [told])
            _stands_once(bench, told, f"after «{kind}» at request {at + 1} and a second try")


@check(
    "write-batch", "A batch is answered in order; an unknown record is refused alone", has_target
)
def batch(bench: Bench) -> None:
    """One bad record must not hold up the others."""
    known = [outcome(bench) for _ in range(4)]
    noun = bench.simulator.subject().partition(":")[0]
    lost = [outcome(bench, f"{noun}:999999999"), outcome(bench, "nothing:1")]
    told = [known[0], lost[0], known[1], lost[1], known[2], known[3]]
    written = _write(bench, told)
    for one, result in zip(told, written, strict=True):
        if one in lost:
            insist(result.refused, f"The unknown record «{one.subject}» was not refused in words.")
        else:
            insist(result.reference, f"The outcome after a refused one was lost: {result.refused}")
            _stands_once(bench, one, "in a batch")


@check("write-again", "An outcome told to be new, then told again, stands there once", has_target)
def again(bench: Bench) -> None:
    """`again` says whether it need be looked for; the hub may be wrong by one crash, not by two."""
    told = outcome(bench)
    _write(bench, [replace(told, again=False)])
    _write(bench, [replace(told, again=True)])
    _stands_once(bench, told, "after a first and a second try")


@check("write-few", "A hundred new outcomes cost ten calls at most", takes_many)
def few(bench: Bench) -> None:
    """Calls are what vendors count and sell."""
    told = [outcome(bench, again=False) for _ in range(100)]
    before = bench.simulator.faults.asked
    written = _write(bench, told)
    cost = bench.simulator.faults.asked - before
    insist(all(one.reference for one in written), "Not all of a hundred outcomes were written.")
    insist(cost <= 10, f"A hundred outcomes cost {cost} calls.")


@check("write-full", "A batch of the size it declares is written whole", has_target)
def full(bench: Bench) -> None:
    """The hub gives it `batch_size` outcomes at a time."""
    told = [outcome(bench) for _ in range(min(_target(bench).batch_size, 100))]
    written = _write(bench, told)
    insist(all(result.reference for result in written), "Not all of a full batch was written.")
    for one in told:
        _stands_once(bench, one, "in a full batch")


def _target(bench: Bench) -> Target:
    target = bench.connector.target
    if target is None:
        raise AssertionError("It is no target.")
    return target


def _write(bench: Bench, told: Sequence[Outcome]) -> Sequence[Written]:
    written = _target(bench).write(bench.ctx, told)
    insist(len(written) == len(told), f"{len(told)} outcomes got {len(written)} answers.")
    return written


def _try_write(bench: Bench, told: Outcome) -> None:
    try:
        _write(bench, [told])
    except ConnectorError:
        return


def _stands_once(bench: Bench, told: Outcome, when: str) -> None:
    count = bench.simulator.written(told.marker)
    insist(count == 1, f"The outcome stands {count} times {when}; it must stand once.")
