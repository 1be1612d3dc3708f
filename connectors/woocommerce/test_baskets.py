import struct
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from . import baskets, events, orders, subscriptions
from .trial import CART, ORDER, parsed

SHOP = {"url": "https://shop.example.com/store/"}
LINES = [
    {"product_id": 101, "variation_id": 0, "quantity": 1},
    {"product_id": 102, "variation_id": 207, "quantity": 2},
]


def test_a_basket_is_brought_back_by_its_products_and_variations():
    assert baskets.link(SHOP, LINES) == (
        "https://shop.example.com/store/checkout-link/?products=101:1,207:2"
    )


def test_two_lines_of_one_product_are_counted_together():
    assert baskets.link(SHOP, [LINES[0], LINES[0]]).endswith("?products=101:2")


@pytest.mark.parametrize(
    "line",
    [{"name": "Gift"}, {"product_id": 0}, {"product_id": 7, "quantity": 0.5}, {"product_id": -7,
     "quantity": -1}],
)  # fmt: skip
def test_a_basket_that_would_come_back_incomplete_has_no_link(line):
    assert baskets.link(SHOP, [*LINES, line]) == ""


def test_an_older_shop_has_no_such_link():
    assert baskets.link(SHOP, LINES, "9.9.5") == ""
    assert baskets.link(SHOP, LINES, "10.0.0-rc.1")


@pytest.mark.parametrize("url", ["", "ftp://shop.example.com", "https://u:p@shop.example.com"])
def test_without_a_shop_there_is_no_link(url):
    assert baskets.link({"url": url}, LINES) == ""


@given(
    st.lists(st.tuples(st.integers(1, 9999), st.integers(1, 9)), min_size=1, max_size=6),
)
def test_every_product_of_a_basket_is_in_its_link_with_its_whole_quantity(lines):
    told = [{"product_id": product, "quantity": quantity} for product, quantity in lines]
    listed = urlsplit(baskets.link(SHOP, told)).query.removeprefix("products=").split(",")
    found = dict(tuple(map(int, one.split(":"))) for one in listed)
    assert found == {p: sum(q for one, q in lines if one == p) for p, _ in lines}


def test_a_plugin_s_own_link_is_kept_and_one_it_lacks_is_made():
    bare = {key: value for key, value in CART.items() if key != "recovery_url"}
    items = [row | {"product_id": 101} for row in CART["items"]]
    (own,) = parsed(CART | {"items": items}, "relais.cart", SHOP)
    (made,) = parsed(bare | {"items": items}, "relais.cart", SHOP)
    assert own.data["cart_url"] == "https://shop.example.com/cart/81"
    assert made.data["cart_url"].endswith("/checkout-link/?products=101:1")


@pytest.mark.parametrize("status", ["pending", "failed"])
def test_an_order_that_waits_for_its_payment_is_paid_not_filled_again(status):
    left = ORDER | {"status": status, "version": "10.3.0"}
    (found,) = parsed(left, "relais.draft", SHOP)
    assert found.data["cart_url"] == ORDER["payment_url"]


def test_a_draft_s_basket_is_filled_again_where_the_shop_can():
    draft = ORDER | {"status": "checkout-draft"}
    (old,) = parsed(draft, "relais.draft", SHOP)
    (new,) = parsed(draft | {"version": "10.3.0"}, "relais.draft", SHOP)
    assert old.data["cart_url"] == ORDER["payment_url"]
    assert new.data["cart_url"].endswith("/checkout-link/?products=11:2")


def test_the_codes_of_an_order_and_the_pictures_of_its_items_are_read():
    line = ORDER["line_items"][0] | {"image": {"id": "4", "src": "https://shop.example.com/r.png"}}
    lines = [{"id": 1, "code": "lune-7kq2mx", "discount": "5.00"}, {"id": 2, "code": ""}]
    data = parsed(ORDER | {"coupon_lines": lines, "line_items": [line, {"image": []}]})[0].data
    assert data["codes"] == [{"code": "lune-7kq2mx"}]
    assert data["items"][0]["image"] == "https://shop.example.com/r.png"
    assert not {"image", "url"} & set(data["items"][1])
    assert parsed(ORDER)[0].data["codes"] == []


@pytest.fixture
def left(shop, ctx, ear):
    """A cart that was left, as the hub hears of it from the plugin."""
    subscriptions.subscribe(ctx)

    def leave(**more):
        shop.abandon_cart(**more)
        assert shop.flush()
        (found,) = events.parse(ear[0].heard[-1], ctx.settings)
        return found

    return leave


def test_the_link_brings_the_same_items_back(left):
    page = requests.get(left().data["cart_url"], timeout=5)
    assert urlsplit(page.url).path == "/checkout/"
    assert "1 × " in page.text
    assert "Linen shirt" in page.text
    assert "Silk scarf" in page.text
    assert "alert" not in page.text


def test_the_page_says_which_item_is_gone(shop, left):
    cart = left()
    shop.sell_out("Silk scarf")
    page = requests.get(cart.data["cart_url"], timeout=5)
    assert "«Silk scarf» is sold out." in page.text
    assert "Linen shirt" in page.text


def test_a_basket_with_nothing_left_says_so(shop, left):
    cart = left()
    shop.sell_out("Silk scarf")
    shop.sell_out("Linen shirt")
    page = requests.get(cart.data["cart_url"], timeout=5)
    assert urlsplit(page.url).path == "/cart/"
    assert "Nothing of this link can be bought any more." in page.text


def test_a_code_on_the_link_is_applied_or_its_refusal_is_shown(shop, left):
    shop.memory.add_coupon({"code": "gtp20", "amount": "20", "discount_type": "percent"})
    url = left().data["cart_url"]
    assert "Code: GTP20" in requests.get(f"{url}&coupon=GTP20", timeout=5).text
    assert "There is no code «NO»." in requests.get(f"{url}&coupon=NO", timeout=5).text


def test_a_picture_of_each_item_is_served(left):
    for item in left().data["items"]:
        answer = requests.get(item["image"], timeout=5)
        assert answer.headers["Content-Type"] == "image/png"
        assert struct.unpack(">II", answer.content[16:24]) == (480, 480)
        assert requests.get(item["url"], timeout=5).ok


def test_an_order_has_the_pictures_of_what_was_bought(shop, ctx):
    found = shop.memory.order(shop.place_order(items=[("Wool hat", 1, "15.00")]))
    (item,) = orders.goods(found, "EUR")["items"]
    assert item["image"] == f"{ctx.settings['url']}/wp-content/uploads/wool-hat.png"
    assert requests.get(item["image"].replace("wool", "no"), timeout=5).status_code == 404
