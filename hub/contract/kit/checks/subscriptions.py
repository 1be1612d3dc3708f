"""Subscriptions: made once however often they are asked for, and gone when they are removed."""

from dataclasses import replace

from hub.contract.kit.bench import Bench, accepts, insist
from hub.contract.kit.checks.calls import outcome
from hub.contract.kit.checks.conditions import counts_leftovers, has_subscriptions
from hub.contract.kit.reading import flush, listen
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


@check("silent", "After unsubscribing the vendor tells nothing more", has_subscriptions)
def silent(bench: Bench) -> None:
    """Deliveries to a connection that is gone would be errors in the merchant's CRM for ever."""
    there = listen(bench)
    _remove(bench, there)
    since = len(bench.ear.heard)
    bench.simulator.change(2)
    flush(bench)
    told = len(bench.ear.heard) - since
    insist(not told, f"After unsubscribing, {told} deliveries came.")


@check("removed", "After unsubscribing nothing of ours stands at the vendor", counts_leftovers)
def nothing_left(bench: Bench) -> None:
    """The tokens are the hub's to give back, so the kit does that here."""
    there = listen(bench)
    insist(_leftovers(bench), "The simulator does not count what was subscribed.")
    bench.simulator.change(2)
    if bench.connector.target:
        bench.connector.target.write(there.ctx, [outcome(bench)])
    flush(bench)
    _remove(bench, there)
    left = _leftovers(bench)
    insist(not left, f"Still there after unsubscribing: {', '.join(map(str, left))[:200]}.")


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


def _remove(bench: Bench, there: Bench) -> None:
    hook = bench.connector.webhook
    if hook and hook.unsubscribe:
        hook.unsubscribe(there.ctx)
    flush(bench)
    sign_in = getattr(bench.simulator, "sign_in", None)
    if sign_in:
        sign_in.revoke()


def _leftovers(bench: Bench) -> list[str]:
    return list(getattr(bench.simulator, "leftovers")())  # noqa: B009
