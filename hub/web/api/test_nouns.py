"""Templates, automations, people and connections through the API."""

from typing import Any

import pytest

from hub.store import people, workspaces
from hub.store.ground import Ground

NUMBER = "+33639980123"
WORDS = {"kind": "transactional", "title": "Ready", "texts": {"fr": "Bonjour {{ first_name }}"}}
READY = {
    "name": "Ready",
    "trigger": {"event": "order.created"},
    "send": {"template": "order-confirmed", "kind": "transactional"},
}


def _fields(answer: Any) -> set[str]:
    assert answer.status_code == 422
    return {error["field"] for error in answer.json["errors"]}


def test_a_template_is_written_and_versioned(program: Any):
    assert program.put("/templates/ready", WORDS).json["version"] == 1
    assert program.put("/templates/ready", WORDS).json["version"] == 1
    changed = program.put("/templates/ready", WORDS | {"title": "Now"}).json
    assert (changed["version"], changed["max_parts"]) == (2, 3)
    assert program.get("/templates/ready").json == changed
    assert "ready" in [t["slug"] for t in program.get("/templates").json["items"]]


def test_every_language_of_a_template_is_checked(program: Any):
    texts = {"fr": "{{ nobody }}", "de": "{% if %}", "en": "Hello"}
    wrong = program.put("/templates/ready", WORDS | {"texts": texts, "defaults": {"nix": "x"}})
    assert _fields(wrong) == {"texts.fr", "texts.de", "defaults.nix"}
    assert program.get("/templates/ready").status_code == 404


@pytest.mark.parametrize("slug", ["Big", "a b", "x" * 81, "-a"])
def test_a_template_needs_a_plain_name(program: Any, slug: str):
    assert _fields(program.put(f"/templates/{slug}", WORDS)) == {"slug"}


def test_an_automation_is_a_draft_until_it_is_started(program: Any):
    assert program.put("/automations/ready", READY).json["state"] == "draft"
    assert program.post("/automations/ready/start").json["state"] == "live"
    assert program.put("/automations/ready", READY | {"name": "Soon"}).json["state"] == "live"
    assert program.post("/automations/ready/pause").json["state"] == "paused"
    assert program.get("/automations/ready").json["version"] == 2
    assert program.post("/automations/none/start").status_code == 404


def test_an_automations_problems_are_named_by_path(program: Any):
    wrong = {**READY, "trigger": {"event": "x"}, "delay": {"minutes": -1}}
    assert {"trigger.event", "delay.minutes"} <= _fields(program.put("/automations/a", wrong))
    gone = READY | {"send": {"template": "gone", "kind": "marketing"}}
    assert _fields(program.put("/automations/a", gone)) == {"send.template"}


def test_consent_is_said_and_a_stop_cancels_what_waits(
    program: Any, shop: Any, road: Any, clock: Any
):
    shop.simulator.abandon_cart(phone="06 39 98 01 23", country="FR")
    road.walk()
    assert program.get("/messages?state=scheduled").json["items"]
    clock.move(seconds=1)
    said = {"verdict": "stopped", "source": "phone call", "text": "Please stop"}
    answer = program.post(f"/people/{NUMBER}/consent", said).json
    assert (answer["may_be_marketed_to"], answer["stop"]["source"]) == (False, "phone call")
    assert program.get("/messages?state=scheduled").json["items"] == []
    clock.move(seconds=1)
    again = {"verdict": "resumed", "source": "counter"}
    assert program.post(f"/people/{NUMBER}/consent", again).json["may_be_marketed_to"]
    history = program.get(f"/people/{NUMBER}").json["history"]
    assert [line["verdict"] for line in history][:2] == ["resumed", "stopped"]


