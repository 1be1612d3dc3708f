import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import uuid6
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import AuthLost, Coupon, Money, Throttled, Unavailable

from . import check, coupons
from .shop import codes
from .shop.memory import Problem


@pytest.fixture
def coupon(clock):
    def make(code="LUNE-7KQ2MX", **more):
        given = {"percent": Decimal(20), "expires_at": clock() + timedelta(days=3), **more}
        return Coupon(reference=str(uuid6.uuid7()), code=code, **given)

    return make


def made(shop, code):
    return shop.memory.codes.rows[code.lower()]


def test_a_code_is_honoured_once_until_it_ends(shop, ctx, coupon, clock):
    (told,) = coupons.mint(ctx, [coupon()])
    assert told.reference == f"coupon:{made(shop, 'LUNE-7KQ2MX')['id']}"
    order = shop.memory.order(shop.place_order(codes=["lune-7kq2mx"]))
    assert (order["total"], order["discount_total"]) == ("51.92", "12.98")
    with pytest.raises(Problem, match="has been used"):
        shop.place_order(codes=["LUNE-7KQ2MX"])
    coupons.mint(ctx, [coupon("LUNE-OTHER2")])
    clock.on(days=3)
    assert shop.honoured("LUNE-OTHER2") == 1
    clock.on(seconds=1)
    assert shop.honoured("LUNE-OTHER2") == 0


def test_a_code_ends_at_its_instant_whatever_the_shop_s_clock_says(shop, ctx, coupon):
    one = coupon()
    coupons.mint(ctx, [one])
    row = made(shop, one.code)
    assert row["date_expires_gmt"] == "2026-06-15T09:00:00"
    assert row["date_expires"] == "2026-06-15T10:00:00"


def test_an_amount_is_taken_off_the_basket_in_the_shop_s_currency(shop, ctx, coupon):
    off = Money(Decimal("5.00"), "EUR")
    (told,) = coupons.mint(ctx, [coupon(percent=None, amount=off)])
    assert told.reference
    order = shop.memory.order(shop.place_order(codes=["LUNE-7KQ2MX"]))
    assert order["total"] == "59.90"
    assert sum(Decimal(line["total"]) for line in order["line_items"]) == Decimal("59.90")


def test_an_amount_in_another_currency_is_refused(ctx, coupon):
    (told,) = coupons.mint(ctx, [coupon(percent=None, amount=Money(Decimal(5), "USD"))])
    assert told.refused == "The code takes off USD, and the shop sells in EUR."


def test_a_code_made_twice_stands_once_and_is_answered_the_same(shop, ctx, coupon):
    wanted = [coupon(f"LUNE-{n:06}") for n in range(5)]
    first = coupons.mint(ctx, wanted)
    assert coupons.mint(ctx, wanted) == first
    assert len(shop.memory.codes.rows) == 5


def test_a_batch_whose_answer_was_lost_is_found_with_one_look(shop, ctx, coupon):
    wanted = [coupon(f"LUNE-{n:06}") for n in range(100)]
    shop.faults.plan("lost_after")
    with pytest.raises(Unavailable):
        coupons.mint(ctx, wanted)
    assert len(shop.memory.codes.rows) == 100
    asked = shop.faults.asked
    assert all(one.reference for one in coupons.mint(ctx, wanted))
    assert shop.faults.asked - asked == 2
    assert len(shop.memory.codes.rows) == 100


def test_an_old_code_of_ours_is_found_behind_many_newer_ones(shop, ctx, coupon):
    old = coupon("LUNE-OLDOLD")
    first = coupons.mint(ctx, [old])
    for n in range(101):
        shop.memory.add_coupon({"code": f"own-{n}", "amount": "1"})
    assert coupons.mint(ctx, [old]) == first


def test_somebody_else_s_code_is_not_taken_for_ours(shop, ctx, coupon):
    shop.memory.add_coupon({"code": "lune-7kq2mx", "amount": "20", "discount_type": "percent"})
    (told,) = coupons.mint(ctx, [coupon()])
    assert told.refused.startswith("The shop has a code LUNE-7KQ2MX of its own. Choose another")


