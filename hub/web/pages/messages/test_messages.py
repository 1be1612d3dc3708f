"""The log and its things: found, counted, masked, exported, kept true while open."""

import csv
import io

import pytest

from hub.store.database import row, run
from hub.web.pages.conftest import AGREED, REFUSED, STOPPED

ZOE, LEA = "+33639980101", "+33639980102"


@pytest.fixture
def two(write_to, ground):
    """A message to each of two people, waiting."""
    return write_to([ZOE, LEA], "Bonjour")


def sheet(browser, query=""):
    text = browser.get(f"/messages.csv{query}").get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def rows_of(page):
    return page.text.count('<tr id="m')


def test_an_empty_log_says_what_to_do(browser, workspace):
    page = browser("viewer").get("/messages")
    assert page.status_code == 200
    assert "No message yet" in page.text
    assert 'href="/connections"' in page.text


def test_a_walked_workspace_can_be_read_from_end_to_end(furnished, browser, ground):
    owner, viewer = browser(), browser("viewer")
    log = owner.get("/messages")
    assert rows_of(log) >= 2
    for words in ("Léa", "Zoé", "Delivered", AGREED):
        assert words in log.text
    assert "+33*******01" in viewer.get("/messages").text
    assert AGREED not in viewer.page.text
    not_sent = owner.get("/messages?state=skipped")
    assert "Karim" in not_sent.text
    assert '<span class="under">The person withdrew consent</span>' in not_sent.text
    assert "Karim" not in log.text
    with ground.database.begin() as db:
        skip = row(db, "SELECT * FROM decisions WHERE reason = 'consent_withdrawn'")
        sent = row(db, "SELECT * FROM messages WHERE subject LIKE 'cart:%'")
        rich = row(db, "SELECT * FROM messages WHERE channel = 'rcs'")
    why = owner.get(f"/decisions/{skip['id']}")
    assert "Not sent to Karim" in why.text
    assert "Every check, in order" in why.text
    assert owner.get(f"/decisions/{sent['decision_id']}").location == f"/messages/{sent['id']}"
    assert f"/decisions/{skip['id']}" in owner.get(f"/events/{skip['event_id']}").text
    page = owner.get(f"/messages/{sent['id']}")
    assert "To Léa, a cart, " in page.text
    for words in ("Do you have it in blue?", 'class="station done"', "Its road"):
        assert words in page.text
    assert 'class="bubble theirs rich"' in owner.get(f"/messages/{rich['id']}").text
    whole = viewer.get(f"/messages/{sent['id']}").text
    assert AGREED not in whole
    assert viewer.get(f"/messages?person={skip['phone']}&state=skipped").text.count("Karim") >= 1
    assert owner.get("/messages/recent").text.count('<li id="r') >= 3
    lines = sheet(owner)
    assert {one["to"] for one in lines} >= {f"'{AGREED}", f"'{STOPPED}"}
    assert AGREED not in str(sheet(viewer))
    assert sheet(owner, "?state=skipped&reason=consent_withdrawn")[0]["to"] == f"'{REFUSED}"


def test_a_number_typed_stands_in_no_address(browser, two, token_of):
    owner = browser()
    sent_on = owner.get("/messages?person=06+39+98+01+01&state=waiting")
    assert sent_on.location == f"/messages?state=waiting&person={token_of(ZOE)}"
    assert rows_of(owner.get(sent_on.location)) == 1
    assert ZOE in owner.page.text
    assert owner.get("/messages?q=%2B33639980102").location.endswith(token_of(LEA))
    assert "not a phone number" in owner.get("/messages?person=maybe").text


def test_an_id_or_its_beginning_leads_to_its_page(browser, two):
    owner = browser()
    assert owner.get(f"/messages?q={two[0]}").location == f"/messages/{two[0]}"
    above = owner.get(f"/messages?q={two[0][:8]}").location
    assert above.startswith("/messages?before=")
    assert rows_of(owner.get(above)) == 2
    assert (
        "Nothing was found for «9999»" in owner.get("/messages?q=9999", follow_redirects=True).text
    )


def test_filters_stand_in_the_address_and_are_taken_away_one_by_one(browser, two, ground):
    with ground.database.begin() as db:
        run(
            db, "UPDATE messages SET state = 'failed', reason = 'settled' WHERE id = :id", id=two[0]
        )
    owner = browser()
    page = owner.get("/messages?state=failed&channel=sms&from=2000-01-01")
    assert rows_of(page) == 1
    assert "1 message<" in page.text
    assert 'href="/messages?channel=sms&amp;from=2000-01-01"' in page.text
    for query in ("?channel=rcs", "?to=2001-01-01", "?template=none", "?connection=none",
                  "?reason=cap", "?about=order:1", "?automation=cart-reminder"):  # fmt: skip
        assert "No message like this" in owner.get(f"/messages{query}").text, query
    assert rows_of(owner.get("/messages?reason=settled")) == 1
    assert owner.get("/messages?from=soon").status_code == 422


def test_pages_lead_both_ways_and_say_how_many_there_are(browser, write_to):
    write_to([f"+3363998{n:04d}" for n in range(120, 175)], "Bonjour")
    owner = browser()
    first = owner.get("/messages")
    assert (rows_of(first), "55 messages" in first.text) == (50, True)
    older = first.text.split('rel="next"')[0].rpartition('href="')[2].split('"')[0]
    second = owner.get(older)
    assert rows_of(second) == 5
    newer = second.text.split('rel="prev"')[0].rpartition('href="')[2].split('"')[0]
    assert rows_of(owner.get(newer)) == 50
    assert "data-live" not in second.text


def test_the_log_and_a_message_answer_only_when_something_changed(browser, two, ground):
    owner = browser()
    for path in ("/messages", f"/messages/{two[0]}"):
        mark = owner.get(path).text.split('data-mark="')[1].split('"')[0]
        live = f"{path}/live?mark={mark}"
        assert owner.get(live).status_code == 204
        with ground.database.begin() as db:
            run(db, "UPDATE messages SET state = 'held', reason = :why WHERE id = :id",
                why="window" if path == "/messages" else "reach", id=two[0])  # fmt: skip
        assert "Held" in owner.get(live).text


def test_no_cell_of_the_sheet_begins_a_formula(browser, two, ground):
    with ground.database.begin() as db:
        run(db, "UPDATE messages SET subject = '=cmd', sentence = '@x'")
    (one, _) = sheet(browser())
    assert (one["about"], one["sentence"]) == ("'=cmd", "'@x")
    assert one["to"].startswith("'+33")
    assert "T" in one["created at"]