def test_a_granted_number_may_be_marketed_to(program: Any):
    assert program.get(f"/people/{NUMBER}").status_code == 404
    said = {"verdict": "granted", "source": "web form", "at": "2026-06-01T10:00:00Z"}
    assert program.post(f"/people/{NUMBER}/consent", said).json["may_be_marketed_to"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"verdict": "perhaps"}, "verdict"),
        ({"source": "carrier"}, "source"),
        ({"source": ""}, "source"),
        ({"at": "2031-01-01T00:00:00Z"}, "at"),
        ({"at": "noon"}, "at"),
    ],
)
def test_a_word_of_consent_that_cannot_be_is_refused(program: Any, change: Any, field: str):
    said = {"verdict": "granted", "source": "web form", **change}
    assert _fields(program.post(f"/people/{NUMBER}/consent", said)) == {field}
    assert _fields(program.post("/people/12/consent", {"verdict": "granted", "source": "x"})) == {
        "phone"
    }


def test_a_dead_number_is_lifted(program: Any, shop: Any, road: Any, ground: Ground, token_of: Any):
    shop.simulator.place_order(phone="06 39 98 01 23", country="FR")
    road.walk()
    found = program.get("/people").json["items"]
    assert [person["phone"] for person in found] == [NUMBER]
    with ground.database.begin() as db:
        people.count_failure(db, [(_workspace(ground), token_of(NUMBER))] * 3)
    assert program.get(f"/people/{NUMBER}").json["person"]["failures"] == 3
    assert program.post(f"/people/{NUMBER}/lift").json["person"]["failures"] == 0
    assert program.post("/people/+33639980199/lift").status_code == 404


def _workspace(ground: Ground) -> Any:
    with ground.database.begin() as db:
        return workspaces.listed(db)[0]["id"]


def test_the_connectors_say_what_they_need(program: Any, cast: Any):
    found = {c["slug"]: c for c in program.get("/connectors").json["items"]}
    assert found["smsmode"]["channels"] == ["sms", "rcs"]
    [way] = found["smsmode"]["ways"]
    assert [f["name"] for f in way["secrets"]] == ["api_key", "rcs_key"]
    assert found[cast["shop"]]["ways"][0]["consent_page"]


def test_a_connection_is_installed_checked_and_removed(program: Any, carrier: Any, road: Any):
    sms = carrier.simulator
    form = {
        "connector": "smsmode",
        "settings": {**sms.settings(carrier.url), "agent": ""},
        "secrets": {"api_key": sms.api_key},
    }
    made = program.post("/connections", form)
    assert (made.status_code, made.json["consent_url"]) == (201, None)
    at = f"/connections/{made.json['id']}"
    shown = program.get(at)
    assert shown.json["state"] == "active"
    assert sms.api_key not in shown.text
    assert shown.json["notes"][0]["words"].startswith("Connected to smsmode")
    sms.faults.plan("401", times=3)
    checked = program.post(f"{at}/check").json
    assert checked["state"] == "attention"
    assert "Reconnect" in checked["problem"]
    assert program.delete(at).status_code == 200
    assert program.get(at).status_code == program.delete(at).status_code == 404


def test_a_shop_without_keys_goes_on_at_its_own_page(program: Any, shop: Any):
    form = {
        "connector": shop.slug,
        "settings": {"url": shop.url},
        "return_url": "https://hub.example.com/back",
    }
    answer = program.post("/connections", form)
    assert answer.status_code == 202
    assert answer.json["consent_url"].startswith(f"{shop.url}/wc-auth/")


def test_a_form_with_mistakes_is_refused_by_field(program: Any):
    assert _fields(program.post("/connections", {"connector": "nope"})) == {"connector"}
    wrong = {"connector": "smsmode", "settings": {"colour": "red"}, "secrets": {}}
    assert _fields(program.post("/connections", wrong)) == {"colour", "api_key"}


def test_a_vendor_that_refuses_or_is_away_is_told_in_words(program: Any, carrier: Any):
    form = {
        "connector": "smsmode",
        "settings": carrier.simulator.settings(carrier.url),
        "secrets": {"api_key": "wrong"},
    }
    refused = program.post("/connections", form)
    assert (refused.status_code, refused.json["type"]) == (422, "/problems/vendor-refused")
    form["settings"] = {"base_url": "http://127.0.0.1:1"}
    away = program.post("/connections", form)
    assert (away.status_code, away.json["type"]) == (502, "/problems/vendor-away")
    assert len(program.get("/connections").json["items"]) == 1
