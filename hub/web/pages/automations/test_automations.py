"""The pages of automations, in a browser without scripts: nothing is in force before it is
published, nobody overwrites what they have not seen."""

import html
import json
import re
from typing import Any

import pytest

from hub.automations import drafting
from hub.store import templates, workspaces
from hub.store.database import rows
from hub.web.pages.automations import lastweek
from hub.web.pages.automations.drawn import drawn

CART = "/automations/cart-reminder"


def hidden(page: Any, name: str) -> str:
    """What a hidden field of the page holds."""
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page.text)[1])


def words_of(page: Any) -> dict[str, str]:
    """Every word of the sentence on a page, as its form would send it."""
    document = hidden(page, "document")
    own = {"document": document, "expects": hidden(page, "expects")}
    return {**drawn(json.loads(document)), **own}


@pytest.fixture
def stands(ground, workspace):
    """`stands(slug)`: what is written of it now."""

    def one(slug="cart-reminder"):
        with ground.database.begin(workspace) as db:
            return drafting.sheet(db, workspace, slug)

    return one


def test_each_automation_is_one_line_that_says_what_it_does(browser):
    page = browser("viewer").get("/automations")
    assert (
        "When a cart was left without an order: Basket reminder goes out 45 minutes later."
        in page.text
    )
    assert "goes out 1 day and 3 hours before." in page.text
    assert "New automation" not in page.text


def test_a_workspace_without_any_is_told_what_one_is(browser, ground):
    with ground.database.begin() as db:
        empty = workspaces.add(
            db, name="New", brand="New", country="FR", language="en", zone="Europe/Paris",
            sending_window={"preset": "FR"},
        )  # fmt: skip
    page = browser("owner", empty).get("/automations")
    assert "No automation yet" in page.text
    assert "Begin with a ready-made one" in page.text


def test_a_new_one_is_a_draft_that_sends_nothing(browser, stands):
    own = browser()
    shown = own.get("/automations/new?starter=order-shipped")
    assert "When an order reached a new status" in shown.text
    page = own.post("/automations/new", starter="order-shipped", name="On its way!")
    assert "it sends nothing before you publish it" in page.text
    found = stands("on-its-way")
    assert (found.state, found.version, found.draft.edited_name) == ("draft", 0, "Léa Martin")
    twice = own.post("/automations/new", starter="order-shipped", name="On its way!")
    assert twice.request.path == "/automations/on-its-way-2"
    assert "never published" in own.get("/automations/on-its-way/state").text


def test_an_empty_one_says_what_is_still_missing(browser):
    own = browser()
    page = own.post("/automations/new", starter="", name="Mine", event="deal.changed")
    assert page.request.path == "/automations/mine"
    assert page.text.count('class="wrong"') == 1
    answer = own.post("/automations/mine/save", **words_of(page), then="last-week")
    assert "It is not finished" in answer.text


def test_looking_keeps_nothing(browser, stands):
    own = browser()
    page = own.get(CART)
    form = {**words_of(page), "delay.amount": "90"}
    seen = own.post(f"{CART}/look", **form)
    assert "Not saved yet." in seen.text
    assert 'value="90"' in seen.text
    assert stands().draft is None


def test_a_change_is_in_force_once_it_is_published_and_not_before(browser, stands):
    own = browser()
    seen = own.post(f"{CART}/look", on=CART, **words_of(own.get(CART)), do="add:conditions")
    form = {**words_of(seen), "conditions.0.field": "cart_total"}
    seen = own.post(f"{CART}/look", **form)
    form = {**words_of(seen), "conditions.0.is": "at_least", "conditions.0.value": "30"}
    page = own.post(f"{CART}/save", **form, then="last-week")
    assert "zero outgoing calls" in page.text
    assert stands().published["conditions"] == []
    page = own.post(f"{CART}/publish", expects=hidden(page, "expects"), seen_it="1")
    assert "Version 2 is in force." in page.text
    assert stands().published["conditions"] == [
        {"field": "cart_total", "is": "at_least", "value": 30}
    ]
    history = own.get(f"{CART}/versions")
    assert "the cart&#39;s total is at least 30" in history.text
    own.post(f"{CART}/versions", version="1", expects="0")
    assert stands().draft.document["conditions"] == []


def test_the_second_of_two_who_write_is_shown_both(browser, stands):
    first, second = browser("owner"), browser("admin")
    early, late = words_of(first.get(CART)), words_of(second.get(CART))
    first.post(f"{CART}/save", **{**early, "delay.amount": "60"})
    page = second.post(f"{CART}/save", **{**late, "holdout": "10"})
    assert page.status_code == 409
    assert "Léa Martin saved this draft meanwhile." in html.unescape(page.text)
    assert "Left out, in percent" in page.text
    assert stands().document["delay"]["minutes"] == 60
    mine = {name: hidden(page, name) for name in ("document", "expects", "seen")}
    second.post(f"{CART}/save", **mine)
    assert stands().document["holdout"] == 10
    assert stands().document["delay"]["minutes"] == 45


def test_a_draft_that_somebody_published_meanwhile_is_not_saved_over_it(browser, stands):
    first, second = browser("owner"), browser("admin")
    late = words_of(second.get(CART))
    first.post(f"{CART}/save", on=CART, **{**words_of(first.get(CART)), "delay.amount": "60"})
    late = {**words_of(second.get(CART)), "holdout": "5"}
    first.post(f"{CART}/publish", expects="1", seen_it="1")
    page = second.post(f"{CART}/save", **late)
    assert page.status_code == 409
    assert stands().draft is None


