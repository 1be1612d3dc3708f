"""The shipped automations: each is valid, says what it does, and has its template in mind."""

from hub.automations.document import as_json, parse, sentence
from hub.automations.starters import STARTERS


def test_the_starters_ship():
    assert set(STARTERS) == {
        "booking-cancelled", "booking-confirmation", "booking-moved", "booking-reminder",
        "cart-reminder", "order-confirmed", "order-refunded", "order-shipped",
    }  # fmt: skip


def test_a_booking_is_reminded_of_a_day_and_three_hours_ahead():
    assert sentence(STARTERS["booking-reminder"]) == (
        "When a booking stands ahead, 1 day and 3 hours before starts_at send «booking-reminder», "
        "once per slot."
    )


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
