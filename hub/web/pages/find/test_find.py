"""The search box: who and what is found, what a viewer sees of it, and its window by keyboard."""

import pytest

from hub.web.pages.conftest import AGREED


def test_a_person_is_found_by_a_name_or_a_number_which_stays_in_no_address(browser, furnished):
    reader = browser()
    assert "/people/" in reader.get("/find?q=l%C3%A9a").text.partition('class="found"')[2]
    assert "/people/" in reader.get("/find?q=L%C3%A9").text.partition('class="found"')[2]
    page = reader.get("/find?q=06+39+98+00+01", follow_redirects=True)
    assert AGREED in page.text
    assert "98" not in page.request.query_string.decode()
    assert "Nothing is called that" in reader.get("/find?q=nobody@example.com").text


def test_a_viewer_finds_the_same_people_with_their_numbers_masked(browser, furnished):
    page = browser("viewer").get("/find?q=l%C3%A9a").text
    assert "/people/" in page
    assert AGREED not in page


def test_a_message_is_found_by_its_id_and_how_it_begins(browser, furnished):
    message_id = str(furnished.ids["message_id"])
    reader = browser()
    for typed in (message_id, message_id[:8], message_id.replace("-", "")):
        assert f'href="/messages/{message_id}"' in reader.get(f"/find?q={typed}").text


def test_pages_guides_and_what_has_a_name_are_found_by_what_people_call_them(browser, furnished):
    reader = browser()
    assert 'href="/people"' in reader.get("/find?q=custom").text.partition('class="found"')[2]
    assert "/guides/what-a-message-costs" in reader.get("/find?q=GSM").text or (
        "/guides/what-a-message-costs" in reader.get("/find?q=what+costs").text
    )
    assert 'href="/automations/order-confirmed"' in reader.get("/find?q=confirmed").text
    connection = f'href="/connections/{furnished.ids["connection_id"]}"'
    assert connection in reader.get(f"/find?q={furnished.shop.slug}").text


def test_nothing_of_another_workspace_is_found(browser, furnished, other_workspace):
    stranger = browser(at=other_workspace)
    assert "/people/" not in stranger.get("/find?q=l%C3%A9a").text.partition('class="found"')[2]
    message_id = furnished.ids["message_id"]
    assert f"/messages/{message_id}" not in stranger.get(f"/find?q={message_id}").text


def test_a_page_that_a_role_may_not_open_is_not_offered(browser):
    assert "/settings/keys" in browser("admin").get("/find?q=token").text
    assert "/settings/keys" not in browser("viewer").get("/find?q=token").text


@pytest.mark.browser
def test_the_window_is_opened_used_and_closed_by_keyboard_alone(window, enter, look, furnished):
    page = enter(window(), "/automations")
    page.locator("a.skip").focus()
    page.keyboard.press("Control+k")
    box = page.locator("dialog.palette")
    box.locator("input").wait_for()
    page.keyboard.type("lea")
    box.locator('.found a[href^="/automations"], .found p[role=status]').first.wait_for()
    box.locator("input").fill("léa")
    person = box.locator('.found a[href^="/people/"]').first
    person.wait_for()
    look(page)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    assert person.evaluate("one => one === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/*")
