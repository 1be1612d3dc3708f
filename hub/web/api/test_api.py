"""The API from a program's side, over the real database: events in, messages out, no 500."""

import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import create_engine

from hub.store.database import row
from hub.store.ground import Ground

NUMBER = "+33639980123"
ORDER = {
    "type": "order.created",
    "key": "order:7:created",
    "subject": "order:7",
    "occurred_at": "2026-06-10T12:00:00+02:00",
    "person": {"phone": "06 39 98 01 23", "first_name": "Zoë"},
    "data": {"order_number": "1043", "order_total": {"amount": "64.90", "currency": "EUR"}},
}
WANTED = {
    "template": "order-confirmed",
    "to": {"phone": NUMBER},
    "variables": ORDER["data"] | {"first_name": "Zoë"},
}


def _count(ground: Ground, table: str) -> int:
    with ground.database.begin() as db:
        found = row(db, f"SELECT count(*) AS n FROM {table}")  # noqa: S608
    assert found
    return found["n"]


def _fields(answer: Any) -> set[str]:
    return {error["field"] for error in answer.json["errors"]}


def test_an_event_told_over_the_api_becomes_a_message_on_a_phone(
    program: Any, carrier: Any, road: Any
):
    told = program.post("/events", ORDER)
    assert told.status_code == 202
    road.walk()
    assert "1043" in carrier.simulator.inbox(NUMBER)[0]
    intake = program.get(f"/intakes/{told.json['intake_id']}").json
    assert intake["state"] == "opened"
    event = program.get(f"/events/{intake['events'][0]}").json
    assert event["decisions"][0]["action"] == "send"
    message = program.get(f"/messages/{event['decisions'][0]['message_id']}").json
    assert message["state"] == "delivered"
    assert message["road"]["stations"][0]["sentence"] == "Posted to the API at 12:00:00."
    assert NUMBER not in json.dumps(message)


def test_the_same_event_told_twice_is_one(program: Any, ground: Ground):
    first, second = program.post("/events", ORDER), program.post("/events", ORDER)
    assert (first.json["known"], second.json["known"]) == (False, True)
    assert first.json["intake_id"] == second.json["intake_id"]
    assert _count(ground, "intakes") == 1


def test_a_message_asked_for_is_sent_and_told(program: Any, carrier: Any, road: Any):
    answer = program.post("/messages", WANTED)
    assert (answer.status_code, answer.json["action"]) == (202, "send")
    assert {check["verdict"] for check in answer.json["checks"]} == {"yes"}
    road.walk()
    assert len(carrier.simulator.inbox(NUMBER)) == 1
    found = program.get(f"/messages/{answer.json['message_id']}").json
    assert [s["name"] for s in found["road"]["stations"]] == [
        "arrived",
        "decided",
        "written",
        "sent",
        "delivered",
    ]


def test_a_marketing_message_without_consent_is_answered_with_the_reason(program: Any):
    answer = program.post("/messages", WANTED | {"template": "cart-reminder"})
    assert answer.status_code == 202
    assert (answer.json["message_id"], answer.json["reason"]) == (None, "no_consent")
    decision = program.get(f"/decisions/{answer.json['decision_id']}").json
    assert decision["checks"][-1]["sentence"] == answer.json["sentence"]


def test_the_same_key_and_body_give_the_same_answer_once(program: Any, ground: Ground):
    first, again = (program.post("/messages", WANTED, once="k1") for _ in range(2))
    assert first.json == again.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert _count(ground, "messages") == 1


def test_the_same_key_with_another_body_is_refused(program: Any, ground: Ground):
    program.post("/messages", WANTED, once="k1")
    other = program.post("/messages", WANTED | {"language": "de"}, once="k1")
    assert (other.status_code, other.json["type"]) == (409, "/problems/key-reused")
    assert program.post("/events", ORDER, once="k1").status_code == 409
    assert _count(ground, "messages") == 1


def test_a_refused_request_does_not_use_up_its_key(program: Any):
    assert program.post("/messages", WANTED | {"template": "none"}, once="k").status_code == 422
    assert program.post("/messages", WANTED, once="k").status_code == 202


def test_twenty_at_once_under_one_key_send_one(program_of: Any, workspace: UUID, ground: Ground):
    programs = [program_of(workspace) for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda p: p.post("/messages", WANTED, once="k"), programs))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json["message_id"] for answer in answers}) == 1
    assert _count(ground, "messages") == _count(ground, "decisions") == 1


@pytest.mark.parametrize("path", ["/messages", "/events"])
def test_a_send_without_an_idempotency_key_is_refused(program: Any, path: str):
    body = json.dumps(WANTED if path == "/messages" else ORDER).encode()
    answer = program.raw(path, body, **{"Idempotency-Key": ""})
    assert (answer.status_code, answer.json["type"]) == (400, "/problems/no-idempotency-key")


