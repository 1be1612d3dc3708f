"""The workspace's own settings: names, test numbers, going live, pausing."""

import re

TESTER = "06 39 98 01 23"


def test_the_workspace_is_renamed_and_what_cannot_be_is_said_beside_its_field(owner, kept):
    form = {"name": "Maison Soleil", "brand": "Soleil", "language": "it", "zone": "Europe/Rome",
            "currency": "EUR", "privacy_url": "https://shop.example.com/privacy"}  # fmt: skip
    owner.post("/settings", on="/settings", **form)
    assert (kept()["brand"], kept()["zone"]) == ("Soleil", "Europe/Rome")
    page = owner.post("/settings", **{**form, "zone": "Mars/Base", "privacy_url": "javascript:1"})
    assert page.status_code == 422
    assert "There is no such time zone" in page.text
    assert "begins with https://" in page.text
    assert kept()["zone"] == "Europe/Rome"


def test_test_numbers_are_added_in_any_form_and_taken_off(owner, kept):
    owner.post("/settings/testing", on="/settings")
    owner.post("/settings/testers", phone=TESTER)
    assert "+33639980123" in owner.page.text
    assert "not a phone number" in owner.post("/settings/testers", phone="0639").text
    token = re.search(r'name="token" value="(\w+)"', owner.get("/settings").text)[1]
    owner.post("/settings/testers/remove", token=token)
    assert kept()["testers"] == []


def test_a_viewer_sees_no_whole_number_and_changes_nothing(owner, browser):
    owner.post("/settings/testing", on="/settings")
    owner.post("/settings/testers", phone=TESTER)
    viewer = browser("viewer")
    assert "39980123" not in viewer.get("/settings").text
    assert viewer.post("/settings/pause", what="all").status_code == 403


def test_going_live_says_what_may_go_and_can_be_taken_back(owner, kept):
    owner.post("/settings/testing", on="/settings")
    assert kept()["testing"]
    assert "0 messages wait now" in owner.get("/settings/live").text
    owner.post("/settings/live")
    assert not kept()["testing"]
    assert owner.get("/settings/live").status_code == 303


def test_pausing_keeps_what_comes_and_resuming_lets_it_go(owner, kept):
    owner.post("/settings/pause", on="/settings", what="all")
    assert "every message waits" in owner.page.text
    assert kept()["rules"]["paused"] == "all"
    owner.post("/settings/pause", what="")
    assert kept()["rules"]["paused"] is None
