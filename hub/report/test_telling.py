import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from hub.contract import outbound
from hub.report import listeners, payload, telling
from hub.report.listeners import Unusable
from hub.store import deliveries, endpoints, forgetting, tellings
from hub.store.database import row, rows, run

PHONE = "+33639980001"
STEPS = ("message.sent", "message.delivered")


def signed_with(secret, heads, body):
    """As the standard's own page has it, written apart from the hub's."""
    key = base64.b64decode(secret.split("_", 1)[1])
    content = b".".join([heads["id"].encode(), heads["timestamp"].encode(), body])
    wanted = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return f"v1,{wanted}" in heads["signature"].split(" ")


@pytest.fixture
def listen(ground, workspace, receiver):
    """`listen(*types)`: an endpoint at the receiver; (its id, its secret)."""

    def one(*types, whole=False):
        with ground.database.begin(workspace) as db:
            given = listeners.wanted(receiver.url, types or STEPS, "Till", whole)
            return listeners.add(ground, db, workspace, given)

    return one


@pytest.fixture
def send(road, carrier, write_to):
    def one(*numbers):
        written = write_to(numbers or [PHONE], "Bonjour")
        road.walk()
        return written

    return one


@pytest.fixture
def test_event(ground, workspace):
    """`test_event(endpoint_id)`: something to tell that nothing has to happen for."""

    def one(endpoint_id):
        with ground.database.begin(workspace) as db:
            return tellings.add_test(db, endpoints.one(db, workspace, endpoint_id), ground.clock())

    return one


def kept(ground, name="*"):
    with ground.database.begin() as db:
        return rows(db, f"SELECT {name} FROM tellings ORDER BY id")  # noqa: S608


def test_what_happens_is_told_signed_and_masked(listen, send, receiver):
    _, secret = listen()
    (message,) = send()
    assert sorted(t["type"] for t in receiver.told) == ["message.delivered", "message.sent"]
    assert all(signed_with(secret, *one) for one in receiver.heard)
    first = receiver.told[0]
    assert first["timestamp"] == "2026-06-10T10:00:00.000Z"
    assert first["data"]["message"]["id"] == message
    assert first["data"]["message"]["template"] == "written-to"
    assert first["data"]["phone"].endswith("01")
    assert PHONE not in json.dumps(receiver.told)


def test_an_endpoint_that_is_trusted_with_numbers_is_given_them(listen, send, receiver):
    listen(whole=True)
    send()
    assert {t["data"]["phone"] for t in receiver.told} == {PHONE}


def test_nothing_is_kept_where_nobody_listens(ground, other_workspace, listen, send, receiver):
    with ground.database.begin(other_workspace) as db:
        given = listeners.wanted(receiver.url, STEPS, "", False)
        listeners.add(ground, db, other_workspace, given)
    listen("message.read")
    send()
    assert kept(ground) == []


def test_a_failure_is_tried_again_under_one_id_and_given_up_in_the_end(
    ground, clock, listen, test_event, receiver
):
    listen_to, secret = listen()
    receiver.status, receiver.said = "500 Oh", "down" * 1000
    test_event(listen_to)
    waits = []
    for _ in range(len(telling.WAITS) + 1):
        assert telling.tell_endpoints(ground) == 1
        (one,) = kept(ground)
        waits.append((one["due_at"] - clock()).total_seconds())
        clock.now = max(one["due_at"], clock())
    assert (one["state"], one["code"], len(one["answer"])) == ("dead", 500, 1024)
    assert len(set(receiver.names)) == 1
    assert len(receiver.heard) == 10
    assert len({heads["timestamp"] for heads, _ in receiver.heard}) == 10
    assert all(signed_with(secret, *heard) for heard in receiver.heard)
    pairs = list(zip(telling.WAITS, waits, strict=False))
    assert all(due <= wait <= due * 1.1 for due, wait in pairs)


def test_one_that_fails_for_days_is_switched_off_and_somebody_is_told(
    ground, workspace, clock, listen, test_event, receiver
):
    endpoint_id, _ = listen()
    receiver.status = "503 Away"
    for _ in range(2):
        test_event(endpoint_id)
        telling.tell_endpoints(ground)
        clock.move(days=5)
    with ground.database.begin(workspace) as db:
        (found,) = endpoints.in_trouble(db, workspace, clock())
        noted = row(db, "SELECT what FROM audit WHERE object = :id", id=str(endpoint_id))
    assert found["state"] == "off"
    assert "5 days" in found["problem"]
    assert noted["what"] == "webhook.switched_off"


def test_one_that_is_gone_is_switched_off_at_once(ground, workspace, listen, send, receiver):
    endpoint_id, _ = listen()
    receiver.status = "410 Gone"
    send()
    with ground.database.begin(workspace) as db:
        assert endpoints.one(db, workspace, endpoint_id)["state"] == "off"
    before = len(kept(ground))
    send(PHONE)
    assert len(kept(ground)) == before


def test_one_that_is_away_is_left_alone_a_while(ground, clock, listen, test_event, receiver):
    endpoint_id, _ = listen()
    receiver.status = "500 Oh"
    for _ in range(20):
        test_event(endpoint_id)
    telling.tell_endpoints(ground)
    assert len(receiver.heard) == telling.AT_ONCE
    assert telling.tell_endpoints(ground) == 0
    assert sorted({t["calls"] for t in kept(ground, "calls")}) == [0, 1]
    receiver.status = "200 OK"
    clock.move(seconds=31)
    telling.tell_endpoints(ground)
    assert {t["state"] for t in kept(ground, "state")} == {"done"}


