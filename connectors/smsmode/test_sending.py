"""What is proven of each message, whatever smsmode answers and wherever it stops."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.contract import (
    Accepted,
    AuthLost,
    Context,
    Phone,
    Refusal,
    Refused,
    Throttled,
    Unavailable,
    Unknown,
)
from hub.contract.kit.simulator import serve

from .sending import resource, send
from .simulated.parties import Scripted, Stub
from .simulator import Simulator


def _spoilt(messages, *places):
    return [replace(m, to=Phone("+1")) if i in places else m for i, m in enumerate(messages)]


def test_message_is_written_in_smsmodes_form(simulator):
    message = replace(simulator.outgoing(1)[0], marketing=True, encoding="UCS2", text="Żółw")
    ctx = Context({"sender": "Shop"}, {}, hook_url="https://hub.example.com/hooks/smsmode/k1")
    assert resource(ctx, replace(message, sender="")) == {
        "recipient": {"to": "33639980000"},
        "body": {"text": "Żółw", "encoding": "UNICODE", "stop": True},
        "refClient": message.reference,
        "from": "Shop",
        "callbackUrlStatus": "https://hub.example.com/hooks/smsmode/k1",
        "callbackUrlMo": "https://hub.example.com/hooks/smsmode/k1",
    }


def test_no_sender_and_a_hook_too_long_are_left_out(simulator):
    ctx = Context({}, {}, hook_url="https://hub.example.com/" + "k" * 255)
    made = resource(ctx, replace(simulator.outgoing(1)[0], sender=""))
    assert set(made) == {"recipient", "body", "refClient"}


def test_marketing_shows_the_mention_of_stop_once_and_transactional_none(ctx, simulator):
    plain, marketing = simulator.outgoing(2)
    send(ctx, [plain, marketing])
    assert simulator.inbox(plain.to.e164) == [plain.text]
    assert simulator.inbox(marketing.to.e164) == [f"{marketing.text} STOP 36034"]


def test_accepted_message_has_its_id_and_price(ctx, simulator):
    message = simulator.outgoing(1)[0]
    (result,) = send(ctx, [message])
    assert isinstance(result, Accepted)
    assert simulator.find(result.carrier_message_id)["refClient"] == message.reference
    assert result.price.as_json() == {"amount": "0.045", "currency": "EUR"}


def test_bad_number_among_a_thousand_is_isolated_in_few_calls(connect, simulator):
    messages = _spoilt(simulator.outgoing(1000), 617)
    scripted = Scripted(simulator.wsgi, [])
    results = send(connect(scripted), messages)
    assert results[617] == Refusal(
        "400.029", "smsmode refused the message: recipient.to is not E.164."
    )
    assert sum(isinstance(r, Accepted) for r in results) == 999
    assert set(simulator.all_carried().values()) == {1}
    assert scripted.posts <= 21


@settings(
    max_examples=settings().max_examples // 4,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(count=st.integers(1, 12), bad=st.sets(st.integers(0, 11)))
def test_whatever_messages_are_bad_the_others_go_out_once(count, bad):
    simulator = Simulator()
    messages = _spoilt(simulator.outgoing(count), *bad)
    with serve(simulator) as served:
        results = send(Context({"base_url": served.url}, simulator.secrets()), messages)
    kinds = [type(r) for r in results]
    assert kinds == [Refusal if i in bad else Accepted for i in range(count)]
    good = [m.reference for i, m in enumerate(messages) if i not in bad]
    assert simulator.all_carried() == Counter(good)


@pytest.mark.parametrize("kind", ["429", "401"])
def test_stop_in_a_later_half_keeps_what_was_accepted_and_returns_the_rest(
    connect, simulator, kind
):
    messages = _spoilt(simulator.outgoing(8), 7)
    # The whole fails, the first half is taken, then smsmode turns the rest away.
    results = send(connect(Scripted(simulator.wsgi, ["", kind])), messages)
    assert all(isinstance(r, Accepted) for r in results[:4])
    assert all(r.code == kind and not r.permanent for r in results[4:])
    assert simulator.all_carried() == Counter(m.reference for m in messages[:4])


def test_lost_answer_in_a_later_half_is_unknown_and_the_untried_rest_is_returned(
    connect, simulator
):
    messages = _spoilt(simulator.outgoing(8), 0)
    # The whole fails, then its first half, then the quarter with the bad one, which is isolated;
    # the answer for the bad one's neighbour is lost after it was carried.
    script = ["", "", "", "lost_after"]
    results = send(connect(Scripted(simulator.wsgi, script)), messages)
    assert [type(r) for r in results[:2]] == [Refusal, Unknown]
    assert all(not r.permanent and "was not sent" in r.words for r in results[2:])
    assert simulator.carried(messages[1].reference) == 1


def test_stop_before_anything_was_sent_is_raised(connect, simulator):
    scripted = Scripted(simulator.wsgi, [])
    scripted.faults.plan("429", seconds=3)
    with pytest.raises(Throttled) as told:
        send(connect(scripted), _spoilt(simulator.outgoing(4), 0))
    assert told.value.retry_after == 3


_ERROR = {"title": "No", "detail": "It is not for +33639980123.", "errorCode": "400.029"}


@pytest.mark.parametrize("status", ["408 Late", "409 Twice", "500 Oops", "502 Bad", "503 Later"])
def test_answer_that_proves_nothing_is_unknown_for_each(connect, simulator, status):
    stub = Stub(status, _ERROR)
    results = send(connect(stub), simulator.outgoing(3))
    assert [type(r) for r in results] == [Unknown] * 3
    assert len(stub.asked) == 1


@pytest.mark.parametrize("status", ["400 Bad", "404 None", "413 Large", "422 Odd"])
def test_single_message_refused_for_its_content_is_refused_for_good(connect, simulator, status):
    (result,) = send(connect(Stub(status, _ERROR)), simulator.outgoing(1))
    assert result.permanent
    assert result.code == "400.029"
    assert "639980123" not in result.words


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("401 Who", AuthLost),
        ("402 Pay", Refused),
        ("403 No", AuthLost),
        ("404 None", Refused),
        ("405 No", Refused),
        ("429 Slow", Throttled),
        ("302 There", Unavailable),
        ("308 There", Unavailable),
    ],
)
def test_answer_that_turns_all_away_is_raised(connect, simulator, status, error):
    stub = Stub(status, "<html>", [("Location", "https://example.com/")])
    with pytest.raises(error) as told:
        send(connect(stub), simulator.outgoing(2))
    assert len(stub.asked) == 1
    assert getattr(told.value, "reached", False) is False
    assert getattr(told.value, "retry_after", 60.0) == 60.0


def test_no_credit_is_said_in_words_a_merchant_can_act_on(connect, simulator):
    with pytest.raises(Refused, match="no credit left: top it up") as told:
        send(connect(Stub("402 Pay", {})), simulator.outgoing(2))
    assert told.value.code == "402"


def test_many_workers_at_once_carry_each_message_once(ctx, simulator):
    messages = simulator.outgoing(1600)
    batches = [messages[i : i + 100] for i in range(0, len(messages), 100)]
    with ThreadPoolExecutor(8) as pool:
        results = [r for batch in pool.map(lambda batch: send(ctx, batch), batches) for r in batch]
    assert all(isinstance(r, Accepted) for r in results)
    assert simulator.all_carried() == Counter(m.reference for m in messages)


def test_no_call_starts_after_the_time_is_up(connect, simulator):
    with pytest.raises(Unavailable) as told:
        send(connect(simulator, deadline=-1.0), simulator.outgoing(2))
    assert not told.value.reached
    assert not simulator.accepted
