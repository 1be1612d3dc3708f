"""A message that names a code leaves once the shop honours it, with that code and no other."""

import re

import pytest

from hub.store.database import row, rows, run

ZOE = "+33639980123"
CODE = re.compile(r"MAISO-[2-9A-HJKMNP-Z]{6}")


@pytest.fixture
def thanked(shop, carrier, road, ground, automate):
    """From now on each order is thanked with a code of ten percent."""
    road.walk()
    automate("order.created", "Merci ! -10% avec {{ coupon }} jusqu'au {{ coupon_until|date }}.")
    with ground.database.begin() as db:
        run(
            db,
            """UPDATE template_versions SET coupon = '{"percent": "10", "days": 30}'
               WHERE template_id = (SELECT id FROM templates WHERE slug = 'order-created')""",
        )
    return shop


def order(shop, road):
    shop.simulator.place_order(first_name="Zoé", phone="06 39 98 01 23", country="FR")
    road.walk()


def named(carrier):
    return [found[0] for text in carrier.simulator.inbox(ZOE) if (found := CODE.search(text))]


def test_the_code_stands_at_the_shop_before_the_message_leaves(thanked, carrier, road):
    order(thanked, road)
    (code,) = named(carrier)
    assert thanked.simulator.honoured(code) == 1


def test_each_message_has_a_code_of_its_own(thanked, carrier, road):
    order(thanked, road)
    order(thanked, road)
    assert len(set(named(carrier))) == 2


def test_while_the_shop_is_away_the_message_waits_and_says_why(
    thanked, carrier, road, ground, clock
):
    thanked.simulator.faults.plan("500", on="coupons", times=2)
    order(thanked, road)
    assert named(carrier) == []
    with ground.database.begin() as db:
        waits = row(db, "SELECT * FROM messages WHERE reason = 'code'")
    assert waits is not None
    assert waits["sentence"] == "Waiting for the shop to make the person's code."
    for _ in range(4):
        clock.move(minutes=2)
        road.walk()
    (code,) = named(carrier)
    assert thanked.simulator.honoured(code) == 1


def test_an_answer_that_is_lost_makes_no_second_code(thanked, carrier, road, ground, clock):
    thanked.simulator.faults.plan("lost_after", on="coupons")
    order(thanked, road)
    for _ in range(4):
        clock.move(minutes=2)
        road.walk()
    (code,) = named(carrier)
    assert thanked.simulator.honoured(code) == 1
    with ground.database.begin() as db:
        assert len(rows(db, "SELECT * FROM coupons")) == 1


def test_without_a_shop_that_makes_codes_the_message_says_so(carrier, road, ground, write_to):
    road.walk()
    write_to([ZOE], "Merci ! -10% avec {{ coupon }}.")
    with ground.database.begin() as db:
        run(
            db,
            """UPDATE template_versions SET coupon = '{"percent": "10", "days": 30}'
               WHERE template_id = (SELECT id FROM templates WHERE slug = 'written-to')""",
        )
    road.walk()
    with ground.database.begin() as db:
        (message,) = rows(db, "SELECT state, reason FROM messages")
    assert dict(message) == {"state": "skipped", "reason": "no_code"}
