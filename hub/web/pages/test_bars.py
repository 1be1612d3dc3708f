"""What people come to the pages for, in a real browser: words written, looked over and published;
a STOP and why nothing follows it; a change held against last week; two people on one draft."""

import pytest
from playwright.sync_api import expect

from hub.store import templates
from hub.web.pages.conftest import STOPPED

pytestmark = pytest.mark.browser

_AUTOMATION = "/automations/order-confirmed"


@pytest.fixture
def reworded(ground, workspace):
    """A template that nobody has written to its end."""
    with ground.database.begin(workspace) as db:
        templates.save(db, workspace, "reworded", kind="transactional", title="Reworded",
                       texts={"en": "{{ brand }}: it is done"})  # fmt: skip


def test_words_are_corrected_as_the_linter_says_and_published(
    reworded, window, enter, ground, workspace
):
    page = enter(window(), "/templates/reworded?language=en")
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" {{ frist_name }}")
    expect(page.locator("#findings")).to_contain_text("first_name")
    page.get_by_role("button", name="Look through and publish").click()
    expect(page.get_by_role("alert")).to_contain_text("must be corrected first")
    expect(page.get_by_role("button", name="Publish version")).to_have_count(0)
    page.get_by_role("link", name="Back to the text").first.click()
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    for _ in " {{ frist_name }}":
        page.keyboard.press("Backspace")
    page.keyboard.type(" today")
    expect(page.locator("#findings")).not_to_contain_text("first_name")
    page.get_by_role("button", name="Look through and publish").click()
    if page.locator("input[name=read]").count():
        page.check("input[name=read]")
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.get_by_role("status").first).to_be_visible()
    with ground.database.begin(workspace) as db:
        kept = templates.get(db, workspace, "reworded")
    assert kept is not None
    assert kept["texts"]["en"].endswith("done today")


def test_after_a_stop_the_log_says_why_nothing_was_sent(
    shop, rcs_carrier, road, clock, window, enter
):
    stage = shop.simulator
    stage.place_order(phone=STOPPED, first_name="Zoé", country="FR", consent=True)
    road.walk()
    rcs_carrier.simulator.answer(STOPPED, "STOP")
    road.walk()
    stage.abandon_cart(phone=STOPPED, first_name="Zoé", country="FR", consent=True)
    road.walk()
    clock.move(hours=1)
    road.walk()
    page = enter(window(), "/messages?state=skipped&reason=stopped")
    page.locator("table.list a[href^='/']").first.click()
    expect(page.locator(".standing")).to_contain_text("STOP")
    expect(page.locator(".each-check")).to_contain_text("STOP")
    page.locator("main a[href^='/people/of/']").first.click()
    expect(page.locator("h1")).to_contain_text("Zoé")
    expect(page.locator("main")).to_contain_text("STOP")
    page.go_back()
    page.get_by_role("link", name="Read the guide").click()
    expect(page.locator("#stopped")).to_be_in_viewport()
    expect(page.locator("#stopped")).to_contain_text("Only the person can undo it")


def test_a_change_is_held_against_last_week_before_it_is_published(furnished, window, enter):
    page = enter(window(), _AUTOMATION)
    page.get_by_role("button", name="Add a condition").click()
    page.select_option("[name='conditions.0.field']", "order_total")
    page.wait_for_selector("[name='conditions.0.currency']")
    page.select_option("[name='conditions.0.is']", "above")
    page.fill("[name='conditions.0.value']", "1000")
    page.get_by_role("button", name="What would have changed last week").click()
    expect(page.locator(".week-figures")).to_contain_text("−1")
    expect(page.locator("#last-week")).to_contain_text("zero outgoing calls")
    expect(page.locator(".example").first).to_contain_text("nothing")
    sent = len(furnished.carrier.simulator.inbox(STOPPED))
    if page.locator("input[name=seen_it][type=checkbox]").count():
        page.check("input[name=seen_it]")
    page.get_by_role("button", name="Publish this change").click()
    expect(page.get_by_role("status").first).to_be_visible()
    page.goto(page.url.partition("/automations")[0] + f"{_AUTOMATION}/versions")
    expect(page.locator("main")).to_contain_text("1000")
    assert len(furnished.carrier.simulator.inbox(STOPPED)) == sent


def test_the_second_of_two_on_one_draft_is_asked_which_stays(furnished, window, enter):
    first = enter(window(), _AUTOMATION)
    second = enter(window(answers="409"), _AUTOMATION, role="admin")
    first.fill("#sentence [name=name]", "Thanks, from Léa")
    second.fill("#sentence [name=name]", "Thanks, from Tom")
    first.get_by_role("button", name="Save the draft").click()
    expect(first.locator("#sentence [name=name]")).to_have_value("Thanks, from Léa")
    second.get_by_role("button", name="Save the draft").click()
    expect(second.get_by_role("alert")).to_be_visible()
    expect(second.locator("main")).to_contain_text("Thanks, from Léa")
    expect(second.locator("main")).to_contain_text("Thanks, from Tom")
    second.get_by_role("button", name="Save mine in its place").click()
    expect(second.locator("#sentence [name=name]")).to_have_value("Thanks, from Tom")
