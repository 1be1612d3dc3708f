"""The simulator as the hub meets it: each phone, each way of telling, taps, STOP, and its rules."""

from collections import Counter
from dataclasses import replace

import pytest
import requests

from hub.contract import Accepted, Answer, OpenUrl, Refusal, Rich
from hub.contract.kit.handsets import SCHEDULES

from .receipts import receipts, replies
from .sending import send
from .signature import verify
from .simulated.problems import Problem

RICH = Rich(
    "Your table?",
    suggestions=(Answer("Yes", "p-yes"), OpenUrl("See", "p-see", "https://a.example.com/x")),
)


@pytest.fixture
def message(simulator):
    """One message to one phone."""
    return simulator.outgoing(1)[0]


def by(message, channel):
    return replace(message, channel="rcs", rich=RICH) if channel == "rcs" else message


def told(ear, simulator):
    """All that Twilio told, each verified as the hub does."""
    assert simulator.flush()
    for request in ear.heard:
        verify(request, simulator.secrets())
    return [one for request in ear.heard for one in receipts(request)]


@pytest.mark.parametrize(
    ("kind", "sms", "rcs"),
    [
        ("reachable", "delivered", "delivered"),
        ("unreachable", "delivered", "no rcs"),
        ("offline", "delivered", "silence"),
        ("learns_late", "delivered", "no rcs"),
        ("blocks", "blocked", "blocked"),
        ("wrong", "dead", "dead"),
    ],
)
def test_each_phone_ends_as_its_kind_says(ctx, ear, simulator, message, kind, sms, rcs):
    simulator.handsets.behave(message.to.e164, kind)
    for channel, end in (("sms", sms), ("rcs", rcs)):
        ear.heard.clear()
        (result,) = send(ctx, [by(message, channel)])
        receipts_ = told(ear, simulator)
        flags = [r for r in (result, *receipts_) if not isinstance(r, Accepted)]
        assert any(getattr(r, "blocked", 0) for r in flags) == (end == "blocked")
        assert any(getattr(r, "dead_number", 0) for r in flags) == (end == "dead")
        assert any(getattr(r, "unreachable", 0) for r in flags) == (end == "no rcs")
        assert any(r.state == "delivered" for r in receipts_) == (end == "delivered")
        assert isinstance(result, Refusal) == (end in ("blocked", "dead"))
        assert bool(receipts_) == (end in ("delivered", "no rcs"))
    assert simulator.carried(message.reference) == [sms, rcs].count("delivered")


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_receipts_come_as_they_are_asked_for(ctx, ear, simulator, message, schedule):
    simulator.receipts = schedule
    simulator.courier.workers = 1
    send(ctx, [message])
    first = [r.state for r in told(ear, simulator)]
    simulator.release()
    states = [r.state for r in told(ear, simulator)]
    assert first == ([] if schedule == "late" else states)
    assert Counter(states) == {"never": {}, "twice": {"sent": 2, "delivered": 2}}.get(
        schedule, {"sent": 1, "delivered": 1}
    )
    assert schedule != "crossed" or states == ["delivered", "sent"]
    assert all(r.reference == message.reference for r in told(ear, simulator))


def test_offline_phone_is_told_of_only_when_its_time_is_up(ctx, ear, simulator, message):
    simulator.handsets.behave(message.to.e164, "offline")
    send(ctx, [by(message, "rcs")])
    assert told(ear, simulator) == []
    assert simulator.expire(message.reference)
    (receipt,) = told(ear, simulator)
    assert (receipt.state, receipt.code, receipt.unreachable) == ("expired", "30036", False)
    assert simulator.carried(message.reference) == 0


def test_message_that_arrived_does_not_expire(ctx, ear, simulator, message):
    send(ctx, [message])
    assert not simulator.expire(message.reference)
    assert "expired" not in [r.state for r in told(ear, simulator)]


def test_what_waits_arrives_once_the_phone_has_data_again(ctx, ear, simulator, message):
    late, gone = by(message, "rcs"), by(simulator.outgoing(1)[0], "rcs")
    simulator.handsets.behave(message.to.e164, "offline")
    send(ctx, [late, gone])
    simulator.expire(gone.reference)
    simulator.come_back(message.to.e164)
    states = {r.reference: r.state for r in told(ear, simulator) if r.state != "sent"}
    assert (simulator.carried(late.reference), simulator.carried(gone.reference)) == (1, 0)
    assert states == {late.reference: "delivered", gone.reference: "expired"}


