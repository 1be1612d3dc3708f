"""The entrance in a real browser: in five languages, light and dark, at two widths; nothing is
asked of any other host, nothing complains, and axe finds nothing."""

import pytest

from hub.accounts import first
from hub.web.pages.frame import LANGUAGES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_entrance_can_be_used_by_everyone(window, look, served, ground, width, dark):
    page = window("de", width, dark)
    page.goto(f"{served}/welcome?code={first.code_of(ground)}")
    look(page)
    set_up(page)
    look(page)
    if width < 760:
        page.get_by_role("link", name="Mehr").click()
        look(page)
    page.get_by_role("button", name="Abmelden").click()
    page.wait_for_url(f"{served}/sign-in")
    look(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_owner_comes_in_by_keyboard_alone_in_each_language(
    window, served, ground, language
):
    page = window(language)
    page.goto(f"{served}/welcome?code={first.code_of(ground)}")
    assert page.locator("html").get_attribute("lang") == language
    page.locator("#shop").focus()
    for words in ("Maison Lune", "F", "Europe/Paris", "Léa", "lea@example.com"):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.keyboard.type("correct horse battery")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served}/")
    assert page.locator(".rail .brand").inner_text() == "Maison Lune"


def set_up(page):
    page.fill("#shop", "Maison Lune")
    page.select_option("#country", "FR")
    page.fill("#zone", "Europe/Paris")
    page.fill("#name", "Léa")
    page.fill("#email", "lea@example.com")
    page.fill("#password", "correct horse battery")
    page.click("button.btn-primary")
    page.wait_for_selector(".rail")
