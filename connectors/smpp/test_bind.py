"""The bind between an operator and the hub: what is proven of each message, and what survives."""

from dataclasses import replace
from threading import Thread

import pytest

from hub.contract import (
    Accepted,
    AuthLost,
    Found,
    Refusal,
    Refused,
    Throttled,
    Unavailable,
    Unknown,
)

from . import connector
from .account import check, find
from .callbacks import receipts, replies, verify
from .conftest import wait_for
from .sending import send
from .simulated.operator import SILENT, delivery, receipt
from .simulator import Simulator
from .wire import pdu
from .wire.pdu import Pdu

LONG = "é" * 200


def messages(count, **more):
    return [replace(one, **more) for one in Simulator().outgoing(count)]


def kinds(results):
    return [type(one) for one in results]


def test_batch_goes_out_and_each_answer_stands_at_its_place(ctx, operator, binding):
    binding(ctx)
    operator.script.extend([0, 0x0B, 0x455])
    sent = messages(4)
    results = send(ctx, sent)
    assert sorted(kinds(results), key=str) == [Accepted, Accepted, Refusal, Refusal]
    by_number = dict(zip([m.to.e164[1:] for m in sent], results, strict=True))
    answered = [by_number[one.destination] for one in operator.heard]
    assert answered[0] == Accepted("id1")
    assert (answered[1].dead_number, answered[2].blocked) == (True, True)
    assert find(ctx, sent[results.index(answered[0])].reference) == Found("id1", "sent")
    assert find(ctx, sent[results.index(answered[1])].reference) is None


def test_long_message_goes_in_parts_and_its_receipts_come_home_signed(ctx, operator, binding, hub):
    binding(ctx)
    (message,) = messages(1, text=LONG + "€")
    assert send(ctx, [message]) == [Accepted("id1+id2")]
    first, second = (one.message[:6] for one in operator.heard)
    assert (first[:3], first[4:], second[4:]) == (b"\x05\0\x03", b"\x02\x01", b"\x02\x02")
    assert first[3] == second[3]
    operator.send(receipt(1, "id1", "DELIVRD"), receipt(2, "id2", "DELIVRD"))
    wait_for(hub.told)
    verify(hub.calls[0], ctx.secrets)
    (told,) = receipts(hub.calls[0])
    assert (told.carrier_message_id, told.reference) == ("id1+id2", message.reference)
    assert (told.state, told.parts) == ("delivered", 2)
    assert find(ctx, message.reference).state == "delivered"


def test_what_a_person_writes_is_told_and_then_the_operator_is_thanked(ctx, operator, binding, hub):
    binding(ctx)
    hub.refusing = 1
    operator.send(delivery(1, b"STOP"))
    assert operator.wait(lambda: operator.thanks)
    (said,) = replies(hub.calls[0])
    assert (said.text, said.sender, said.opt_out) == ("STOP", "+33639980101", True)
    assert operator.thanks == [0]


def test_later_part_that_is_refused_leaves_the_message_in_doubt(ctx, operator, binding):
    binding(ctx)
    operator.script.extend([0, 0x0A])
    (message,) = messages(1, text=LONG)
    assert kinds(send(ctx, [message])) == [Unknown]
    with pytest.raises(Unavailable):
        find(ctx, message.reference)


def test_first_part_that_is_refused_means_that_nothing_was_sent(ctx, operator, binding):
    binding(ctx)
    operator.script.extend([0x0A])
    assert kinds(send(ctx, messages(1, text=LONG))) == [Refusal]
    assert len(operator.heard) == 1


def test_operator_that_is_too_busy_for_a_later_part_is_asked_again(ctx, operator, binding):
    binding(ctx)
    operator.script.extend([0, 0x58])
    assert send(ctx, messages(1, text=LONG)) == [Accepted("id1+id3")]


def test_throttled_batch_is_throttled_and_a_mixed_one_waits_in_part(ctx, operator, binding):
    binding(ctx)
    operator.script.extend([0x58, 0x14])
    with pytest.raises(Throttled):
        send(ctx, messages(2))
    operator.script.extend([0x58])
    results = send(ctx, messages(2))
    assert sorted(kinds(results), key=str) == [Accepted, Refusal]
    assert [r.permanent for r in results if isinstance(r, Refusal)] == [False]


def test_silent_operator_leaves_it_unknown_and_a_late_answer_settles_it(ctx, operator, binding):
    binding(ctx)
    operator.script.extend([SILENT])
    (message,) = messages(1)
    assert kinds(send(ctx, [message])) == [Unknown]
    with pytest.raises(Unavailable):
        find(ctx, message.reference)
    answers = [Pdu(pdu.SUBMIT_SM | pdu.RESPONSE, n, body=b"late\0") for n in range(1, 4)]
    operator.send(*answers)
    wait_for(lambda: _found(ctx, message.reference))
    assert find(ctx, message.reference) == Found("late", "sent")


