"""A batch on its way: what is sent, what is proven, and what is not risked."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.contract import (
    Accepted,
    Answer,
    AuthLost,
    Card,
    Media,
    Phone,
    Refusal,
    Rich,
    Throttled,
    Unavailable,
    Unknown,
)

from . import sending
from .sending import BATCH_SIZE, form, send
from .simulated.stub import Stub

CARD = Rich(
    cards=(Card("Zoë", "Yours", Media("https://shop.example.com/a.jpg", "image/jpeg")),),
    suggestions=(Answer("Yes", "p-1"),),
)


def rcs(message, rich=CARD):
    return replace(message, channel="rcs", rich=rich, text=rich.as_text())


def kinds(results):
    return [type(one).__name__ for one in results]


def test_message_is_written_in_twilios_form(ctx, simulator):
    message = replace(simulator.outgoing(1)[0], within=timedelta(minutes=3))
    assert form(ctx, message) == {
        "To": message.to.e164,
        "MessagingServiceSid": simulator.senders.service,
        "ValidityPeriod": "180",
        "StatusCallback": f"{ctx.hook_url}?ref={message.reference}",
    }
    made = form(replace(ctx, hook_url="https://h.example.com/k?a=1"), rcs(message))
    assert made["To"] == f"rcs:{message.to.e164}"
    assert made["From"] == simulator.senders.rcs
    assert made["StatusCallback"].endswith(f"?a=1&ref={message.reference}")
    assert "StatusCallback" not in form(replace(ctx, hook_url=""), message)


@pytest.mark.parametrize(("within", "said"), [(0.2, "1"), (90_000, "36000"), (None, None)])
def test_time_to_live_stays_within_what_twilio_takes(ctx, simulator, within, said):
    bound = None if within is None else timedelta(seconds=within)
    message = replace(simulator.outgoing(1)[0], within=bound)
    assert form(ctx, message).get("ValidityPeriod") == said


def test_sender_of_the_connection_goes_before_that_of_the_shop(connect, simulator):
    message = simulator.outgoing(1)[0]
    own = connect(simulator, messaging_service_sid="", sender=" +15005550006 ")
    assert form(own, message)["From"] == "+15005550006"
    shops = connect(simulator, messaging_service_sid="")
    assert form(shops, message)["From"] == "MaisonLune"
    assert "From" not in form(connect(simulator), message)


def test_message_without_any_sender_is_refused_and_asks_nothing(connect, simulator):
    ctx = connect(simulator, messaging_service_sid="", rcs_sender="")
    message = replace(simulator.outgoing(1)[0], sender="")
    for one in (message, rcs(message)):
        (result,) = send(ctx, [one])
        assert result.code == "no_sender"
    assert simulator.faults.asked == 0


def test_batch_is_answered_in_its_order(ctx, simulator):
    messages = simulator.outgoing(BATCH_SIZE)
    results = send(ctx, messages)
    there = {name: sent.reference for name, sent in simulator.messages.by_sid.items()}
    taken = [there[r.carrier_message_id] for r in results if isinstance(r, Accepted)]
    assert taken == [m.reference for m in messages]


@pytest.mark.parametrize(
    ("code", "flags"),
    [
        (21610, {"blocked": True}),
        (21211, {"dead_number": True}),
        (21614, {"dead_number": True}),
        (21408, {}),
        (21655, {"permanent": False}),
        (99999, {}),
    ],
)
def test_refusal_of_twilio_is_told_with_its_meaning(connect, simulator, code, flags):
    said = {"code": code, "message": "The number +33639980123 is bad.", "status": 400}
    (result,) = send(connect(Stub("400 Bad Request", said)), simulator.outgoing(1))
    assert isinstance(result, Refusal)
    usual = {"permanent": True, "blocked": False, "dead_number": False, "unreachable": False}
    assert {name: getattr(result, name) for name in usual} == usual | flags
    assert result.code == str(code)
    assert "33639980123" not in result.words


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("201 Created", "{}"),
        ("201 Created", "<html>"),
        ("201 Created", "[" * 50_000),
        ("200 OK", ""),
        ("400 Bad Request", "<html>a proxy's</html>"),
        ("408 Request Timeout", "{}"),
        ("409 Conflict", {"code": 20409}),
        ("500 Oops", {"code": 20500}),
        ("503 Busy", ""),
    ],
)
def test_answer_that_proves_nothing_is_unknown(connect, simulator, status, body):
    results = send(connect(Stub(status, body)), simulator.outgoing(2))
    assert kinds(results) == ["Unknown", "Unknown"]


@pytest.mark.parametrize(
    ("status", "error"),
    [("401 No", AuthLost), ("403 No", AuthLost), ("429 Slow", Throttled), ("302 F", Unavailable)],
)
def test_fault_that_is_no_messages_own_is_raised(connect, simulator, status, error):
    vendor = Stub(status, {"code": 20429, "message": "Too Many Requests"})
    with pytest.raises(error) as raised:
        send(connect(vendor), simulator.outgoing(3))
    assert getattr(raised.value, "reached", False) is False


def test_what_comes_after_a_stop_is_proven_unsent(ctx, simulator):
    simulator.faults.plan("429", times=1000, after=20)
    messages = simulator.outgoing(BATCH_SIZE)
    results = send(ctx, messages)
    for message, result in zip(messages, results, strict=True):
        taken = isinstance(result, Accepted)
        assert simulator.carried(message.reference) == taken
        assert taken or (result.code, result.permanent) == ("429", False)
    assert kinds(results).count("Accepted") == 20


def test_twilio_that_breaks_down_is_not_handed_the_whole_batch(ctx, simulator):
    simulator.faults.plan("500_after", times=1000)
    messages = simulator.outgoing(BATCH_SIZE)
    results = send(ctx, messages)
    for message, result in zip(messages, results, strict=True):
        assert simulator.carried(message.reference) == isinstance(result, Unknown)
    assert 3 <= kinds(results).count("Unknown") <= 12


def test_lost_answers_leave_no_message_sent_twice_or_called_unsent(ctx, simulator):
    simulator.faults.at_random(0.3, seed=5, on="Messages")
    messages = simulator.outgoing(BATCH_SIZE)
    for message, result in zip(messages, send(ctx, messages), strict=True):
        count = simulator.carried(message.reference)
        assert count <= 1
        assert count == {"Accepted": 1, "Refusal": 0}.get(type(result).__name__, count)


def test_accident_of_our_own_is_a_doubt_and_risks_no_further_message(ctx, simulator, monkeypatch):
    def broken(response, *, rcs):
        raise KeyError("a fault of ours")

    monkeypatch.setattr(sending, "result_of", broken)
    messages = simulator.outgoing(BATCH_SIZE)
    for message, result in zip(messages, send(ctx, messages), strict=True):
        assert simulator.carried(message.reference) == isinstance(result, Unknown)


def test_bad_number_is_refused_at_its_own_place(ctx, simulator):
    good, bad, blocked = simulator.outgoing(3)
    simulator.handsets.behave(blocked.to.e164, "blocks")
    results = send(ctx, [good, replace(bad, to=Phone("+1")), blocked])
    assert kinds(results) == ["Accepted", "Refusal", "Refusal"]
    assert (results[1].dead_number, results[2].blocked) == (True, True)


def test_rcs_text_needs_no_template(ctx, simulator):
    message = rcs(simulator.outgoing(1)[0], Rich(text="Good day, Zoë"))
    assert kinds(send(ctx, [message])) == ["Accepted"]
    assert simulator.shown(message.reference) == message.rich
    assert simulator.templates.made == {}


def test_one_template_serves_all_messages_like_it(ctx, simulator):
    messages = [
        rcs(one, Rich(f"Good day {at}", suggestions=(Answer("Yes", f"p-{at}"),)))
        for at, one in enumerate(simulator.outgoing(20))
    ]
    assert set(kinds(send(ctx, messages))) == {"Accepted"}
    assert [simulator.shown(m.reference) for m in messages] == [m.rich for m in messages]
    (template,) = simulator.templates.made.values()
    assert "Good day" not in json.dumps(template)


def test_template_that_twilio_lost_is_made_again_at_the_next_try(ctx, simulator):
    first, second, third = (rcs(one) for one in simulator.outgoing(3))
    assert kinds(send(ctx, [first])) == ["Accepted"]
    simulator.templates.made.clear()
    (lost,) = send(ctx, [second])
    assert (lost.code, lost.permanent) == ("21655", False)
    assert kinds(send(ctx, [third])) == ["Accepted"]


@pytest.mark.parametrize("kind", ["500_after", "lost_after", "garbage", "lost"])
def test_template_in_doubt_is_no_message_in_doubt(ctx, simulator, kind):
    simulator.faults.plan(kind, on="/v1/Content")
    text, card = simulator.outgoing(2)
    results = send(ctx, [rcs(card), text])
    assert (results[0].code, results[0].permanent) == ("unsent", False)
    assert kinds(results) == ["Refusal", "Accepted"]
    assert simulator.carried(card.reference) == 0


@pytest.mark.parametrize(("kind", "error"), [("401", AuthLost), ("429", Throttled)])
def test_template_that_is_not_allowed_stops_the_batch(ctx, simulator, kind, error):
    simulator.faults.plan(kind, times=9, on="/v1/Content")
    with pytest.raises(error):
        send(ctx, [rcs(simulator.outgoing(1)[0])])


def test_template_that_twilio_refuses_is_a_refused_message(connect, simulator):
    vendor = Stub("400 Bad Request", {"code": 20001, "message": "Title is too long."})
    (result,) = send(connect(vendor), [rcs(simulator.outgoing(1)[0])])
    assert (result.code, result.permanent) == ("20001", True)
    assert len(vendor.forms) == 1


def test_all_is_answered_within_about_two_deadlines(connect, simulator):
    ctx = connect(simulator, deadline=0.3)
    simulator.faults.plan("slow", times=1000, seconds=0.2)
    results = send(ctx, simulator.outgoing(BATCH_SIZE))
    unsent = [r for r in results if isinstance(r, Refusal)]
    assert unsent
    assert {(r.code, r.permanent) for r in unsent} == {("unsent", False)}
