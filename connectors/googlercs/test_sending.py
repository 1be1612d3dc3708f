"""What is proven of each message, whatever Google answers and wherever it stops."""

import socket
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.contract import (
    Accepted,
    AuthLost,
    Phone,
    Refusal,
    Refused,
    Rich,
    Throttled,
    Unavailable,
    Unknown,
)

from .answers import name_of
from .conftest import Stub
from .sending import BATCH_SIZE, resource, send
from .turns import WORKERS


def _error(status, **more):
    return {"error": {"status": status, "message": "It is not for +33639980123.", **more}}


def test_marketing_and_time_are_told_to_google(simulator):
    plain, marketing = simulator.outgoing(2)
    assert resource(plain)["messageTrafficType"] == "TRANSACTION"
    assert resource(marketing)["messageTrafficType"] == "PROMOTION"
    assert resource(plain)["ttl"] == "14400s"
    assert "ttl" not in resource(replace(plain, within=None))


@pytest.mark.parametrize(("within", "ttl"), [(3, "10s"), (90, "90s"), (10**7, "1296000s")])
def test_time_is_kept_within_what_google_takes(simulator, within, ttl):
    message = replace(simulator.outgoing(1)[0], within=timedelta(seconds=within))
    assert resource(message)["ttl"] == ttl


def test_message_without_content_goes_as_its_text(ctx, simulator):
    message = replace(simulator.outgoing(1)[0], rich=None)
    send(ctx, [message])
    assert simulator.shown(message.reference) == Rich(message.text)


def test_message_is_taken_under_our_own_id(ctx, simulator):
    message = simulator.outgoing(1)[0]
    assert send(ctx, [message]) == [Accepted(name_of(message))]
    assert simulator.platform.taken[message.reference].ttl == "14400s"


@pytest.mark.parametrize("conflicts", [False, True])
def test_same_reference_again_is_accepted_and_stays_one_message(ctx, simulator, conflicts):
    simulator.platform.conflicts = conflicts
    messages = simulator.outgoing(3)
    assert send(ctx, messages) == send(ctx, messages)
    assert simulator.all_carried() == Counter(m.reference for m in messages)
    assert simulator.platform.posts == 6


def test_replay_after_a_lost_answer_settles_the_doubt(ctx, simulator):
    message = simulator.outgoing(1)[0]
    simulator.faults.plan("lost_after")
    assert isinstance(send(ctx, [message])[0], Unknown)
    assert send(ctx, [message]) == [Accepted(name_of(message))]
    assert simulator.carried(message.reference) == 1


def test_phone_without_rcs_is_unreachable_and_holds_up_no_other(ctx, simulator):
    good, bad, wrong = simulator.outgoing(3)
    simulator.handsets.behave(bad.to.e164, "unreachable")
    simulator.handsets.behave(wrong.to.e164, "wrong")
    taken, unreached, dead = send(ctx, [good, bad, wrong])
    assert isinstance(taken, Accepted)
    assert (unreached.permanent, unreached.unreachable, unreached.dead_number) == (
        True,
        True,
        False,
    )
    assert (dead.permanent, dead.unreachable, dead.dead_number) == (True, False, True)
    assert simulator.all_carried() == {good.reference: 1}


def test_text_message_is_refused_without_a_call(stubbed, simulator):
    stub = Stub("200 OK", {})
    (result,) = send(stubbed(stub), [replace(simulator.outgoing(1)[0], channel="sms")])
    assert result == Refusal(
        "content", "Google carries RCS alone: send text messages through another carrier."
    )
    assert stub.asked == []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("200 OK", {}),
        ("200 OK", {"name": "phones/+33639980000/agentMessages/another"}),
        ("200 OK", []),
        ("408 Late", _error("DEADLINE_EXCEEDED")),
        ("409 Conflict", _error("ABORTED")),
        ("409 Conflict", "<html>"),
        ("500 Oops", _error("INTERNAL")),
        ("503 Later", _error("UNAVAILABLE")),
    ],
)
def test_answer_that_proves_nothing_is_unknown_for_each(stubbed, simulator, status, body):
    stub = Stub(status, body)
    results = send(stubbed(stub), simulator.outgoing(3))
    assert [type(r) for r in results] == [Unknown] * 3
    assert len(stub.asked) == 3


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        ("401 Who", _error("UNAUTHENTICATED"), AuthLost),
        ("403 No", _error("PERMISSION_DENIED"), AuthLost),
        ("404 None", "<html>Not Found</html>", Refused),
        ("405 No", "", Refused),
        ("429 Slow", _error("RESOURCE_EXHAUSTED"), Throttled),
        ("302 There", "", Unavailable),
    ],
)
def test_answer_that_holds_for_all_is_raised(stubbed, simulator, status, body, error):
    with pytest.raises(error) as told:
        send(stubbed(Stub(status, body, (("Location", "/elsewhere"),))), simulator.outgoing(40))
    assert getattr(told.value, "reached", False) is False
    assert "639980123" not in told.value.words


