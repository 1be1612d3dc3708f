"""The shipped automations: each is valid, says what it does, and has its template in mind."""

from hub.automations.document import as_json, parse
from hub.automations.starters import STARTERS


def test_the_four_starters_ship():
    assert set(STARTERS) == {"cart-reminder", "order-confirmed", "order-refunded", "order-shipped"}


def test_a_starter_sends_the_template_of_its_own_name():
    assert all(starter.template == slug for slug, starter in STARTERS.items())


def test_starters_come_back_from_json():
    assert all(parse(as_json(starter)) == starter for starter in STARTERS.values())


def test_only_the_cart_reminder_is_marketing():
    marketing = {slug for slug, starter in STARTERS.items() if starter.marketing}
    assert marketing == {"cart-reminder"}


def test_the_cart_reminder_waits_45_minutes_and_gives_way_to_an_order():
    cart = STARTERS["cart-reminder"]
    assert cart.delay.minutes == 45
    assert {(c.event, c.same) for c in cart.cancel_on} >= {
        ("order.created", "cart"),
        ("order.created", "person"),
    }
