"""A shop is installed in a real browser without a mouse, in at most twelve presses of a button."""

import pytest

from hub.store import automations

pytestmark = pytest.mark.browser

_CLICKS = 12
_TABS = 60


class Hands:
    """Tab, typing and Enter; each Enter is a click."""

    def __init__(self, page):
        self.page, self.clicks = page, 0

    def reach(self, selector):
        """Tab on until it has the focus, which must be seen on it."""
        for _ in range(_TABS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"The keyboard does not reach {selector}.")

    def fill(self, selector, words):
        self.reach(selector)
        self.page.keyboard.insert_text(words)

    def press(self, selector, leads_to=""):
        self.reach(selector)
        self.page.keyboard.press("Enter")
        self.clicks += 1
        if leads_to:
            self.page.wait_for_url(f"**{leads_to}")


def test_a_shop_is_installed_by_keyboard_alone(
    window, enter, look, vendor, ground, workspace, cast
):
    one = vendor(cast["shop"])
    one.simulator.place_order(phone="+33639980001", first_name="Léa", country="FR", consent=True)
    page = enter(window(), "/connections/new")
    hands = Hands(page)
    new = f"/connections/new/{one.slug}"
    hands.press(f'a[href="{new}"]', new)
    hands.press(f'a[href="{new}/connect"].btn', f"{new}/connect")
    hands.fill("#set-url", one.form["set-url"])
    hands.press("details.fold summary")
    hands.fill("#key-consumer_key", one.form["key-consumer_key"])
    hands.fill("#key-consumer_secret", one.form["key-consumer_secret"])
    hands.press('button[value="keys"]', "/found")
    assert page.locator("table.records").get_by_text("Léa").count() == 1
    hands.press('a[href$="/starter"].btn', "/starter")
    hands.press('button[name="starter"]', "/try?*")
    hands.press("form.go button", "ring=1")
    assert page.locator(".phone .bubble").count() == 1
    look(page)
    hands.press('a[href*="/on?"].btn', "/on?*")
    hands.press('button[name="automation"], a.btn-primary', "/connections/*")
    assert hands.clicks <= _CLICKS
    with ground.database.begin(workspace) as db:
        assert automations.get(db, workspace, "cart-reminder")["state"] == "live"
