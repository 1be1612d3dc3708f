"""Connections as they are looked after: their state in words, what can be done, what stays."""

import pytest

from hub.store import connections, health
from hub.store.database import row


@pytest.fixture
def owner(browser):
    return browser()


def standing(ground, one):
    with ground.database.begin() as db:
        return row(db, "SELECT * FROM connections WHERE id = :id", id=one.connection_id)


def test_an_empty_page_teaches_and_a_viewer_is_sent_to_an_admin(browser):
    assert 'href="/connections/new"' in browser().get("/connections").text
    seen = browser("viewer").get("/connections").text
    assert "/connections/new" not in seen
    assert "Ask an owner" in seen


def test_each_connection_says_how_it_is(owner, shop, carrier, ground, clock):
    assert owner.get("/connections").text.count("Healthy") == 2
    with ground.database.begin() as db:
        health.signed_out(db, shop.connection_id, "The shop answered 401. Reconnect it.")
    text = owner.get("/connections").text
    assert "2 connections, 1 needs a look" in text
    assert "Needs you" in text
    assert "Reconnect it: sign in at the vendor again." in text
    clock.move(hours=3)
    assert "It has not been checked for a while." in owner.get("/connections").text


def test_a_source_that_nothing_answers_is_gone_on_with(owner, shop, ground, workspace):
    assert "Go on installing" not in owner.get("/connections").text
    with ground.database.begin(workspace) as db:
        db.exec_driver_sql("UPDATE automations SET state = 'paused'")
    assert f"/connections/{shop.connection_id}/found" in owner.get("/connections").text


def test_check_now_says_what_it_found(owner, shop):
    at = f"/connections/{shop.connection_id}"
    assert "Checked just now: it works." in owner.post(f"{at}/check", on=at).text
    shop.simulator.faults.plan("401", times=9)
    text = owner.post(f"{at}/check", on=at).text
    assert "401" in text
    assert "Needs you" in text


def test_reading_again_tells_what_was_lost_and_nothing_twice(owner, shop, road, ground, clock):
    shop.simulator.place_order(phone="+33639980001", country="FR")
    road.walk()
    shop.simulator.lose_next(9)
    shop.simulator.place_order(phone="+33639980002", country="FR")
    with ground.database.begin() as db:  # a reading that went past it
        connections.keep_cursor(db, shop.connection_id, "", clock())
    clock.move(minutes=2)
    road.walk()
    before = _events(ground)
    at = f"/connections/{shop.connection_id}"
    for day in ("", "yesterday", "2031-01-01", "1999-01-01", "99999999999"):
        assert owner.post(f"{at}/resync", on=at, since=day).status_code == 422
    page = owner.post(f"{at}/resync", on=at, since="2026-06-10")
    assert "Reading again from 2026-06-10 on." in page.text
    road.walk()
    assert _events(ground) > before
    again = _events(ground)
    owner.post(f"{at}/resync", on=at, since="2026-06-09")
    road.walk()
    assert _events(ground) == again


def _events(ground):
    with ground.database.begin() as db:
        return row(db, "SELECT count(*) AS n FROM events")["n"]


def test_settings_are_tried_before_they_are_kept(owner, shop, ground):
    at = f"/connections/{shop.connection_id}/settings"
    known = standing(ground, shop)["settings"]
    page = owner.post(at, on=at, **{"set-url": "http://127.0.0.1:1", "set-country": "BE"})
    assert "BE" in page.text
    assert standing(ground, shop)["settings"] == known
    form = {"set-country": "BE", "has-set-note_outcomes": "1", "set-note_outcomes:read": "1"}
    owner.post(at, on=at, **form)
    changed = standing(ground, shop)["settings"]
    assert (changed["country"], changed["note_outcomes"]) == ("BE", "read")
    assert changed["url"] == known["url"]


def test_new_keys_are_tried_and_the_old_never_shown(owner, shop, ground):
    at = f"/connections/{shop.connection_id}/reconnect"
    secret = shop.simulator.secrets()["consumer_secret"]
    assert secret not in owner.get(at).text
    assert "401" in owner.post(at, on=at, **{"key-consumer_secret": "cs_wrong"}).text
    page = owner.post(at, on=at, **{"key-consumer_secret": secret})
    assert "Connected again" in page.text
    assert secret not in page.text
    assert standing(ground, shop)["state"] == "active"


def test_signing_in_again_leads_to_the_vendor_and_home(owner, installed, agree, ground, cast):
    crm = installed(cast["crm"], "oauth")
    at = f"/connections/{crm.connection_id}"
    page = owner.post(f"{at}/reconnect", on=f"{at}/reconnect")
    agree(page.text.split('data-leave href="')[1].split('"')[0])
    owner.get(f"{at}/back", follow_redirects=True)
    assert standing(ground, crm)["state"] == "active"


def test_removing_says_what_stays_and_erases_the_keys(owner, shop, ground, cast):
    at = f"/connections/{shop.connection_id}/remove"
    leaves = ground.connectors[cast["shop"]].leaves
    assert leaves in owner.get(at).text
    page = owner.post(at, on=at)
    assert leaves in page.text
    assert "Nothing is connected yet" in page.text
    assert standing(ground, shop)["secrets"] is None
    assert owner.get(at).status_code == 404


def test_a_test_message_goes_the_way_every_message_goes(owner, carrier, road, workspace, ground):
    at = f"/connections/{carrier.connection_id}/ring"
    with ground.database.begin() as db:
        db.exec_driver_sql("UPDATE workspaces SET testing = true")
    refused = owner.post(at, on=at, phone="06 39 98 00 01")
    assert "test mode" in refused.text
    assert refused.status_code == 422
    owner.post(at, on=at, follow=False, phone="06 39 98 00 01", tester="1")
    road.walk()
    assert len(carrier.simulator.inbox("+33639980001")) == 1
