"""The editor in a real browser: what is typed is counted, underlined and mended at once."""

import pytest
from playwright.sync_api import expect

from hub.store import templates

_TEXT = "{{ brand }} : bonjour"


@pytest.fixture
def kept(ground, workspace):
    rich = {"text": "Bonjour", "suggestions": [{"answer": "Oui", "means": "YES"}]}
    with ground.database.begin(workspace) as db:
        templates.save(db, workspace, "ready", kind="transactional", title="Ready",
                       texts={"fr": _TEXT, "en": _TEXT}, rich={"fr": rich})  # fmt: skip


def test_what_is_typed_is_counted_underlined_mended_and_kept(kept, window, enter):
    page = enter(window(), "/templates/ready?language=fr")
    text = page.locator(".cm-content")
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" c’est fait")
    expect(page.locator("#counter")).to_contain_text("Costly characters")
    expect(page.locator(".cm-lintRange-warning")).to_have_text("’")
    expect(page.locator("#beside .words").first).to_contain_text("c’est fait")
    page.get_by_role("button", name="Write «'»").first.click()
    expect(page.locator("#counter")).not_to_contain_text("Costly characters")
    page.keyboard.type(" {{ fir")
    page.get_by_role("option", name="first_name").click()
    expect(text).to_contain_text("{{ first_name }}")
    page.get_by_text("RCS", exact=True).first.click()
    expect(page.locator("#beside .as-rcs")).to_contain_text("Oui")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("status")).to_contain_text("The draft is saved")
    expect(text).to_contain_text("c'est fait {{ first_name }}")


def test_the_editor_is_for_everybody_at_phone_width_in_the_dark(kept, window, enter, look):
    page = enter(window("de", 360, dark=True), "/templates/ready?language=fr&channel=rcs")
    look(page)
