from datetime import UTC, datetime

from hub.contract import Ignored

from .trial import CART, ORDER, parsed


def test_a_cart_the_plugin_tells_of_is_a_cart():
    (found,) = parsed(CART, "relais.cart")
    assert (found.type, found.subject, found.cart) == ("cart.abandoned", "cart:c-81", "cart:c-81")
    assert found.occurred_at == datetime(2026, 6, 12, 9, tzinfo=UTC)
    assert found.person.country == "FR"
    assert found.person.consent.text == "Yes, text me offers."
    assert found.data["cart_url"] == "https://shop.example.com/cart/81"


def test_an_emptied_cart_is_ignored():
    assert isinstance(parsed(CART | {"items": []}, "relais.cart"), Ignored)


def test_a_link_that_is_no_web_address_is_left_out():
    (found,) = parsed(CART | {"recovery_url": "javascript:alert(1)"}, "relais.cart")
    assert found.data["cart_url"] == ""


def test_a_left_checkout_becomes_its_own_order_s_cart():
    (found,) = parsed(ORDER | {"status": "checkout-draft"}, "relais.draft")
    assert found.cart == parsed(ORDER)[0].cart == "order:12"
    assert found.key == "cart:order:12:2026-11-22T19:24:37"


def test_an_invoice_made_in_the_back_office_is_no_left_checkout():
    made = ORDER | {"status": "pending", "created_via": "admin"}
    assert isinstance(parsed(made, "relais.draft"), Ignored)


def test_a_draft_that_was_paid_meanwhile_is_no_cart():
    assert isinstance(parsed(ORDER, "relais.draft"), Ignored)
