"""Faults of making codes: none made, made anew, somebody else's taken, one that spoils others."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import uuid6

from hub.contract import Connector, Context
from hub.contract.errors import Refused
from hub.contract.kit.mutants import Seeded
from hub.contract.outcomes import Coupon, Minted

Wanted = Sequence[Coupon]
Answers = list[Minted]


def seeded(connector: Connector) -> Iterator[Seeded]:
    """Each fault of a shop that honours codes."""
    if connector.coupons:
        for name, laws, wrap in _MINTING:
            faulty = replace(connector.coupons, mint=wrap(connector.coupons.mint))
            yield Seeded(f"mint: {name}", laws, replace(connector, coupons=faulty))


def _answered(change: Callable[[Answers], Answers]) -> Callable[[Any], Any]:
    return lambda mint: lambda ctx, wanted: change(list(mint(ctx, wanted)))


def _anew(mint: Any) -> Any:
    return lambda ctx, wanted: mint(
        ctx, [replace(one, reference=str(uuid6.uuid7())) for one in wanted]
    )


def _without_last(mint: Any) -> Any:
    def minted(ctx: Context, wanted: Wanted) -> Answers:
        most = max(len(wanted) - 1, 1)
        return [*mint(ctx, wanted[:most]), *(Minted(one.reference) for one in wanted[most:])]

    return minted


def _refusing_what_stands(mint: Any) -> Any:
    known = set[str]()

    def minted(ctx: Context, wanted: Wanted) -> Answers:
        standing = {one.code for one in wanted} & known
        known.update(one.code for one in wanted)
        told = zip(wanted, mint(ctx, wanted), strict=True)
        words = Minted(refused="The code is there already.")
        return [words if one.code in standing else answer for one, answer in told]

    return minted


def _believing(answers: Answers) -> Answers:
    return [replace(one, reference=one.reference or "coupon:1", refused="") for one in answers]


def _all_or_none(answers: Answers) -> Answers:
    bad = [one for one in answers if one.refused]
    return bad[:1] * len(answers) if bad else answers


def _raising(answers: Answers) -> Answers:
    bad = next((one.refused for one in answers if one.refused), "")
    if bad:
        raise Refused(bad)
    return answers


_MINTING: tuple[tuple[str, tuple[str, ...], Callable[[Any], Any]], ...] = (
    (
        "says they are made and makes none",
        ("mint-batch",),
        lambda _: lambda ctx, wanted: [Minted(one.reference) for one in wanted],
    ),
    ("the last of a batch is left out", ("mint-batch",), _without_last),
    ("answers in another order", ("mint-batch",), _answered(lambda answers: answers[::-1])),
    ("each try is another coupon", ("mint-twice",), _anew),
    ("a code that stands is refused", ("mint-twice", "mint-interrupted"), _refusing_what_stands),
    ("somebody else's code is taken for ours", ("mint-taken",), _answered(_believing)),
    ("one code that is taken refuses the whole batch", ("mint-taken",), _answered(_all_or_none)),
    ("one code that is taken is raised", ("mint-taken",), _answered(_raising)),
)
