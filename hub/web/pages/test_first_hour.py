"""The first hour of a merchant, in a real browser and in each language: an empty hub, a shop and a
carrier installed by their pages, going live, an order, its message on the phone, and the note that
came home."""

import re

import pytest

from hub.accounts import first
from hub.web.pages.frame import LANGUAGES

pytestmark = pytest.mark.browser

LEA = "+33639980001"


@pytest.fixture
def served(flask_app, doorstep):
    """The pages live at the hub's own address: a shop that is installed delivers there."""
    return doorstep.url


class Merchant:
    """Somebody at a page, who reads no word of it: only where things stand."""

    def __init__(self, page, address):
        self.page, self.address = page, address

    def begin(self, code):
        page = self.page
        page.goto(f"{self.address}/welcome?code={code}")
        page.fill("#shop", "Maison Lune")
        page.select_option("#country", "FR")
        page.fill("#zone", "Europe/Paris")
        page.fill("#name", "Léa")
        page.fill("#email", "lea@example.com")
        page.fill("#password", "correct horse battery")
        page.click(".btn-primary")
        page.wait_for_selector(".rail")

    def connect(self, vendor):
        self.go(f"/connections/new/{vendor.slug}/connect")
        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for name, value in vendor.form.items():
            field = self.page.locator(f"[name={name}]:visible")
            if field.count():
                field.fill(value)
        self.page.click("button[name=by][value=keys]")
        self.page.wait_for_url(re.compile(r"/connections/[0-9a-f]{8}-"))

    def go(self, path):
        self.page.goto(self.address + path)

    def press(self, selector):
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_an_empty_hub_to_a_message_and_its_note_at_home(
    window, served, vendor, road, ground, cast, language
):
    shop, phones = vendor(cast["shop"]), vendor(cast["phones"])
    one = Merchant(window(language), served)
    one.begin(first.code_of(ground))
    assert one.page.locator("html").get_attribute("lang") == language
    one.connect(shop)
    there = one.page.url.rpartition("/")[0]
    one.page.goto(f"{there}/starter?starter=order-confirmed")
    one.press("button[name=starter]")
    one.press("form[method=get] .btn-primary")
    one.press("a[href*='/on?automation']")
    one.press("button[name=automation]")
    one.connect(phones)
    one.go("/settings/live")
    one.press("form[action='/settings/live'] button")
    order = shop.simulator.place_order(phone="06 39 98 00 01", country="FR", consent=True)
    road.walk()
    assert "Maison Lune" in phones.simulator.inbox(LEA)[0]
    assert len(shop.simulator.notes(order)) > 0
    one.go("/messages")
    one.press("table.list a[href^='/messages/']")
    assert one.page.locator(".station.done").count() >= 6
    assert one.page.locator(".station.stopped").count() == 0
