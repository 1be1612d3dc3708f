"""The shop's webhooks for this connection: made, found again, switched back on, removed."""

from collections.abc import Mapping
from typing import Any

from hub.contract import Context, Refused, Subscription

from . import client

TOPICS = (
    "order.created",
    "order.updated",
    "order.deleted",
    "customer.created",
    "customer.updated",
)


def subscribe(ctx: Context) -> Subscription:
    """Bring the webhooks to what they should be; run it as often as you like.

    A shop switches a webhook off after six failures and tells nobody; `repaired` does.
    """
    if not ctx.hook_url:
        raise Refused("The hub has no public address the shop could deliver to.")
    standing = _ours(ctx)
    known = _known(ctx)
    kept: dict[str, str] = {}
    repaired: list[str] = []
    for topic in TOPICS:
        rows = standing.get(topic, [])
        kept[topic], words = _bring_up(ctx, topic, rows, known)
        repaired += words
        for spare in rows[1:]:
            client.remove_webhook(ctx, str(spare["id"]))
    return Subscription({"webhooks": kept}, tuple(repaired))


def unsubscribe(ctx: Context) -> None:
    """Remove every webhook that delivers to this connection."""
    standing = {str(row["id"]) for rows in _ours(ctx).values() for row in rows}
    for number in sorted(standing | set(_known(ctx).values())):
        client.remove_webhook(ctx, number)


def _bring_up(
    ctx: Context, topic: str, rows: list[dict[str, Any]], known: Mapping[str, str]
) -> tuple[str, list[str]]:
    if not rows:
        number = str(client.add_webhook(ctx, topic)["id"])
        lost = f"The webhook for {topic} was gone from the shop; it was made again."
        return number, [lost] if topic in known else []
    number = str(rows[0]["id"])
    is_off = rows[0].get("status") != "active"
    # The shop never shows a secret: one we did not make ourselves is given ours again.
    if is_off or known.get(topic) != number:
        client.switch_on(ctx, number)
    words = f"The shop had switched off the webhook for {topic}; it is on again."
    return number, [words] if is_off else []


def _ours(ctx: Context) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in client.webhooks(ctx):
        if row.get("delivery_url") == ctx.hook_url and row.get("id"):
            found.setdefault(str(row.get("topic")), []).append(row)
    return found


def _known(ctx: Context) -> dict[str, str]:
    kept = ctx.state.get("webhooks")
    return {str(k): str(v) for k, v in kept.items()} if isinstance(kept, Mapping) else {}
