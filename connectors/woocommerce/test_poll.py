import json
from datetime import UTC, datetime, timedelta

import pytest

from hub.contract import Refused

from . import events, orders, poll, subscriptions
from .cursor import OVERLAP, Cursor, after_last_page, after_page
from .shop import listing


def drain(ctx, cursor, most=50):
    found = []
    for _ in range(most):
        page = poll.pull(ctx, cursor)
        found += page.requests
        cursor = page.cursor
        if not page.more:
            return found, cursor
    raise AssertionError("The poll never ends.")


def start(ctx):
    return poll.pull(ctx, "").cursor


def of_topic(requests, topic):
    return [json.loads(r.body)["id"] for r in requests if events.topic_of(r) == topic]


def test_the_poll_finds_what_the_webhooks_told_under_the_same_keys(shop, ctx, ear, read):
    subscriptions.subscribe(ctx)
    cursor = start(ctx)
    order_id = shop.place_order()
    shop.refund(order_id, "5.00")
    assert shop.flush()
    told = {e.key for e in read(ear[0].heard)}
    assert {e.key for e in read(drain(ctx, cursor)[0])} == told
    assert len(told) == 4


def test_a_lost_delivery_is_found(shop, ctx, ear):
    subscriptions.subscribe(ctx)
    cursor = start(ctx)
    shop.lose_next(2)
    order_id = shop.place_order()
    assert shop.flush()
    assert ear[0].topics() == []
    assert of_topic(drain(ctx, cursor)[0], "order.updated") == [order_id]


def test_an_order_of_the_second_the_poll_began_in_is_found_and_the_old_one_is_not(shop, ctx):
    old = shop.place_order()
    cursor = start(ctx)
    new = shop.place_order()
    found = of_topic(drain(ctx, cursor)[0], "order.updated")
    assert new in found
    assert old not in found


def test_five_hundred_orders_edited_within_one_second_are_all_found(shop, ctx):
    cursor = start(ctx)
    made = {shop.place_order() for _ in range(500)}
    assert made == set(of_topic(drain(ctx, cursor)[0], "order.updated"))


def test_an_order_changed_between_two_pages_pushes_no_other_out_of_sight(shop, ctx, clock):
    cursor, made = start(ctx), []
    for _ in range(250):
        clock.on(seconds=1)
        made.append(shop.place_order())
    first = poll.pull(ctx, cursor)
    for order_id in made[:40]:
        shop.complete(order_id)
    rest, _ = drain(ctx, first.cursor)
    assert set(made) == set(of_topic([*first.requests, *rest], "order.updated"))


def test_a_shop_gone_quiet_is_not_read_again_and_again(shop, ctx, clock):
    cursor = start(ctx)
    shop.place_order()
    first, cursor = drain(ctx, cursor)
    clock.on(minutes=1)
    soon, cursor = drain(ctx, cursor)
    clock.on(minutes=15)
    _, cursor = drain(ctx, cursor)
    later, _ = drain(ctx, cursor)
    assert (len(first), len(soon), len(later)) == (1, 1, 0)


def test_a_checkout_is_a_cart_only_when_it_was_left(shop, ctx, clock):
    cursor = start(ctx)
    left = shop.open_checkout()
    found, cursor = drain(ctx, cursor)
    assert of_topic(found, "relais.draft") == []
    clock.on(minutes=31)
    found, cursor = drain(ctx, cursor)
    assert of_topic(found, "relais.draft") == [left]


def test_a_left_checkout_seen_twice_has_one_key_and_a_new_one_once_it_changes(
    shop, ctx, clock, read
):
    cursor = start(ctx)
    left = shop.open_checkout()
    keys = []
    for _ in range(2):
        clock.on(minutes=31)
        found, cursor = drain(ctx, cursor)
        keys += [e.key for e in read(found)]
    assert len(set(keys)) == 1
    shop.memory.change_order(left, {"billing": {"city": "Paris"}})
    clock.on(minutes=31)
    keys += [e.key for e in read(drain(ctx, cursor)[0])]
    assert len(set(keys)) == 2


def test_a_left_checkout_is_found_in_the_minute_it_becomes_one(shop, ctx, clock):
    cursor, found_at = start(ctx), {}
    for minute in range(40):
        if minute == 5:
            left = shop.open_checkout()
        found, cursor = drain(ctx, cursor)
        for order_id in of_topic(found, "relais.draft"):
            found_at.setdefault(order_id, minute)
        clock.on(minutes=1)
    assert found_at == {left: 36}


def test_a_checkout_that_became_an_order_is_no_cart(shop, ctx, clock):
    cursor = start(ctx)
    shop.finish_checkout(shop.open_checkout())
    clock.on(minutes=31)
    found, _ = drain(ctx, cursor)
    assert of_topic(found, "relais.draft") == []
    assert len(of_topic(found, "order.updated")) == 1


def test_two_hundred_and_fifty_left_checkouts_are_all_found(shop, ctx, clock):
    cursor = start(ctx)
    made = set()
    for number in range(250):
        clock.on(seconds=number % 2)
        made.add(shop.open_checkout())
    clock.on(minutes=31)
    assert made == set(of_topic(drain(ctx, cursor)[0], "relais.draft"))


def test_a_shop_without_the_block_checkout_is_asked_without_its_drafts(
    shop, ctx, clock, monkeypatch
):
    known = tuple(s for s in listing.STATUSES if s != "checkout-draft")
    monkeypatch.setattr(listing, "STATUSES", known)
    cursor = start(ctx)
    left = shop.place_order(status="pending")
    clock.on(minutes=31)
    assert of_topic(drain(ctx, cursor)[0], "relais.draft") == [left]


def test_open_checkouts_make_no_noise_among_the_changes(shop, ctx):
    cursor = start(ctx)
    for status in sorted(orders.DRAFTS & set(listing.STATUSES)):
        shop.place_order(status=status)
    assert drain(ctx, cursor)[0] == []


def test_a_cursor_is_the_same_after_being_kept(ctx):
    kept = start(ctx)
    assert Cursor.load(kept).dump() == kept


@pytest.mark.parametrize("kept", ["x", "[]", "{}", '{"since": 1}'])
def test_a_cursor_that_is_not_ours_is_refused_in_words(ctx, kept):
    with pytest.raises(ValueError, match=r"\.$"):
        poll.pull(ctx, kept)


def test_an_address_that_is_none_is_refused_before_any_call(ctx):
    for url in ("", "ftp://shop.example.com", "http://", "https://me:pw@shop.example.com"):
        with pytest.raises(Refused, match="address"):
            poll.pull(type(ctx)({"url": url}, ctx.secrets), "")


def test_what_slipped_between_pages_is_read_again_by_the_next_poll():
    """Shops commit late and pages move: each poll steps back behind the pages of the last."""
    installed = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)
    at = Cursor(installed, installed, floor=installed)
    for minutes in (10, 20, 30):
        at = after_page(at, installed + timedelta(minutes=minutes))
    newest = installed + timedelta(minutes=31)
    assert after_last_page(at, newest, newest).since == newest - OVERLAP


def test_stepping_back_never_goes_behind_the_install():
    installed = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)
    at = Cursor(installed, installed, floor=installed)
    soon = installed + timedelta(seconds=30)
    assert after_last_page(at, soon, soon).since == installed
