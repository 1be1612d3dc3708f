"""Which phones RCS reaches, as far as Google can say."""

from dataclasses import replace

import pytest

from hub.contract import AuthLost, Phone, Refused, Throttled

from .conftest import Stub
from .reaching import LEAST, reach


def _phones(count):
    return [Phone(f"+336399{80000 + i:05d}") for i in range(count)]


def test_answers_come_in_the_order_of_the_phones(ctx, simulator):
    kinds = ("reachable", "unreachable", "offline", "learns_late", "blocks", "wrong")
    phones = _phones(len(kinds))
    for phone, kind in zip(phones, kinds, strict=True):
        simulator.handsets.behave(phone.e164, kind)
    assert reach(ctx, phones) == [True, False, True, True, True, False]
    assert reach(ctx, [phones[1], phones[0], phones[1]]) == [False, True, False]
    assert reach(ctx, []) == []


def test_many_phones_are_one_question(ctx, simulator):
    phones = _phones(LEAST + 20)
    simulator.handsets.behave(phones[7].e164, "unreachable")
    found = reach(ctx, phones)
    assert [i for i, able in enumerate(found) if not able] == [7]
    assert simulator.faults.asked == 1


def test_many_of_whom_none_is_reached_are_all_told(ctx, simulator):
    simulator.handsets.usual = "unreachable"
    assert reach(ctx, _phones(LEAST)) == [False] * LEAST


def test_small_rest_of_very_many_is_asked_with_others(ctx, simulator):
    phones = _phones(10_003)
    assert reach(ctx, phones) == [True] * len(phones)
    assert simulator.faults.asked == 2


@pytest.mark.parametrize("count", [3, LEAST])
@pytest.mark.parametrize("kind", ["500", "html", "lost", "garbage"])
def test_doubt_is_no_answer(ctx, simulator, count, kind):
    simulator.faults.plan(kind, times=count)
    assert reach(ctx, _phones(count)) == [None] * count


@pytest.mark.parametrize("count", [3, LEAST])
@pytest.mark.parametrize(("kind", "error"), [("401", AuthLost), ("429", Throttled)])
def test_error_that_holds_for_all_is_raised(ctx, simulator, count, kind, error):
    simulator.faults.plan(kind, times=count)
    with pytest.raises(error):
        reach(ctx, _phones(count))


def test_what_was_learnt_before_the_pace_was_too_fast_is_kept(ctx, simulator):
    simulator.faults.plan("429", times=90, after=10)
    found = reach(ctx, _phones(60))
    assert found.count(True) == 10
    assert found.count(None) == 50


def test_agent_that_google_does_not_know_makes_no_phone_unreachable(stubbed):
    bad = {"error": {"status": "INVALID_ARGUMENT", "message": "Bad agent id."}}
    with pytest.raises(Refused, match="Bad agent id"):
        reach(stubbed(Stub("400 Bad", bad)), _phones(1))
    with pytest.raises(Refused, match="correct it in the settings"):
        reach(stubbed(Stub("404 None", "<html>")), _phones(1))


def test_no_time_is_no_answer(ctx):
    assert reach(replace(ctx, deadline=-1.0), _phones(2)) == [None, None]