def test_read_is_told_for_rcs(ctx, ear, simulator, message):
    send(ctx, [by(message, "rcs")])
    simulator.read(message.reference)
    assert {r.state for r in told(ear, simulator)} == {"sent", "delivered", "read"}


def test_tap_brings_the_id_back_that_went_out(ctx, ear, simulator, message):
    send(ctx, [by(message, "rcs")])
    simulator.tap(message.to.e164, "p-see")
    told(ear, simulator)
    (reply,) = (one for request in ear.heard for one in replies(request))
    assert (reply.postback, reply.text, reply.sender) == ("p-see", "See", message.to.e164)
    with pytest.raises(LookupError, match="no such suggestion"):
        simulator.tap(message.to.e164, "p-other")


def test_stop_bars_further_messages_until_start(ctx, ear, simulator, message):
    with pytest.raises(LookupError, match="No message"):
        simulator.answer(message.to.e164, "STOP")
    send(ctx, [message])
    simulator.answer(message.to.e164, "stop")
    told(ear, simulator)
    (reply,) = (one for request in ear.heard for one in replies(request))
    assert (reply.opt_out, reply.sender) == (True, message.to.e164)
    (barred,) = send(ctx, [message])
    assert barred.blocked
    simulator.answer(message.to.e164, "START")
    assert isinstance(send(ctx, [message])[0], Accepted)
    assert simulator.inbox(message.to.e164) == [message.text] * 2
    assert simulator.all_carried() == {message.reference: 2}


def test_stranger_is_turned_away_with_twilios_code(ctx, simulator):
    url = f"{ctx.settings['base_url']}/2010-04-01/Accounts/{simulator.account_sid}.json"
    answer = requests.get(url, auth=(simulator.account_sid, "wrong"), timeout=5)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    good = requests.get(url + "x", auth=(simulator.account_sid, simulator.auth_token), timeout=5)
    assert (good.status_code, good.json()["code"]) == (404, 20404)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": "0639980123"}, 21211),
        ({"MessagingServiceSid": ""}, 21603),
        ({"MessagingServiceSid": "MGwrong"}, 21606),
        ({"From": "+15005550001"}, 21606),
        ({"To": "rcs:+33639980123"}, 21606),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"ContentSid": "HXunknown"}, 21655),
        ({"ValidityPeriod": "0"}, 20001),
    ],
)
def test_message_that_twilio_refuses_is_refused_alike(simulator, fields, code):
    good = {"To": "+33639980123", "MessagingServiceSid": simulator.senders.service, "Body": "Hi"}
    assert simulator.accept(good)["status"] == "accepted"
    with pytest.raises(Problem) as refused:
        simulator.accept(good | fields)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "types",
    [
        {},
        {"twilio/flows": {}},
        {"twilio/card": {"title": "x" * 201, "actions": []}},
        {"twilio/card": {"actions": []}},
        {"twilio/card": {"body": "x", "actions": [{"type": "URL", "title": "x" * 26, "url": "y"}]}},
        {"twilio/card": {"body": "x", "actions": [{"type": "PLACE", "title": "x"}]}},
        {"twilio/card": {"body": "{{9}}", "actions": []}},
        {"twilio/card": {"body": "x", "media": ["https://{{1}}/a.jpg"], "actions": []}},
        {
            "twilio/carousel": {
                "body": "-",
                "cards": [{"body": "x", "media": "y", "actions": []}] * 2,
            }
        },
    ],
)
def test_template_that_twilio_refuses_is_refused_alike(simulator, types):
    with pytest.raises(Problem):
        simulator.templates.create({"language": "en", "variables": {"1": "x"}, "types": types})


@pytest.mark.parametrize("values", ["[]", "{", '{"1": ""}', '{"1": null}', '{"1": "a\\nb"}'])
def test_values_that_twilio_refuses_are_refused_alike(simulator, values):
    types = {"twilio/card": {"body": "{{1}}", "actions": []}}
    made = simulator.templates.create({"language": "en", "variables": {"1": "x"}, "types": types})
    with pytest.raises(Problem) as refused:
        simulator.templates.filled(made["sid"], values)
    assert refused.value.code == 21656