def test_every_wrong_field_is_named_at_once(program: Any):
    answer = program.post("/messages", {"to": {"fone": "1"}, "language": 3, "extra": 1})
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert _fields(answer) == {"template", "to.phone", "to.fone", "language", "extra"}


def test_a_phone_that_is_none_is_named_in_words(program: Any):
    answer = program.post("/messages", WANTED | {"to": {"phone": "12"}})
    assert _fields(answer) == {"to.phone"}
    assert "not a phone number" in answer.json["errors"][0]["words"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"type": "no.such"}, "type"),
        ({"type": ["order.created"]}, "type"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"occurred_at": "2026-06-10T11:59:00"}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
        ({"data": {"surprise": 1}}, "data"),
        ({"data": {"order_total": 5}}, "data"),
        ({"person": {"phone": 33}}, "person.phone"),
        ({"person": {"consent": {"granted": True}}}, "person.consent.source"),
        ({"key": ""}, "key"),
    ],
)
def test_a_wrong_event_is_refused_by_field(program: Any, change: dict[str, Any], field: str):
    answer = program.post("/events", ORDER | change)
    assert answer.status_code == 422
    assert field in _fields(answer)


def test_a_booking_with_an_unreadable_date_is_refused(program: Any):
    booking = ORDER | {"type": "booking.created", "data": {"starts_at": "soon"}}
    assert program.post("/events", booking).status_code == 422


def test_another_workspaces_things_are_not_there(
    program: Any, program_of: Any, other_workspace: UUID, carrier: Any, road: Any
):
    program.post("/events", ORDER)
    road.walk()
    sent = program.post("/messages", WANTED).json
    event = program.get(f"/messages/{program.get('/messages').json['items'][-1]['id']}").json
    stranger = program_of(other_workspace)
    intake = event["road"]["ids"]["intake"]
    for at in (
        f"/messages/{sent['message_id']}",
        f"/decisions/{sent['decision_id']}",
        f"/events/{event['event_id']}",
        f"/intakes/{intake}",
        f"/connections/{carrier.connection_id}",
        f"/people/{NUMBER}",
    ):
        assert program.get(at).status_code == 200, at
        assert stranger.get(at).status_code == 404, at
    assert stranger.delete(f"/connections/{carrier.connection_id}").status_code == 404
    assert stranger.post(f"/connections/{carrier.connection_id}/check").status_code == 404
    assert stranger.get("/messages").json["items"] == []


def test_pages_follow_each_other_and_end(program: Any):
    for _ in range(5):
        program.post("/messages", WANTED)
    seen, cursor = [], ""
    while True:
        page = program.get(f"/messages?limit=2&state=scheduled&cursor={cursor}").json
        seen += [m["id"] for m in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("query", ["cursor=AAAA", "cursor=%00", "limit=0", "state=gone", "limit=x"])
def test_a_query_that_cannot_be_used_is_refused(program: Any, query: str):
    answer = program.get(f"/messages?{query}")
    assert (answer.status_code, answer.json["type"]) == (400, "/problems/bad-query")


@pytest.mark.parametrize(
    "at", ["/messages/x", f"/messages/{UUID(int=7)}", "/nothing", "/templates/%00x"]
)
def test_what_is_not_there_is_a_problem_document(program: Any, at: str):
    answer = program.get(at)
    assert answer.status_code in (404, 422)
    assert answer.content_type == "application/problem+json"


def test_a_wrong_method_and_too_large_a_body_are_problem_documents(program: Any):
    assert program.put("/messages", {}).json["type"] == "/problems/not-allowed"
    huge = program.raw("/messages", b'"' + b"a" * (1024 * 1024 + 1) + b'"')
    assert (huge.status_code, huge.json["type"]) == (413, "/problems/too-large")


def test_a_revoked_or_wrong_key_opens_nothing(program: Any, flask_app: Flask, ground: Ground):
    client = flask_app.test_client()
    for key in ("rls_x_y", "nonsense", program.key[:-1], program.key + "x", "rls__", "é"):
        answer = client.get("/api/v1/messages", headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 401
    with ground.database.begin() as db:
        row(db, "UPDATE api_keys SET revoked_at = now() RETURNING id")
    assert program.get("/messages").status_code == 401


def test_it_answers_over_a_real_socket(program: Any, ground: Ground):
    request = urllib.request.Request(  # noqa: S310 - our own loopback address
        f"{ground.settings.address}/api/v1/messages",
        data=json.dumps(WANTED).encode(),
        headers={
            "Authorization": f"Bearer {program.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": "k",
        },
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        assert answer.status == 202
        assert json.load(answer)["action"] == "send"


def test_a_database_that_is_away_is_said_so(program: Any, ground: Ground, clock: Any):
    ground.database.engine.dispose()
    broken = ground.database.engine.url.set(port=1)
    object.__setattr__(ground.database, "engine", create_engine(broken))
    answer = program.get("/messages")
    assert (answer.status_code, answer.json["type"]) == (503, "/problems/busy")
    assert answer.headers["Retry-After"] == "5"
