"""Every call a connector makes to its vendor, ready to be made with any context."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import uuid6

from hub.contract import Context, Progress
from hub.contract.kit.bench import Bench
from hub.contract.kit.reading import read_all, thin
from hub.contract.outcomes import Coupon, Outcome, SendResult

Call = Callable[[Context], object]


def calls(bench: Bench) -> dict[str, Call]:
    """The calls that may fail, by name; `send` is apart, its doubts are answers (see `send`)."""
    connector = bench.connector
    found: dict[str, Call] = {"check": connector.check}
    hook, poll, target, carrier = (
        connector.webhook,
        connector.poll,
        connector.target,
        connector.carrier,
    )
    if hook and hook.subscribe:
        found["subscribe"] = hook.subscribe
    if poll:
        pull, cursor = poll.pull, poll.pull(bench.ctx, "").cursor
        bench.simulator.change(3)
        found["pull"] = lambda ctx: pull(ctx, cursor)
    if target:
        write, told = target.write, outcome(bench)
        found["write"] = lambda ctx: write(ctx, [told])
    if connector.coupons:
        mint, wanted = connector.coupons.mint, codes(bench, 2)
        found["mint"] = lambda ctx: mint(ctx, wanted)
    found |= _fetches(bench) | _completions(bench) | _looks(bench)
    if carrier and carrier.find:
        find = carrier.find
        found["find"] = lambda ctx: find(ctx, "01900000-0000-7000-8000-000000000000")
    if carrier and carrier.balance:
        found["balance"] = carrier.balance
    return found


def _fetches(bench: Bench) -> dict[str, Call]:
    enrich = bench.connector.enrich
    events = thin(bench, 3)[:3] if enrich else []
    return {"enrich": lambda ctx: enrich(ctx, events)} if enrich and events else {}


def _completions(bench: Bench) -> dict[str, Call]:
    found: dict[str, Call] = {}
    for name, action in bench.connector.actions.items():
        told = progress(bench, name, 2)
        if action.complete and told:
            complete = partial(_completed, action.complete, told)
            found[f"complete «{name}»"] = complete
    return found


def _completed(complete: Any, told: Sequence[Progress], ctx: Context) -> object:
    return complete(ctx, told)


def progress(bench: Bench, action: str, count: int) -> list[Progress]:
    """That the messages were delivered which so many new calls of the action asked for."""
    asked = [request for name, request in bench.executions(count) if name == action]
    waiting = [event.callback for event in read_all(bench, asked) if event.callback]
    return [
        Progress(
            one.reference,
            "delivered",
            sentence="SMS delivered.",
            message_id=str(uuid6.uuid7()),
            at=bench.ctx.clock(),
        )
        for one in waiting[:count]
    ]


def _looks(bench: Bench) -> dict[str, Call]:
    """What is asked while a connection is set up, as far as the vendor is asked for it."""
    connector, tried = bench.connector, dict[str, Call]()
    if connector.preview:
        tried["preview"] = connector.preview
    if connector.options:
        for field in (one.name for one in connector.settings if one.live):
            tried[f"options of «{field}»"] = partial(_chosen, connector.options, field)
    if connector.audience:
        tried["lists"], people = connector.audience.lists, connector.audience.people
        first = next(iter(connector.audience.lists(bench.ctx)), None)
        if first:
            tried["people"] = lambda ctx: people(ctx, first[0], "")
    return {name: call for name, call in tried.items() if _asks(bench, call)}


def _chosen(options: Any, field: str, ctx: Context) -> object:
    return options(ctx, field)


def _asks(bench: Bench, call: Call) -> bool:
    before = bench.simulator.faults.asked
    call(bench.ctx)
    return bench.simulator.faults.asked > before


def send(bench: Bench, ctx: Context, count: int = 2) -> Sequence[SendResult]:
    """Send so many messages the simulator would take. Needs a carrier."""
    carrier = bench.connector.carrier
    return carrier.send(ctx, bench.simulator.outgoing(count)) if carrier else ()


def outcome(bench: Bench, subject: str = "", kind: str = "delivered", **more: Any) -> Outcome:
    """A new outcome for the simulator's record, or for another."""
    return Outcome(
        marker=uuid6.uuid7().hex,
        message_id=str(uuid6.uuid7()),
        kind=kind,
        subject=subject or bench.simulator.subject(),
        at=bench.ctx.clock(),
        sentence="SMS delivered (order confirmation).",
        text="Thank you for your order.",
        template="order-thanks",
        **more,
    )


def codes(bench: Bench, count: int) -> list[Coupon]:
    """So many new codes, each one person's own."""
    ends = bench.ctx.clock() + timedelta(days=3)
    return [
        Coupon(str(uuid6.uuid7()), f"KIT-{uuid6.uuid7().hex[-10:].upper()}", ends, Decimal(20))
        for _ in range(count)
    ]


def hasty(bench: Bench) -> Context:
    """A context whose calls must give up soon."""
    return replace(bench.ctx, deadline=0.2)
