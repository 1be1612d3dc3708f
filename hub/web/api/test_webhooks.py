import pytest

from hub.report import telling
from hub.store.database import run

URL = "http://127.0.0.1:9/hook"
EVENTS = ["message.sent", "message.failed"]


@pytest.fixture
def program(program_of, workspace):
    return program_of(workspace, "read", "manage")


@pytest.fixture
def added(program):
    made = program.post("/webhooks", {"url": URL, "types": EVENTS})
    assert made.status_code == 201
    return made.json


def test_a_secret_is_answered_once(program, added):
    assert added["secret"].startswith("whsec_")
    (listed,) = program.get("/webhooks").json["items"]
    assert "secret" not in listed
    assert listed["types"] == EVENTS
    rotated = program.post(f"/webhooks/{added['id']}/secret", {}).json["secret"]
    assert rotated.startswith("whsec_")
    assert rotated != added["secret"]


def test_an_address_that_may_not_be_called_is_refused_in_words(program):
    answer = program.post("/webhooks", {"url": "http://169.254.169.254/", "types": EVENTS})
    assert answer.status_code == 422
    (told,) = answer.json["errors"]
    assert told["field"] == "url"
    assert "closed network" in told["words"]


def test_numbers_are_trusted_to_an_endpoint_by_who_sees_them(program, program_of, workspace):
    asked = {"url": URL, "types": EVENTS, "whole_numbers": True}
    assert program.post("/webhooks", asked).status_code == 422
    trusted = program_of(workspace, "manage", "numbers")
    assert trusted.post("/webhooks", asked).status_code == 201


def test_it_is_changed_paused_and_removed(program, added):
    at = f"/webhooks/{added['id']}"
    changed = program.put(at, {"label": "Till", "state": "paused"}).json
    assert (changed["label"], changed["state"], changed["url"]) == ("Till", "paused", URL)
    assert program.delete(at).status_code == 204
    assert program.get("/webhooks").json["items"] == []
    assert program.put(at, {"label": "Till"}).status_code == 404


def test_a_test_is_delivered_logged_and_sent_again(program, added, ground, workspace):
    at = f"/webhooks/{added['id']}"
    named = program.post(f"{at}/test", {}).json["id"]
    telling.tell_endpoints(ground)  # nobody answers there
    (logged,) = program.get(f"{at}/deliveries?state=new").json["items"]
    assert (logged["id"], logged["code"]) == (named, 0)
    assert "could not be reached" in logged["words"]
    one = program.get(f"/deliveries/{named}").json
    assert one["body"]["type"] == "endpoint.test"
    with ground.database.begin(workspace) as db:
        run(db, "UPDATE tellings SET state = 'dead'")
    since = {"since": "2026-06-10T00:00:00Z"}
    assert program.post(f"{at}/resend", since).json == {"resent": 1}
    assert program.post(f"/deliveries/{named}/resend", {}).status_code == 202
    assert program.post(f"{at}/resend", {"since": "yesterday"}).status_code == 422
    assert program.get(f"{at}/deliveries?state=odd").status_code == 400


def test_another_merchant_finds_none_of_it(program_of, other_workspace, added):
    stranger = program_of(other_workspace, "read", "manage")
    assert stranger.get("/webhooks").json["items"] == []
    assert stranger.get(f"/webhooks/{added['id']}/deliveries").status_code == 404
    assert stranger.post(f"/webhooks/{added['id']}/test", {}).status_code == 404
