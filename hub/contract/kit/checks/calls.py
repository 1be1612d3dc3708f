"""Every call a connector makes to its vendor, ready to be made with any context."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import uuid6

from hub.contract import Context
from hub.contract.kit.bench import Bench
from hub.contract.outcomes import Outcome, SendResult

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
    if carrier and carrier.find:
        find = carrier.find
        found["find"] = lambda ctx: find(ctx, "01900000-0000-7000-8000-000000000000")
    if carrier and carrier.balance:
        found["balance"] = carrier.balance
    return found


def send(bench: Bench, ctx: Context, count: int = 2) -> Sequence[SendResult]:
    """Send so many messages the simulator would take. Needs a carrier."""
    carrier = bench.connector.carrier
    return carrier.send(ctx, bench.simulator.outgoing(count)) if carrier else ()


def outcome(bench: Bench, subject: str = "") -> Outcome:
    """A new outcome for the simulator's record, or for another."""
    return Outcome(
        marker=uuid6.uuid7().hex,
        message_id=str(uuid6.uuid7()),
        kind="delivered",
        subject=subject or bench.simulator.subject(),
        at=bench.ctx.clock(),
        sentence="SMS delivered (order confirmation).",
        text="Thank you for your order.",
        template="order-thanks",
    )


def hasty(bench: Bench) -> Context:
    """A context whose calls must give up soon."""
    return replace(bench.ctx, deadline=0.3)
