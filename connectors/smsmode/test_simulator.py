"""The simulator is an oracle: what it counts and how it calls back must be right."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from hub.contract import Accepted

from .receipts import receipts, replies
from .sending import send
from .simulated.resources import parts_of
from .simulator import Simulator


def _told(hub):
    return [receipt for heard in hub.heard for receipt in receipts(heard)]


def _api(ctx, method, path, **more):
    headers = {"X-Api-Key": ctx.secrets["api_key"]}
    return requests.request(
        method, ctx.settings["base_url"] + path, headers=headers, timeout=5, **more
    )


def test_each_message_is_reported_once_by_default(ctx, simulator, hub):
    messages = simulator.outgoing(20)
    send(ctx, messages)
    assert simulator.flush()
    assert Counter(r.reference for r in _told(hub)) == Counter(m.reference for m in messages)
    assert {r.state for r in _told(hub)} == {"delivered"}


@pytest.mark.parametrize(("mode", "times"), [("twice", 2), ("never", 0), ("shuffled", 2)])
def test_receipts_come_as_often_as_asked(ctx, simulator, hub, mode, times):
    simulator.receipts = mode
    messages = simulator.outgoing(10)
    send(ctx, messages)
    assert simulator.flush()
    counted = Counter(r.reference for r in _told(hub))
    assert counted == Counter({m.reference: times for m in messages if times})


def test_shuffled_receipts_tell_both_states_out_of_order(ctx, simulator, hub):
    simulator.receipts = "shuffled"
    messages = simulator.outgoing(30)
    send(ctx, messages)
    assert simulator.flush()
    told = [(r.reference, r.state) for r in _told(hub)]
    assert set(told) == {(m.reference, s) for m in messages for s in ("sent", "delivered")}
    late = [
        told.index((m.reference, "sent")) > told.index((m.reference, "delivered")) for m in messages
    ]
    assert any(late)


def test_callback_refused_by_the_hub_comes_again(ctx, simulator, hub):
    hub.refusing = 3
    send(ctx, simulator.outgoing(2))
    assert simulator.flush()
    assert len(_told(hub)) == 2
    assert simulator.courier.answers == {500: 3, 200: 2}


def test_callback_refused_for_good_is_given_up(ctx, simulator, hub):
    hub.refusing = 100
    simulator.courier.retries = (0.0, 0.0)
    send(ctx, simulator.outgoing(1))
    assert simulator.flush()
    assert simulator.courier.answers == {500: 3}
    assert len(simulator.courier.given_up) == 1


def test_callbacks_never_leave_this_machine(ctx, simulator):
    send(replace(ctx, hook_url="https://hub.example.com/hooks/k1"), simulator.outgoing(1))
    assert simulator.flush()
    assert simulator.courier.given_up == ["https://hub.example.com/hooks/k1"]


def test_phone_behaves_as_told_and_a_failed_message_is_not_carried(ctx, simulator, hub):
    dead, fine = simulator.outgoing(2)
    simulator.behave(dead.to.e164, "UNDELIVERABLE", detail="INVALID_PHONE_NUMBER")
    assert all(isinstance(r, Accepted) for r in send(ctx, [dead, fine]))
    assert simulator.flush()
    assert {r.reference: r.dead_number for r in _told(hub)} == {
        dead.reference: True,
        fine.reference: False,
    }
    assert simulator.inbox(dead.to.e164) == []
    assert simulator.all_carried() == {fine.reference: 1}
    assert simulator.accepted == {dead.reference: 1, fine.reference: 1}


def test_without_credit_messages_are_taken_and_fail_by_receipt(ctx, simulator, hub):
    simulator.no_credit()
    assert all(isinstance(r, Accepted) for r in send(ctx, simulator.outgoing(2)))
    assert simulator.flush()
    assert {(r.state, r.code) for r in _told(hub)} == {("failed", "INSUFFICIENT_CREDIT")}


def test_stop_reaches_the_hub_and_bars_marketing_only(ctx, simulator, hub):
    _, marketing = simulator.outgoing(2)
    send(ctx, [marketing])
    simulator.answer(marketing.to.e164, "Stop")
    assert simulator.flush()
    (reply,) = [r for heard in hub.heard for r in replies(heard)]
    assert (reply.text, reply.opt_out, reply.reference) == ("Stop", True, marketing.reference)
    assert reply.sender == marketing.to.e164
    plain = replace(marketing, marketing=False, reference="plain")
    send(ctx, [replace(marketing, reference="again"), plain])
    assert simulator.flush()
    blocked = {r.reference: r.blocked for r in _told(hub)}
    assert blocked == {marketing.reference: False, "again": True, "plain": False}


def test_phone_that_got_nothing_cannot_answer(simulator):
    with pytest.raises(LookupError):
        simulator.answer("+33639980199", "Hello")


def test_same_reference_twice_is_two_messages(ctx, simulator):
    (message,) = simulator.outgoing(1)
    send(ctx, [message])
    send(ctx, [message])
    assert simulator.carried(message.reference) == 2


def test_five_thousand_messages_are_each_counted_once(ctx, simulator):
    messages = simulator.outgoing(5000)
    for start in range(0, 5000, 1000):
        results = send(replace(ctx, hook_url=""), messages[start : start + 1000])
        assert all(isinstance(r, Accepted) for r in results)
    assert simulator.all_carried() == Counter(m.reference for m in messages)


def test_message_can_be_looked_up_only_when_the_reporting_knows_it(ctx, simulator):
    simulator.lookup_lag = 3600
    (result,) = send(ctx, simulator.outgoing(1))
    path = f"/sms/v1/messages/{result.carrier_message_id}"
    assert _api(ctx, "GET", path).status_code == 404
    simulator.lookup_lag = 0
    assert _api(ctx, "GET", path).json()["status"]["value"] == "DELIVERED"


def test_message_is_on_its_way_until_its_report_is_due(ctx, simulator, hub):
    simulator.receipt_delay = 3600
    (result,) = send(ctx, simulator.outgoing(1))
    found = _api(ctx, "GET", f"/sms/v1/messages/{result.carrier_message_id}").json()
    assert found["status"]["value"] == "ENROUTE"
    assert hub.heard == []


def test_scheduled_message_waits_and_can_be_cancelled_once(ctx, simulator):
    later = (simulator.clock() + timedelta(days=1)).isoformat()
    wanted = {"recipient": {"to": "33639980101"}, "body": {"text": "Hi"}, "sentDate": later}
    taken = _api(ctx, "POST", "/sms/v1/messages", json=wanted).json()
    assert taken["status"]["value"] == "SCHEDULED"
    assert simulator.inbox("33639980101") == []
    assert _api(ctx, "DELETE", taken["href"]).status_code == 204
    assert _api(ctx, "DELETE", taken["href"]).status_code == 400


def test_campaign_writes_to_each_in_their_own_words(ctx, simulator):
    campaign = {
        "body": {"text": "Hello $name", "stop": True},
        "recipients": [
            {"to": "33639980101", "parameters": {"name": "Zoë"}, "refClient": "ref-1"},
            {"to": "33639980102", "parameters": {"name": "Léo"}},
        ],
    }
    assert _api(ctx, "POST", "/sms/v1/campaigns", json=campaign).status_code == 201
    assert simulator.inbox("+33639980101") == ["Hello Zoë STOP 36034"]
    assert simulator.inbox("+33639980102") == ["Hello Léo STOP 36034"]


def test_list_is_paged_newest_first_and_filtered(ctx, simulator):
    messages = simulator.outgoing(25)
    send(ctx, messages)
    page = _api(ctx, "GET", "/sms/v1/messages", params={"page": "2"}).json()
    assert [i["refClient"] for i in page["items"]] == [m.reference for m in messages[14:4:-1]]
    assert (page["count"], page["totalCount"]) == (10, 25)
    query = {"searchBy[to]": "33639980007", "searchBy[direction]": "MT"}
    found = _api(ctx, "GET", "/sms/v1/messages", params=query).json()["items"]
    assert [i["refClient"] for i in found] == [messages[7].reference]
    assert _api(ctx, "GET", "/sms/v1/messages", params={"pageSize": "101"}).status_code == 400


def test_key_for_rcs_and_no_key_are_turned_away_in_smsmodes_form(ctx, simulator):
    for key, status in ((simulator.rcs_key, 403), ("", 401)):
        answer = requests.get(
            ctx.settings["base_url"] + "/sms/v1/messages", headers={"X-Api-Key": key}, timeout=5
        )
        assert answer.status_code == status
        assert set(answer.json()) == {"title", "message", "detail", "errorCode", "type"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"recipient": {"to": "0"}}, "400.029"),
        ({"recipient": "33639980101"}, "400.029"),
        ({"body": None}, "400.002"),
        ({"body": {"text": ""}}, "400.010"),
        ({"body": {"text": "Hi", "encoding": "UCS2"}}, "400.011"),
        ({"body": {"text": "Hi", "stop": "yes"}}, "400.012"),
        ({"refClient": "ab"}, "400.020"),
        ({"refClient": "x" * 141}, "400.020"),
        ({"from": "TwelveLetter"}, "400.021"),
        ({"callbackUrlMo": "http://127.0.0.1/" + "x" * 255}, "400.022"),
    ],
)
def test_message_that_breaks_a_rule_is_refused_and_its_whole_array_with_it(
    ctx, simulator, change, code
):
    good = {"recipient": {"to": "33639980101"}, "body": {"text": "Hi"}}
    for document in (good | change, [good, good | change]):
        answer = _api(ctx, "POST", "/sms/v1/messages", data=json.dumps(document))
        assert (answer.status_code, answer.json()["errorCode"]) == (400, code)
    assert not simulator.accepted


def test_more_than_a_thousand_messages_are_refused(ctx, simulator):
    good = {"recipient": {"to": "33639980101"}, "body": {"text": "Hi"}}
    assert _api(ctx, "POST", "/sms/v1/messages", json=[good] * 1001).status_code == 400
    assert not simulator.accepted


@pytest.mark.parametrize(
    ("text", "encoding", "parts"),
    [
        ("a" * 160, "GSM7", 1),
        ("a" * 161, "GSM7", 2),
        ("€" * 81, "GSM7", 2),
        ("é" * 70, "UNICODE", 1),
        ("😀" * 36, "UNICODE", 2),
    ],
)
def test_parts_are_counted_as_networks_do(text, encoding, parts):
    assert parts_of(text, encoding) == parts


def test_simulator_needs_no_argument_and_its_samples_never_change():
    assert Simulator().deliveries() == Simulator().deliveries()
