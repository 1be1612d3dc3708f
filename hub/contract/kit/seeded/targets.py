"""Faults of telling the vendor, of its subscriptions, and of its lists."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import uuid6

from hub.contract import Connector, Context, PeoplePage, Subscription
from hub.contract.errors import Refused
from hub.contract.kit.mutants import Seeded
from hub.contract.outcomes import Outcome, Written

Told = Sequence[Outcome]
Wrap = Callable[[Any], Any]


def seeded(connector: Connector) -> Iterator[Seeded]:
    """Each fault of a target, of subscriptions, of an audience."""
    if connector.target:
        for name, laws, wrap in _WRITING:
            faulty = replace(connector.target, write=wrap(connector.target.write))
            yield Seeded(f"write: {name}", laws, replace(connector, target=faulty))
    if connector.target and connector.target.batch_size >= 100:
        faulty = replace(connector.target, write=_each_alone(connector.target.write))
        lone = replace(connector, target=faulty)
        yield Seeded("write: calls for each outcome", ("write-few",), lone)
    hook = connector.webhook
    if hook and hook.subscribe and hook.unsubscribe:
        again = replace(hook, subscribe=_never_the_same(hook.subscribe))
        yield Seeded(
            "subscribe: makes others each time", ("subscribe",), replace(connector, webhook=again)
        )
        left = replace(hook, unsubscribe=lambda _: None)
        yield Seeded(
            "unsubscribe: does nothing", ("removed", "silent"), replace(connector, webhook=left)
        )
    if connector.audience:
        listed = replace(connector.audience, people=_twice(connector.audience.people))
        yield Seeded("audience: a person twice", ("audience",), replace(connector, audience=listed))


def _marked_anew(write: Any) -> Any:
    def written(ctx: Context, outcomes: Told) -> Sequence[Written]:
        return list(write(ctx, [replace(one, marker=uuid6.uuid7().hex) for one in outcomes]))

    return written


def _all_or_none(write: Any) -> Any:
    def written(ctx: Context, outcomes: Told) -> Sequence[Written]:
        found = list(write(ctx, outcomes))
        bad = [one for one in found if one.refused]
        return bad[:1] * len(found) if bad else found

    return written


def _raising(write: Any) -> Any:
    def written(ctx: Context, outcomes: Told) -> Sequence[Written]:
        found = list(write(ctx, outcomes))
        bad = next((one.refused for one in found if one.refused), "")
        if bad:
            raise Refused(bad)
        return found

    return written


def _without_last(write: Any) -> Any:
    def written(ctx: Context, outcomes: Told) -> Sequence[Written]:
        most = max(len(outcomes) - 1, 1)
        kept = list(write(ctx, outcomes[:most]))
        return kept + [Written("note:1") for _ in outcomes[most:]]

    return written


def _each_alone(write: Any) -> Any:
    return lambda ctx, outcomes: [answer for one in outcomes for answer in write(ctx, [one])]


def _never_the_same(subscribe: Any) -> Any:
    def subscribed(ctx: Context) -> Subscription:
        found: Subscription = subscribe(ctx)
        return replace(found, state={**found.state, "made": uuid6.uuid7().hex})

    return subscribed


def _twice(people: Any) -> Any:
    def listed(ctx: Context, number: str, cursor: str) -> PeoplePage:
        page: PeoplePage = people(ctx, number, cursor)
        return replace(page, people=(*page.people, *page.people[:1]))

    return listed


_WRITING: tuple[tuple[str, tuple[str, ...], Wrap], ...] = (
    (
        "says it is done and does nothing",
        ("write-twice",),
        lambda _: lambda ctx, outcomes: [Written("note:1") for _ in outcomes],
    ),
    ("each try has a marker of its own", ("write-twice",), _marked_anew),
    (
        "answers in another order",
        ("write-batch",),
        lambda write: lambda ctx, outcomes: list(write(ctx, outcomes))[::-1],
    ),
    ("one bad record refuses the whole batch", ("write-batch",), _all_or_none),
    ("one bad record is raised", ("write-batch",), _raising),
    ("the last of a batch is left out", ("write-full", "write-batch"), _without_last),
)