def test_a_shared_code_that_gives_the_same_counts_as_made(shop, ctx, coupon):
    own = shop.memory.add_coupon({"code": "GTP20", "amount": "20", "discount_type": "percent"})
    (told,) = coupons.mint(ctx, [coupon("GTP20", once=False)])
    assert told.reference == f"coupon:{own['id']}"


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"amount": "10"}, "takes off something else"),
        ({"discount_type": "fixed_cart"}, "takes off something else"),
        ({"date_expires": "2026-06-13T00:00:00"}, "ends earlier"),
        ({"usage_limit": 1}, "may be used up"),
    ],
)
def test_a_shared_code_that_gives_less_is_refused_with_the_reason(shop, ctx, coupon, terms, words):
    shop.memory.add_coupon({"code": "gtp20", "amount": "20", "discount_type": "percent", **terms})
    (told,) = coupons.mint(ctx, [coupon("GTP20", once=False)])
    assert words in told.refused


def test_a_shared_code_is_honoured_for_everybody(shop, ctx, coupon):
    coupons.mint(ctx, [coupon("GTP20", once=False)])
    for _ in range(3):
        shop.place_order(codes=["GTP20"])
    assert shop.honoured("gtp20") == 1


def test_one_bad_code_spoils_no_other(shop, ctx, coupon):
    wanted = [
        coupon("GOOD-1"),
        coupon("BAD-1", percent=Decimal(120)),
        coupon("BAD-2", percent=None),
        coupon("GOOD-2"),
    ]
    told = coupons.mint(ctx, wanted)
    assert [bool(one.reference) for one in told] == [True, False, False, True]
    assert told[1].refused == "The shop does not make the code BAD-1: Invalid discount amount."
    assert (shop.honoured("GOOD-1"), shop.honoured("GOOD-2")) == (1, 1)


@pytest.mark.parametrize(
    ("fault", "error"), [("401", AuthLost), ("429", Throttled), ("500", Unavailable)]
)
def test_what_ails_the_shop_is_told_by_the_listed_errors(shop, ctx, coupon, fault, error):
    shop.faults.plan(fault)
    with pytest.raises(error):
        coupons.mint(ctx, [coupon()])
    assert shop.honoured("LUNE-7KQ2MX") == 0


def test_keys_that_may_only_read_are_told_at_the_check(shop, ctx, coupon):
    assert check(ctx).lacks == ()
    shop.access.readers.add(shop.consumer_key)
    (words,) = check(ctx).lacks
    assert "Read/Write" in words
    with pytest.raises(AuthLost, match="write permissions"):
        coupons.mint(ctx, [coupon()])


def test_a_shop_that_answers_for_fewer_codes_is_not_believed(ctx, coupon, monkeypatch):
    monkeypatch.setattr("woocommerce.api.API.post", lambda *a, **k: _Said({"create": []}))
    with pytest.raises(Unavailable, match="each of the codes"):
        coupons.mint(ctx, [coupon()])


class _Said:
    """An answer without a socket."""

    def __init__(self, document):
        self.status_code, self.headers = 200, {}
        self.content = json.dumps(document).encode()


def test_nothing_is_asked_of_the_shop_for_no_codes(ctx):
    assert coupons.mint(replace(ctx, settings={"url": "not an address"}), []) == []


@given(
    st.lists(st.decimals(0, 500, places=2), min_size=1, max_size=4),
    st.decimals(0, 100, places=2),
    st.sampled_from(["percent", "fixed_cart"]),
)
def test_the_till_takes_off_what_the_lines_lose_and_never_more_than_they_cost(totals, worth, kind):
    till = codes.Codes()
    till.add(1, "", {"code": "x", "amount": str(worth), "discount_type": kind})
    before = sum(totals)
    order = {
        "billing": {"email": ""}, "coupon_lines": [], "discount_total": "0.00",
        "total": str(before), "line_items": [{"total": f"{total:.2f}"} for total in totals],
    }  # fmt: skip
    till.redeem(order, ["X"], datetime(2026, 6, 12, tzinfo=UTC))
    after = [Decimal(line["total"]) for line in order["line_items"]]
    assert sum(after) == Decimal(order["total"]) == before - Decimal(order["discount_total"])
    assert all(total >= 0 for total in after)
