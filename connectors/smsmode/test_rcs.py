"""The RCS channel: its own key, its own address, one connection with SMS."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.contract import Accepted, Answer, Card, Refusal, Rejected, Rich, Unavailable, Unknown

from . import connector
from .account import check, find, status
from .receipts import receipts, replies, verify
from .resource import resource
from .sending import send
from .simulated.parties import Stub
from .simulated.resources import CHANNEL_ID, RCS_CHANNEL_ID
from .simulator import Simulator

_YES = Rich("Shall we keep it?", suggestions=(Answer("Yes", "p-yes"), Answer("No", "p-no")))


@pytest.fixture
def rcs(ctx, simulator):
    """The connection, set up for RCS too."""
    there = {**simulator.settings(ctx.settings["base_url"]), **ctx.settings}
    return replace(ctx, settings=there, secrets=simulator.secrets())


def _rich(simulator, count=1, rich=_YES):
    return [replace(m, channel="rcs", rich=rich) for m in simulator.outgoing(count)]


def _told(hub):
    return [receipt for heard in hub.heard for receipt in receipts(heard)]


def test_connection_carries_rcs_once_an_agent_is_named():
    channels_of = connector.carrier.channels_of
    assert channels_of({}) == channels_of({"agent": " "}) == ("sms",)
    assert channels_of({"agent": "Maison Lune"}) == ("sms", "rcs")


def test_agent_is_the_brand_as_typed_and_a_name_too_long_is_not_active():
    shown = connector.carrier.agent({"agent": " Lune ", "agent_logo": "https://example.com/l.png"})
    assert (shown.name, shown.logo, shown.active) == ("Lune", "https://example.com/l.png", True)
    assert not connector.carrier.agent({"agent": "x" * 41}).active


def test_rcs_is_written_with_its_agent_and_its_validity(rcs, simulator):
    (message,) = _rich(simulator)
    made = resource(rcs, replace(message, within=timedelta(minutes=10)))
    assert made["from"] == "Maison Lune"
    assert made["validity"] == {"amount": 600, "timeUnit": "SECONDS"}
    assert made["body"]["suggestions"][0]["postbackData"] == "p-yes"
    assert "validity" not in resource(rcs, message)


def test_mixed_batch_goes_to_both_and_is_answered_in_its_order(rcs, simulator):
    plain, rich = simulator.outgoing(4), _rich(simulator, 3)
    bad = replace(rich[1], rich=Rich(text="Beside", cards=(Card("Title"),)))
    mixed = [plain[0], rich[0], plain[1], bad, plain[2], rich[2], plain[3]]
    results = send(rcs, mixed)
    kinds = [type(r) for r in results]
    assert kinds == [Accepted, Accepted, Accepted, Refusal, Accepted, Accepted, Accepted]
    assert results[3].permanent
    assert simulator.shown(rich[0].reference) == _YES
    assert simulator.shown(plain[0].reference) is None
    assert simulator.all_carried() == {m.reference: 1 for m in mixed if m is not bad}
    for message, result in zip(mixed, results, strict=True):
        if isinstance(result, Accepted):
            there = simulator.find(result.carrier_message_id)
            assert there["refClient"] == message.reference


@pytest.mark.parametrize(
    "key", ["", "wrong", Simulator().api_key], ids=["none", "wrong", "that for SMS"]
)
def test_key_that_does_not_open_rcs_holds_back_rcs_alone(rcs, simulator, key):
    plain, rich = simulator.outgoing(1), _rich(simulator)
    wrong = replace(rcs, secrets={**rcs.secrets, "rcs_key": key})
    results = send(wrong, [*rich, *plain])
    assert isinstance(results[1], Accepted)
    assert (results[0].permanent, results[0].code) in ((False, "401"), (False, "403"))
    assert "RCS" in results[0].words
    assert simulator.shown(rich[0].reference) is None
    assert send(wrong, rich) == [results[0]]


def test_sms_in_doubt_leaves_the_rcs_unsent(rcs, simulator):
    plain, rich = simulator.outgoing(1), _rich(simulator)
    simulator.faults.plan("lost_after", on="/sms/")
    results = send(rcs, [*rich, *plain])
    assert isinstance(results[1], Unknown)
    assert not results[0].permanent
    assert simulator.shown(rich[0].reference) is None


def test_nothing_sent_on_either_is_raised(rcs, simulator):
    deaf = replace(rcs, settings={**rcs.settings, "base_url": "http://127.0.0.1:1"})
    with pytest.raises(Unavailable) as told:
        send(deaf, [*_rich(simulator), *simulator.outgoing(1)])
    assert not told.value.reached


def test_lost_rcs_is_found_among_the_rcs(rcs, simulator):
    (message,) = _rich(simulator)
    simulator.faults.plan("lost_after", on="/rcs/")
    assert [type(r) for r in send(rcs, [message])] == [Unknown]
    found = find(rcs, message.reference)
    assert found.state == "delivered"
    assert status(rcs, found.carrier_message_id) == found
    assert find(replace(rcs, secrets={"api_key": simulator.api_key}), message.reference) is None


def test_message_that_no_list_knows_has_no_status(rcs, simulator):
    assert status(rcs, "01900000-0000-7000-8000-000000000000") is None


def test_status_about_another_message_is_none_of_this_one(connect):
    with pytest.raises(Unavailable):
        status(connect(Stub("200 OK", {"messageId": "other"})), "m-1")


def test_miss_is_only_told_when_both_lists_were_read(rcs, simulator):
    simulator.faults.plan("500", on="/rcs/")
    with pytest.raises(Unavailable):
        find(rcs, "01900000-0000-7000-8000-000000000000")


@pytest.mark.parametrize(
    ("settings", "key", "words"),
    [
        ({"agent": "Lune"}, "", "paste the API key of an RCS channel"),
        ({"agent": "Lune"}, "wrong", "does not accept the API key for RCS"),
        ({"agent": "Lune"}, Simulator().api_key, "answered 403"),
        ({"agent": "x" * 41}, "wrong", "at most 40 characters"),
        ({"agent": ""}, "wrong", "waits for the agent's name"),
    ],
    ids=["no key", "wrong key", "key for SMS", "long name", "no name"],
)
def test_check_says_what_rcs_lacks(rcs, settings, key, words):
    ctx = replace(
        rcs, settings={**rcs.settings, **settings}, secrets={**rcs.secrets, "rcs_key": key}
    )
    (lack,) = check(ctx).lacks
    assert words in lack
    assert check(rcs).lacks == ()


@pytest.mark.parametrize(
    ("detail", "unreachable", "dead"),
    [
        ("PHONE_NOT_SUITABLE", True, False),
        ("NETWORK_NOT_SUITABLE", True, False),
        ("INVALID_PHONE_NUMBER", False, True),
        ("MEDIA_INVALID", False, False),
    ],
)
def test_phone_without_rcs_is_unreachable_and_not_dead(
    rcs, simulator, hub, detail, unreachable, dead
):
    (message,) = _rich(simulator)
    simulator.behave(message.to.e164, "UNDELIVERABLE", detail)
    send(rcs, [message])
    assert simulator.flush()
    (told,) = _told(hub)
    assert (told.state, told.unreachable, told.dead_number) == ("failed", unreachable, dead)
    assert told.words.endswith(".")


def test_phone_without_data_is_told_of_only_when_the_validity_has_passed(rcs, simulator, hub):
    (message,) = _rich(simulator)
    simulator.handsets.behave(message.to.e164, "offline")
    send(rcs, [message])
    assert simulator.flush()
    assert _told(hub) == []
    assert find(rcs, message.reference).state == "sent"
    simulator.expire(message.reference)
    assert simulator.flush()
    assert [r.state for r in _told(hub)] == ["expired"]


def test_reading_follows_the_delivery(rcs, simulator, hub):
    (message,) = _rich(simulator)
    send(rcs, [message])
    simulator.flush()
    simulator.read(message.reference)
    simulator.flush()
    assert [r.state for r in _told(hub)] == ["delivered", "read"]


@pytest.mark.parametrize(
    ("mode", "states"), [("late", ["delivered"]), ("crossed", ["delivered", "sent"])]
)
def test_receipts_come_late_or_crossed(rcs, simulator, hub, mode, states):
    simulator.receipts = mode
    send(rcs, _rich(simulator))
    simulator.flush()
    assert [r.state for r in _told(hub)] == ([] if mode == "late" else states)
    simulator.release()
    simulator.flush()
    assert [r.state for r in _told(hub)] == states


def test_tap_and_answer_come_from_the_person_whichever_way_they_are_written(rcs, simulator, hub):
    (message,) = _rich(simulator)
    send(rcs, [message])
    simulator.flush()
    hub.heard.clear()
    simulator.tap(message.to.e164, "p-yes")
    simulator.flush()
    simulator.answer(message.to.e164, "Thanks")
    simulator.flush()
    told = [reply for heard in hub.heard for reply in replies(heard)]
    assert [(r.text, r.postback) for r in told] == [("Yes", "p-yes"), ("Thanks", "")]
    assert {(r.sender, r.reference) for r in told} == {(message.to.e164, message.reference)}
    with pytest.raises(LookupError):
        simulator.tap(message.to.e164, "p-other")


def _report(kind, channel_id):
    channel = {"channelId": channel_id, "type": kind}
    return {"messageId": "m", "direction": "MT", "status": {"value": "READ"}, "channel": channel}


@pytest.mark.parametrize(
    ("set_", "taken"),
    [
        ({"channel_id": CHANNEL_ID, "rcs_channel_id": RCS_CHANNEL_ID}, "own SMS, own RCS"),
        ({"channel_id": CHANNEL_ID}, "own SMS, own RCS, other RCS"),
        ({"rcs_channel_id": RCS_CHANNEL_ID}, "own SMS, other SMS, own RCS"),
        ({"channel_id": CHANNEL_ID, "rcs_key": ""}, "own SMS"),
        ({}, "own SMS, other SMS, own RCS, other RCS"),
    ],
)
def test_callbacks_of_both_channels_are_taken_and_of_no_other(simulator, set_, taken):
    documents = {
        "own SMS": _report("SMS", CHANNEL_ID),
        "other SMS": _report("SMS", "other"),
        "own RCS": _report("RCS", RCS_CHANNEL_ID),
        "other RCS": _report("RCS", "other"),
    }
    found = []
    for name, document in documents.items():
        try:
            verify(simulator.sign(json.dumps(document).encode()), {"rcs_key": "k", **set_})
        except Rejected:
            continue
        found.append(name)
    assert ", ".join(found) == taken
