from dataclasses import replace

import pytest

from hub.contract import Refused

from . import events, subscriptions


def test_the_shop_s_first_deliveries_are_a_ping_each_and_then_signed(shop, ctx, ear):
    subscriptions.subscribe(ctx)
    pings = [r for r in ear[0].heard if events.greet(r, {})]
    assert len(pings) == len(ear[0].heard) == len(subscriptions.TOPICS)
    shop.place_order()
    assert shop.flush()
    assert sorted(ear[0].topics()) == ["order.created", "order.updated"]
    for request in ear[0].heard[len(pings) :]:
        events.verify(request, ctx.secrets)


def test_a_webhook_the_shop_switched_off_is_switched_on_and_told(shop, ctx, ear):
    state = subscriptions.subscribe(ctx).state
    ear[0].status = "500 Oops"
    for _ in range(6):
        shop.place_order()
    assert shop.flush()
    off = {r["topic"] for r in shop.webhooks.rows.values() if r["status"] == "disabled"}
    assert off == {"order.created", "order.updated"}
    ear[0].status = "200 OK"
    again = subscriptions.subscribe(replace(ctx, state=state))
    assert again.state == state
    assert len(again.repaired) == 2
    assert "switched off the webhook for order.created" in again.repaired[0]
    assert {r["status"] for r in shop.webhooks.rows.values()} == {"active"}


def test_a_webhook_deleted_in_the_shop_is_made_again_and_told(shop, ctx):
    state = subscriptions.subscribe(ctx).state
    shop.webhooks.remove(int(state["webhooks"]["order.updated"]))
    again = subscriptions.subscribe(replace(ctx, state=state))
    assert again.repaired == (
        "The webhook for order.updated was gone from the shop; it was made again.",
    )
    assert again.state != state


def test_a_found_webhook_is_given_our_secret_again(shop, ctx, ear):
    subscriptions.subscribe(ctx)
    renewed = replace(ctx, secrets={**ctx.secrets, "webhook_secret": "another-one"})
    assert subscriptions.subscribe(renewed).repaired == ()
    shop.place_order()
    assert shop.flush()
    events.verify(ear[0].heard[-1], renewed.secrets)


def test_a_spare_webhook_of_the_same_topic_is_removed(shop, ctx):
    subscriptions.subscribe(ctx)
    shop.webhooks.add({"topic": "order.updated", "delivery_url": ctx.hook_url, "secret": "x"})
    subscriptions.subscribe(ctx)
    topics = sorted(r["topic"] for r in shop.webhooks.rows.values())
    assert topics == sorted(subscriptions.TOPICS)


def test_webhooks_of_others_are_left_alone(shop, ctx):
    theirs = {"topic": "order.updated", "delivery_url": "https://else.example.com/x"}
    kept = shop.webhooks.add(theirs)
    state = subscriptions.subscribe(ctx).state
    subscriptions.unsubscribe(replace(ctx, state=state))
    assert list(shop.webhooks.rows) == [kept["id"]]


def test_without_a_public_address_nothing_is_subscribed(ctx):
    with pytest.raises(Refused, match="public address"):
        subscriptions.subscribe(replace(ctx, hook_url=""))
