"""When messages leave: sending hours, zones, lateness, dates that strangers write."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.automations import timing
from hub.automations.bookings import must_precede
from hub.automations.checks import decide, recheck
from hub.automations.delays import Delay
from hub.automations.document import Automation
from hub.automations.starters import STARTERS
from hub.automations.test_strategies import CASES, NOW, left_at, sendable, with_event

CART = STARTERS["cart-reminder"]
ORDER = replace(CART, kind="transactional")
PERSON = sendable().person
MINUTE = timedelta(minutes=1)
EVE_OF_THE_NATIONAL_DAY = datetime(2026, 7, 13, 17, 30, tzinfo=UTC)


def test_marketing_waits_over_a_public_holiday_and_says_until_when():
    patient = replace(CART, drop_after_minutes=3 * 1440)
    verdict = decide(patient, left_at(EVE_OF_THE_NATIONAL_DAY + timedelta(hours=13)))
    assert verdict.held
    assert verdict.due_at == datetime(2026, 7, 15, 6, 0, tzinfo=UTC)
    assert verdict.sentence == (
        "Waits until Wednesday 15 July at 08:00 in Paris: "
        "Tuesday 14 July is a public holiday in France (Fête nationale)."
    )


def test_the_person_s_own_zone_decides_when_marketing_waits():
    in_martinique = sendable(person=replace(PERSON, zone="America/Martinique"))
    early = left_at(datetime(2026, 6, 10, 8, 0, tzinfo=UTC))
    verdict = decide(CART, replace(early, person=in_martinique.person))
    assert verdict.due_at == datetime(2026, 6, 10, 12, 0, tzinfo=UTC)


def test_a_clock_that_runs_ahead_does_not_postpone_the_message():
    ahead = with_event(occurred_at=NOW + timedelta(days=1), received_at=NOW)
    assert decide(CART, ahead).due_at == NOW + 45 * MINUTE


def test_a_late_event_within_limits_goes_at_once():
    facts = sendable(now=NOW + timedelta(hours=2))
    verdict = decide(CART, facts)
    assert verdict.due_at == facts.now
    assert verdict.sentence == (
        "It leaves Wednesday 10 June at 16:00 in Paris, 1 hour 15 minutes after it was due."
    )


def test_a_reminder_whose_moment_has_gone_is_not_sent():
    booking = Automation(
        "72 hours before", "booking.created", "soon", "transactional",
        delay=Delay(72 * 60, "starts_at", before=True), drop_after_minutes=60,
    )  # fmt: skip
    tomorrow = (NOW + timedelta(days=1)).isoformat()
    assert decide(booking, with_event(data={"starts_at": tomorrow})).reason == "late"
    in_time = (NOW + timedelta(days=4)).isoformat()
    verdict = decide(booking, with_event(data={"starts_at": in_time}))
    assert verdict.due_at == NOW + timedelta(days=1)


@pytest.mark.parametrize("date", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "soon", 7, None])
def test_a_stranger_s_impossible_date_is_answered_in_words(date):
    booking = replace(ORDER, delay=Delay(60, "starts_at"))
    assert decide(booking, with_event(data={"starts_at": date})).reason == "conditions"


def test_just_before_sending_hours_that_have_closed_hold_the_message():
    morning = datetime(2026, 6, 10, 4, 0, tzinfo=UTC)
    held = recheck(CART, replace(left_at(morning), now=morning + 50 * MINUTE))
    assert (held.action, held.due_at) == ("hold", datetime(2026, 6, 10, 6, 0, tzinfo=UTC))
    assert recheck(CART, replace(left_at(morning), now=held.due_at)).action == "send"


def test_just_before_sending_what_is_too_late_is_dropped():
    days_later = sendable(now=NOW + timedelta(days=3))
    assert recheck(CART, days_later).reason == "late"


def test_as_late_as_allowed_is_not_too_late():
    due = NOW + 45 * MINUTE + timedelta(minutes=CART.drop_after_minutes)
    assert recheck(CART, sendable(now=due)).action == "send"
    assert recheck(CART, sendable(now=due + timedelta(seconds=1))).reason == "late"


@settings(max_examples=150, deadline=None)
@given(CASES, st.integers(-3, 300))
def test_what_leaves_now_without_a_word_is_what_every_check_would_let_leave_now(case, late):
    automation, facts = case
    planned = timing.planned_at(automation, facts)
    facts = replace(facts, now=(planned or facts.now) + late * MINUTE)
    then = planned or facts.now
    said = [
        timing.check_due(automation, facts, planned),
        *timing.check_preferred(automation, facts),
        timing.check_window(automation, facts, then),
        timing.check_lateness(automation, facts, then),
    ]
    passes = {check.verdict for check in said} == {"yes"}
    goes = passes and timing.leaves_at(automation, facts) == facts.now
    spoken_of = must_precede(automation, facts) is not None
    assert timing.leaves_now(automation, facts) == (goes and not spoken_of)
