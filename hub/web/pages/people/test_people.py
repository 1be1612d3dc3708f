"""People: who is found by whom, what a page says of consent, notes and erasures."""

import re

import pytest

from hub.store.database import rows
from hub.web.pages.conftest import AGREED, REFUSED, STOPPED


@pytest.fixture
def page_of(ground, furnished):
    """`page_of(first_name)`: where that person's page is."""
    with ground.database.begin(furnished.workspace_id) as db:
        known = {r["first_name"]: r["id"] for r in rows(db, "SELECT id, first_name FROM people")}
    return lambda name: f"/people/{known[name]}"


def test_people_are_found_in_every_way_and_a_viewer_sees_no_whole_number(
    browser, furnished, page_of
):
    web = browser()
    whole = web.get("/people").text
    assert "3 people" in whole
    assert AGREED in whole
    local = "06 39 98 00 01"
    answer = web.get("/people", query_string={"q": local}, follow_redirects=True)
    assert ("Léa" in answer.text, "Karim" in answer.text) == (True, False)
    assert "39" not in answer.request.query_string.decode().split("q=")[1][:2]
    for typed, name in [("kar", "Karim"), ("ZO", "Zoé")]:
        found = web.get("/people", query_string={"q": typed}).text
        assert "1 person" in found
        assert name in found
    for standing, name in [("stopped", "Zoé"), ("agreed", "Léa")]:
        found = web.get(f"/people?standing={standing}").text
        assert "1 person" in found
        assert name in found
    assert "Nobody like this" in web.get("/people?q=nobody").text
    assert "Nobody like this" in web.get("/people?country=DE&standing=blocked").text
    assert AGREED in web.get("/people.csv").text
    web = browser("viewer")
    for path in ("/people", "/people.csv", page_of("Léa")):
        text = web.get(path).text
        assert AGREED not in text
        assert "+33*******01" in text


def test_a_page_says_why_not_and_another_workspace_sees_none_of_them(
    browser, furnished, page_of, other_workspace
):
    web = browser()
    stopped = web.get(page_of("Zoé")).text
    assert "They said STOP on" in stopped
    assert "A STOP ends offers, not messages about an order" in stopped
    assert "Do you have it in blue?" in web.get(page_of("Léa")).text
    web = browser(at=other_workspace)
    assert "Nobody yet" in web.get("/people").text
    assert web.get(page_of("Léa")).status_code == 404
    assert REFUSED not in web.get("/people.csv").text


def test_a_word_noted_by_hand_needs_its_source_and_a_block_can_be_lifted(
    browser, furnished, page_of, ground
):
    web, path = browser(), page_of("Karim")
    web.get(path)
    refused = web.post(f"{path}/consent", verdict="granted", day="2026-01-05")
    assert refused.status_code == 422
    assert "without that it is no evidence" in refused.text
    assert "Only the hub itself" in web.post(
        f"{path}/consent", verdict="granted", day="2020-01-05", source="carrier").text  # fmt: skip
    noted = web.post(f"{path}/consent", verdict="withdrawn", day="2020-01-05",
                     source="Paper form in Lyon", wording="News by text")  # fmt: skip
    assert "From: Paper form in Lyon" in noted.text
    assert "They said no on" in noted.text
    with ground.database.begin() as db:
        rows(db, "UPDATE people SET failures = 3 WHERE first_name = 'Karim' RETURNING id")
    assert "Carriers said 3 times" in web.get(path).text
    assert "Karim" in web.get("/people?standing=blocked").text
    assert "Carriers said" not in web.post(f"{path}/lift").text


def test_all_of_a_person_is_handed_over_and_then_forgotten(browser, furnished, page_of, ground):
    web, path = browser(), page_of("Zoé")
    offered = re.findall(r'<option value="([\w-]+)"', web.get(f"{path}/write").text)
    assert "order-confirmed" not in offered  # it would have holes
    kept = web.get(f"{path}/everything.json").json
    assert kept["number"] == STOPPED
    assert "found_first" not in kept["people"][0]
    assert "What stays, and why" in web.get(f"{path}/erase").text
    assert "Nothing was erased" in web.post(f"{path}/erase", digits="0001").text
    done = web.post(f"{path}/erase", digits=STOPPED[-4:])
    assert "They are forgotten" in done.text
    assert web.get(path).status_code == 404
    with ground.database.begin(furnished.workspace_id) as db:
        assert rows(db, "SELECT 1 FROM consents WHERE verdict = 'stopped'")
        assert not rows(db, "SELECT 1 FROM people WHERE first_name = 'Zoé'")
