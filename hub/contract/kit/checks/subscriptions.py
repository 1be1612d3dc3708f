"""Subscriptions: made once however often they are asked for, and gone when they are removed."""

from dataclasses import replace

from hub.contract.kit.bench import Bench, accepts, insist
from hub.contract.kit.checks.conditions import has_subscriptions
from hub.contract.kit.score import check


@check("subscribe", "Subscribing twice leaves one set of subscriptions", has_subscriptions)
def twice(bench: Bench) -> None:
    """With the state kept, and with the state lost."""
    hook = bench.connector.webhook
    if not (hook and hook.subscribe):
        return
    first = hook.subscribe(bench.ctx)
    kept = hook.subscribe(replace(bench.ctx, state=first.state))
    insist(kept.state == first.state, "Subscribing again, with its state, made others.")
    insist(not kept.repaired, f"It repaired what was whole: {' '.join(kept.repaired)}")
    lost = hook.subscribe(bench.ctx)
    insist(lost.state == first.state, "Subscribing again, its state lost, made others.")


@check(
    "unsubscribe", "Unsubscribing twice is no error, and one can subscribe again", has_subscriptions
)
def removed(bench: Bench) -> None:
    """A connection can be removed where the vendor already forgot it."""
    hook = bench.connector.webhook
    insist(hook and hook.unsubscribe, "It can subscribe and not unsubscribe; add `unsubscribe`.")
    if not (hook and hook.subscribe and hook.unsubscribe):
        return
    ctx = replace(bench.ctx, state=hook.subscribe(bench.ctx).state)
    hook.unsubscribe(ctx)
    hook.unsubscribe(ctx)
    insist(hook.subscribe(bench.ctx).state, "After removing, subscribing makes nothing.")


@check("heard", "What the vendor sends on subscribing is a greeting or genuine", has_subscriptions)
def heard(bench: Bench) -> None:
    """A handshake the hub cannot answer would leave the subscription dead."""
    hook = bench.connector.webhook
    if not (hook and hook.subscribe):
        return
    hook.subscribe(bench.ctx)
    bench.simulator.change(1)
    for request in list(bench.ear.heard):
        known = bench.greets(request) or any(
            accepts(door, request, bench.secrets) for door in bench.doors()
        )
        insist(known, f"A request that came on subscribing is rejected: {request.body[:60]!r}.")