def test_a_large_change_needs_a_tick(browser, ground, furnished, stands):
    with ground.database.begin(furnished.workspace_id) as db:
        workspaces.change(db, furnished.workspace_id, tick_share=0, tick_sends=0)
    own = browser()
    form = {**words_of(own.get(CART)), "kind": "transactional"}
    page = own.post(f"{CART}/save", **form, then="last-week")
    assert "I have looked at it: 1 more" in page.text
    assert "Sent only with the change" in page.text
    assert "consent was withdrawn" in page.text
    page = own.post(f"{CART}/publish", expects="1")
    assert "tick the box" in page.text
    assert stands().version == 1
    own.post(f"{CART}/publish", expects="1", seen_it="1")
    assert stands().version == 2


def test_the_page_counts_last_months_events_and_shows_a_real_person(browser, furnished):
    page = browser().get(CART)
    text = " ".join(html.unescape(page.text).split())
    assert "Of 2 events, 1 would have been answered." in text
    assert "Léa · +33*******01" in text
    assert "639980001" not in text
    other = re.search(r'<option value="([^"]+)"[^>]*>Karim', page.text)[1]
    assert "Karim, votre panier" in html.unescape(browser().get(f"{CART}?sample={other}").text)


def test_a_week_with_much_to_read_is_asked_for(browser, furnished, monkeypatch):
    monkeypatch.setattr(lastweek, "_AT_ONCE", 1)
    own = browser()
    page = own.get(f"{CART}/last-week")
    assert "zero outgoing calls" not in page.text
    assert f'href="{CART}/last-week?whole=1"' in page.text
    part = own.get(f"{CART}/last-week?whole=1", headers={"HX-Request": "true"})
    assert "zero outgoing calls" in part.text
    assert "<html" not in part.text


def test_last_week_of_a_template_can_be_looked_at(browser, furnished):
    page = browser("viewer").get("/templates/cart-reminder/last-week")
    assert "There is no draft" in page.text
    assert "Nothing would have been different." in page.text
    assert browser().get("/templates/nothing/last-week").status_code == 404


def test_another_wording_gets_its_share_and_stands_on_the_phone(browser, ground, workspace, stands):
    with ground.database.begin(workspace) as db:
        own = templates.get(db, workspace, "cart-reminder")
        more = {name: own[name] for name in ("kind", "title", "texts", "event")}
        variants = {"warm": {"texts": {"fr": "Votre panier a froid.", "en": "Your cart is cold."}}}
        templates.save(db, workspace, "cart-reminder", **more, variants=variants)
    seen = browser()
    page = seen.get(f"{CART}?wording=warm")
    assert "Votre panier a froid." in page.text
    assert "percent of people get the wording “warm”" in page.text
    seen.post(f"{CART}/save", **{**words_of(page), "split.warm": "30"})
    assert stands().document["split"] == {"warm": 30}


def test_switching_says_what_it_does_and_does_it(browser, ground, workspace, stands):
    own = browser()
    assert "events that come meanwhile are not answered later" in own.get(f"{CART}/state").text
    for state in ("paused", "test", "live"):
        own.post(f"{CART}/state", state=state)
        assert stands().state == state
    own.post(f"{CART}/state", state="draft")
    assert stands().state == "live"


def test_whoever_may_not_write_reads_the_sentence_as_words(browser, stands):
    own = browser("viewer")
    page = own.get(CART)
    assert "<strong>a cart was left without an order</strong>" in page.text
    assert 'class="word"' not in page.text
    assert own.post(f"{CART}/save", document="{}", expects="0").status_code == 403
    assert own.post(f"{CART}/state", state="paused").status_code == 403


def test_what_somebody_typed_is_never_markup(browser, stands):
    own = browser()
    form = {**words_of(own.get(CART)), "name": "<b>bold</b>%(x)s", "template": '"><img src=x>'}
    page = own.post(f"{CART}/save", **form)
    assert "<b>bold" not in page.text
    assert "<img" not in page.text
    assert stands().name == "<b>bold</b>%(x)s"


def test_a_draft_can_be_thrown_away(browser, stands):
    own = browser()
    own.post(f"{CART}/save", **{**words_of(own.get(CART)), "holdout": "5"})
    assert "thrown away" in own.post(f"{CART}/discard", expects="1").text
    assert stands().draft is None


def test_the_sentence_is_written_with_the_keyboard_and_counted_while_it_is(
    furnished, window, enter, look, ground
):
    page = enter(window(), CART)
    page.get_by_role("button", name="Add a condition").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#w-conditions-0-field:focus")
    page.select_option("#w-conditions-0-field", "cart_total")
    page.wait_for_selector("#w-conditions-0-currency")
    page.focus("#w-conditions-0-is")
    page.select_option("#w-conditions-0-is", "at_least")
    page.wait_for_selector("#w-conditions-0-is:focus")
    page.fill("#w-conditions-0-value", "100000")
    page.get_by_text("Of 2 events, 0 would have been answered.").wait_for()
    assert page.input_value("#w-conditions-0-value") == "100000"
    page.select_option(
        "#sample", label=page.locator("#sample option", has_text="Karim").inner_text()
    )
    page.get_by_text("Karim, votre panier").wait_for()
    page.get_by_role("button", name="Remove this condition").click()
    page.wait_for_selector("#w-conditions-0-field", state="detached")
    with ground.database.begin(furnished.workspace_id) as db:
        assert rows(db, "SELECT 1 FROM drafts") == []
    look(page)


def test_the_pages_of_automations_hold_on_a_dark_phone(furnished, window, enter, look, served):
    page = enter(window(width=360, dark=True), CART)
    look(page)
    page.goto(f"{served}{CART}/last-week")
    look(page)