def test_a_worker_that_died_after_the_call_tells_again_under_the_same_id(
    ground, clock, listen, test_event, receiver
):
    endpoint_id, secret = listen()
    test_event(endpoint_id)
    now = clock()
    with ground.database.begin() as db:
        claimed = tellings.claim(db, now, now + timedelta(seconds=60), 10)
        bodies = payload.written(db, ground.vault, claimed, whole=False)
        endpoint = endpoints.by_id(db, endpoint_id)
    found = telling._Round(endpoint, [secret], bodies, now)
    assert telling._tell(ground, found, claimed[0]).is_well
    assert telling.tell_endpoints(ground) == 0
    clock.move(seconds=60)
    assert telling.tell_endpoints(ground) == 1
    assert len(receiver.names) == 2
    assert len(set(receiver.names)) == 1
    assert receiver.told[0] == receiver.told[1]


def test_a_replaced_secret_signs_beside_the_new_one_for_a_day(
    ground, workspace, clock, listen, test_event, receiver
):
    endpoint_id, old = listen()
    with ground.database.begin(workspace) as db:
        new = listeners.rotate(ground, db, endpoints.one(db, workspace, endpoint_id))
    test_event(endpoint_id)
    telling.tell_endpoints(ground)
    clock.move(hours=25)
    test_event(endpoint_id)
    telling.tell_endpoints(ground)
    first, second = receiver.heard
    assert signed_with(old, *first)
    assert signed_with(new, *first)
    assert signed_with(new, *second)
    assert not signed_with(old, *second)


def test_a_redirect_is_not_followed(ground, listen, test_event, receiver):
    receiver.status, receiver.more = "302 Found", [("Location", receiver.url)]
    test_event(listen()[0])
    telling.tell_endpoints(ground)
    assert len(receiver.heard) == 1
    (one,) = kept(ground)
    assert (one["state"], one["code"]) == ("new", 302)
    assert "leads elsewhere" in one["words"]


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/latest", "ftp://example.com", "https://a:b@example.com", "nonsense"],
)
def test_an_address_that_may_not_be_called_is_not_kept(url):
    with pytest.raises(Unusable) as told:
        listeners.wanted(url, STEPS, "", False)
    assert told.value.faults["url"]


def test_where_a_name_leads_is_judged_at_every_call(
    ground, listen, test_event, receiver, monkeypatch
):
    test_event(listen()[0])
    monkeypatch.setattr(outbound, "_inward", [])  # as on a hub that opened no closed network
    telling.tell_endpoints(ground)
    (one,) = kept(ground)
    assert (one["code"], one["state"], receiver.heard) == (0, "new", [])
    assert "closed network" in one["words"]


def test_a_paused_one_is_told_later(ground, workspace, clock, listen, send, receiver):
    endpoint_id, _ = listen()
    with ground.database.begin(workspace) as db:
        endpoints.set_state(db, endpoint_id, "paused", clock())
    send()
    assert len(kept(ground)) == 2
    assert receiver.heard == []
    with ground.database.begin(workspace) as db:
        endpoints.set_state(db, endpoint_id, "on", clock())
    telling.tell_endpoints(ground)
    assert len(receiver.heard) == 2


def test_what_people_do_is_told(listen, send, carrier, road, receiver):
    listen("message.replied", "person.opted_out", whole=True)
    send()
    carrier.simulator.answer(PHONE, "STOP")
    road.walk()
    told = {t["type"]: t["data"] for t in receiver.told}
    assert set(told) == {"message.replied", "person.opted_out"}
    assert told["message.replied"]["text"] == "STOP"
    assert told["person.opted_out"]["phone"] == PHONE
    assert told["person.opted_out"]["by"] == "reply"


def test_those_given_up_are_sent_again_at_once(ground, workspace, clock, listen, test_event):
    endpoint_id, _ = listen()
    test_event(endpoint_id)
    with ground.database.begin(workspace) as db:
        run(db, "UPDATE tellings SET state = 'dead', tries = 10")
        since = clock() - timedelta(days=1)
        assert deliveries.send_failed_again(db, endpoint_id, since, clock()) == 1
    telling.tell_endpoints(ground)
    assert kept(ground)[0]["state"] == "done"


def test_an_erased_person_is_in_no_delivery(ground, workspace, clock, listen, send, token_of):
    listen("message.sent", whole=True)
    send()
    forgetting.erase(ground.database, workspace, token_of(PHONE), clock())
    (one,) = kept(ground)
    assert (one["data"], one["answer"], one["words"]) == ({}, "", "erased")
    with ground.database.begin() as db:
        told = payload.written(db, ground.vault, [one], whole=True)
    assert json.loads(told[one["id"]])["data"]["phone"] is None


def test_old_deliveries_are_forgotten(ground, listen, test_event):
    test_event(listen()[0])
    at = kept(ground)[0]["id"].int >> 80
    with ground.database.begin() as db:
        later = row(db, "SELECT to_timestamp(CAST(:at AS float8) / 1000) AS at", at=at)["at"]
    for days, left in ((29, 1), (31, 0)):
        forgetting.tidy(
            ground.database, later + timedelta(days=days), {"tellings": 30}, lambda: True
        )
        assert len(kept(ground)) == left
