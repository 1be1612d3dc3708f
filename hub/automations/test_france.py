"""France's hours, over every day of two years, through whole decisions: nothing marketing leaves at
07:59:59, at 20:00:00, on a Sunday or a holiday; it waits or is dropped, as the automation says."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.automations.checks import decide, recheck
from hub.automations.delays import AT_ONCE
from hub.automations.hours import holiday_on
from hub.automations.starters import STARTERS
from hub.automations.test_strategies import left_at
from hub.automations.windows import preset

PARIS = ZoneInfo("Europe/Paris")
FRANCE = preset("FR")
CART = replace(STARTERS["cart-reminder"], delay=AT_ONCE, drop_after_minutes=5 * 1440)
DROPS = replace(CART, window="drop")
ORDER = replace(CART, kind="transactional")
CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]
DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(730)]


def working(day):
    return day.weekday() != 6 and not holiday_on(FRANCE, day)


def at(day, *clock):
    return datetime.combine(day, time(*clock), PARIS).astimezone(UTC)


def left(instant):
    """A cart left at that instant, of an automation that was always on."""
    return replace(left_at(instant), automation_live_since=None)


def first_opening(day):
    while not working(day):
        day += timedelta(days=1)
    return at(day, 8)


@pytest.mark.parametrize("clock", [(7, 59, 59), (8, 0, 0), (19, 59, 59), (20, 0, 0)])
def test_on_every_day_marketing_leaves_between_eight_and_eight_or_waits_or_is_dropped(clock):
    for day in DAYS:
        facts = left(at(day, *clock))
        waits, drops = decide(CART, facts), decide(DROPS, facts)
        if working(day) and 8 <= clock[0] < 20:
            assert waits.due_at == drops.due_at == facts.now, day
            continue
        morning = first_opening(day if clock[0] < 8 else day + timedelta(days=1))
        if not working(day):
            morning = first_opening(day)
        assert (waits.held, waits.due_at) == (True, morning), day
        assert (drops.action, drops.reason) == ("skip", "window"), day
        assert recheck(DROPS, facts).reason == "window"


def test_a_message_due_on_the_national_day_moves_or_drops_by_policy():
    facts = left(at(date(2026, 7, 14), 11))
    assert decide(CART, facts).due_at == at(date(2026, 7, 15), 8)
    assert decide(DROPS, facts).reason == "window"
    assert "Fête nationale" in decide(DROPS, facts).sentence


def test_what_would_wait_too_long_is_dropped_as_late():
    saturday = left(at(date(2026, 7, 11), 20))
    hurried = replace(CART, drop_after_minutes=35 * 60)
    assert decide(hurried, saturday).reason == "late"
    assert decide(replace(hurried, drop_after_minutes=36 * 60), saturday).action == "send"


def test_an_order_message_leaves_at_any_hour_unless_the_rules_set_hours_for_it():
    night = left(at(date(2026, 7, 14), 3))
    assert decide(ORDER, night).due_at == night.now
    ruled = replace(night, transactional_window=FRANCE)
    assert decide(ORDER, ruled).due_at == at(date(2026, 7, 15), 8)
    assert decide(replace(ORDER, window="drop"), ruled).reason == "window"
    assert decide(CART, ruled).due_at == at(date(2026, 7, 15), 8)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(CHANGES), st.integers(-36 * 3600, 60 * 3600), st.booleans())
def test_around_a_change_of_clocks_nothing_leaves_outside_hours(day, seconds, waits):
    facts = left(at(day, 0) + timedelta(seconds=seconds))
    verdict = decide(CART if waits else DROPS, facts)
    assert verdict.action == "send" or (not waits and verdict.reason == "window")
    if verdict.action == "send":
        local = verdict.due_at.astimezone(PARIS)
        assert 8 <= local.hour < 20
        assert working(local.date())
