"""The log and a message in a real browser: true without a reload, usable by everyone."""

import pytest

from hub.store.database import run

pytestmark = pytest.mark.browser


def test_new_messages_slide_in_and_a_message_stays_true(window, enter, look, write_to, ground):
    (first,) = write_to(["+33639980101"], "Bonjour")
    page = window(width=360)
    enter(page, "/messages")
    write_to(["+33639980102"], "Salut")
    page.wait_for_selector("tr.arriving")
    assert page.locator("#log tbody tr").count() == 2
    assert page.locator(".count").inner_text() == "2 messages"
    enter(page, f"/messages/{first}")
    page.locator(".ids summary").click()
    with ground.database.begin() as db:
        run(db, "UPDATE messages SET state = 'cancelled' WHERE id = :id", id=first)
    page.wait_for_selector("h1:has-text('cancelled')")
    assert page.locator(".ids[open]").count() == 1
    look(page)