def _found(ctx, reference):
    try:
        return find(ctx, reference)
    except Unavailable:
        return None


def test_refusal_in_a_general_nack_is_a_refusal(ctx, operator, binding):
    binding(ctx)
    operator.script.extend([SILENT])
    nacks = [Pdu(pdu.GENERIC_NACK, n, 0x03).encode() for n in range(1, 4)]
    results = []
    thread = Thread(target=lambda: results.extend(send(ctx, messages(1))))
    thread.start()
    assert operator.wait(lambda: operator.heard)
    operator.send(*nacks)
    thread.join(5)
    assert [(r.code, r.permanent) for r in results] == [("0x00000003", True)]


def test_line_that_is_lost_is_bound_again_and_what_waits_is_in_doubt(ctx, operator, binding):
    binding(ctx)
    before = operator.binds
    operator.send(b"\0\0\0\x01 this is no unit")
    assert operator.wait(lambda: operator.binds > before)
    wait_for(lambda: not check(ctx).lacks)
    assert kinds(send(ctx, messages(1))) == [Accepted]


def test_line_that_is_down_takes_nothing(ctx, operator, binding):
    binding(ctx)
    operator.bind_status = 0x08
    operator.hang_up()
    wait_for(lambda: check(ctx).lacks)
    with pytest.raises(Unavailable) as told:
        send(ctx, messages(1))
    assert told.value.reached is False


def test_operator_that_no_longer_lets_us_in_wants_a_person(ctx, operator, binding):
    binding(ctx)
    before, operator.bind_status = operator.binds, 0x0E
    operator.hang_up()
    assert operator.wait(lambda: operator.binds > before)

    def lost():
        try:
            return check(ctx) is None
        except AuthLost:
            return True

    wait_for(lost)
    with pytest.raises(AuthLost, match="system id"):
        send(ctx, messages(1))


def test_operator_is_answered_whatever_it_asks(ctx, operator, binding):
    binding(ctx)
    operator.send(Pdu(pdu.ENQUIRE_LINK, 41), Pdu(0x103, 42), Pdu(pdu.DELIVER_SM, 43, body=b"\0"))
    assert operator.wait(lambda: len(operator.thanks) == 3)
    assert sorted(operator.thanks) == [0, 0, 3]
    before = operator.binds
    operator.send(Pdu(pdu.UNBIND, 44))
    assert operator.wait(lambda: operator.binds > before)


def test_miss_proves_nothing_of_a_message_older_than_the_bind(ctx, binding):
    binding(ctx)
    with pytest.raises(Unavailable):
        find(ctx, "01900000-0000-7000-8000-000000000000")
    with pytest.raises(Unavailable):
        find(ctx, "none")
    assert find(ctx, "02900000-0000-7000-8000-000000000000") is None


def test_bind_with_other_secrets_wants_to_be_started_again(ctx, binding):
    binding(ctx)
    changed = replace(ctx, secrets={**ctx.secrets, "password": "new"})
    for call in (check, lambda c: send(c, messages(1)), lambda c: find(c, "r")):
        with pytest.raises(AuthLost, match="hub bind"):
            call(changed)


def test_without_a_bind_the_operator_itself_is_asked(ctx, operator):
    (lacks,) = check(ctx).lacks
    assert "hub bind" in lacks
    for status, error in ((0x0E, AuthLost), (0x58, Throttled)):
        operator.bind_status = status
        with pytest.raises(error):
            check(ctx)
    operator.bind_status = 0x05
    assert check(ctx).lacks


def test_bind_stops_when_it_is_told_and_its_door_is_shut(ctx, binding):
    until = binding(ctx)
    until.set()
    wait_for(lambda: _refused(ctx))


def _refused(ctx):
    try:
        send(ctx, messages(1))
    except Unavailable as error:
        return not error.reached
    return False


@pytest.mark.parametrize(
    ("settings", "secrets", "error"),
    [
        ({"host": ""}, {}, Refused),
        ({"port": "many"}, {}, Refused),
        ({"bind_url": "http://192.0.2.1:2776"}, {}, Refused),
        ({}, {"system_id": ""}, AuthLost),
        ({}, {"door_key": "short"}, AuthLost),
    ],
)
def test_bind_that_cannot_work_says_so_at_once(ctx, settings, secrets, error):
    wrong = replace(ctx, settings={**ctx.settings, **settings}, secrets={**ctx.secrets, **secrets})
    with pytest.raises(error):
        connector.carrier.bind(wrong, None)


def test_second_bind_at_the_same_address_is_refused_in_words(ctx, binding):
    binding(ctx)
    with pytest.raises(Refused, match="another bind"):
        connector.carrier.bind(ctx, None)