def test_refused_content_is_told_without_numbers(stubbed, simulator):
    stub = Stub("400 Bad", _error("INVALID_ARGUMENT"))
    (result,) = send(stubbed(stub), simulator.outgoing(1))
    assert result == Refusal("400", "Google refused the message: It is not for (a number).")


@pytest.mark.parametrize(("kind", "code"), [("429", "429"), ("401", "401")])
def test_stop_on_the_way_keeps_what_was_taken_and_returns_the_rest(ctx, simulator, kind, code):
    messages = simulator.outgoing(BATCH_SIZE)
    simulator.faults.plan(kind, times=BATCH_SIZE, after=20)
    results = send(ctx, messages)
    taken = [m.reference for m, r in zip(messages, results, strict=True) if isinstance(r, Accepted)]
    left = [r for r in results if not isinstance(r, Accepted)]
    assert len(taken) == 20
    assert {r.code for r in left} <= {code, "unsent"}
    assert not any(r.permanent for r in left)
    assert simulator.all_carried() == Counter(taken)


def test_no_call_starts_after_the_time_is_up(ctx, simulator):
    with pytest.raises(Unavailable) as told:
        send(replace(ctx, deadline=-1.0), simulator.outgoing(2))
    assert not told.value.reached
    assert simulator.platform.posts == 0


def test_hung_platform_leaves_doubt_for_those_tried_and_none_for_the_others(ctx, simulator):
    with socket.create_server(("127.0.0.1", 0), backlog=64) as hung:
        url = f"http://127.0.0.1:{hung.getsockname()[1]}"
        settings = {**ctx.settings, "base_url": url}
        results = send(replace(ctx, settings=settings, deadline=0.5), simulator.outgoing(40))
    assert {type(r) for r in results} == {Unknown, Refusal}
    assert sum(isinstance(r, Unknown) for r in results) <= WORKERS
    assert {r.code for r in results if isinstance(r, Refusal)} == {"unsent"}


@pytest.mark.parametrize(
    ("settings", "secrets", "error"),
    [
        ({"agent_id": " "}, {}, Refused),
        ({"base_url": "ftp://example.com"}, {}, Refused),
        ({}, {"access_token": ""}, AuthLost),
        ({}, {"access_token": "clé"}, AuthLost),
    ],
)
def test_connection_that_cannot_send_says_why(ctx, simulator, settings, secrets, error):
    broken = replace(ctx, settings={**ctx.settings, **settings}, secrets={**ctx.secrets, **secrets})
    with pytest.raises(error):
        send(broken, simulator.outgoing(2))


def test_number_too_short_is_refused_at_its_own_place(ctx, simulator):
    good, other = simulator.outgoing(2)
    results = send(ctx, [replace(other, to=Phone("+1")), good])
    assert [type(r) for r in results] == [Refusal, Accepted]


def test_no_line_of_any_library_holds_a_number(ctx, simulator, caplog):
    caplog.set_level("DEBUG")
    caplog.set_level("DEBUG", logger="urllib3.connectionpool")  # whoever turned it down before
    messages = simulator.outgoing(2)
    send(ctx, messages)
    assert "agentMessages" in caplog.text
    assert not any(m.to.e164[1:] in caplog.text for m in messages)
