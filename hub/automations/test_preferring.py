"""The preferred hour: waited for inside sending hours, where it still comes in time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.automations.checks import decide, recheck
from hub.automations.starters import STARTERS
from hub.automations.test_strategies import left_at, sendable
from hub.automations.windows import open_at, preset

CART = replace(STARTERS["cart-reminder"], drop_after_minutes=1440)
PARIS = ZoneInfo("Europe/Paris")
START = datetime(2026, 1, 1, tzinfo=UTC)


def paris(*parts):
    return datetime(*parts, tzinfo=PARIS).astimezone(UTC)


def decided(hour, *parts, **changes):
    return decide(replace(CART, preferred_hour=hour, **changes), left_at(paris(*parts)))


def test_it_waits_for_the_next_time_that_hour_comes():
    assert decided(18, 2026, 6, 10, 9, 0).due_at == paris(2026, 6, 10, 18, 0)
    assert decided(9, 2026, 6, 10, 12, 0).due_at == paris(2026, 6, 11, 9, 0)
    verdict = decided(18, 2026, 6, 10, 9, 0)
    told = [c.sentence for c in verdict.checks if c.data["check"] == "preferred"]
    assert told == [
        "It goes at the hour that is preferred: Wednesday 10 June at 18:00 in Paris.",
    ]
    assert not verdict.held


def test_within_that_hour_it_goes_at_once():
    verdict = decided(18, 2026, 6, 10, 17, 40)
    assert verdict.due_at == paris(2026, 6, 10, 18, 25)


def test_a_sunday_and_a_holiday_have_no_preferred_hour():
    patient = {"drop_after_minutes": 4 * 1440}
    assert decided(10, 2026, 7, 11, 12, 0, **patient).due_at == paris(2026, 7, 13, 10, 0)
    assert decided(10, 2026, 7, 13, 12, 0, **patient).due_at == paris(2026, 7, 15, 10, 0)


def test_where_it_would_be_too_late_it_goes_as_soon_as_hours_are_open():
    hurried = {"drop_after_minutes": 120}
    verdict = decided(18, 2026, 6, 10, 9, 0, **hurried)
    assert verdict.due_at == paris(2026, 6, 10, 9, 45)
    told = [c.sentence for c in verdict.checks if c.data["check"] == "preferred"]
    assert told == [
        "No 18:00 in sending hours comes before it would be too late; it does not wait."
    ]
    assert decided(22, 2026, 6, 10, 9, 0).due_at == paris(2026, 6, 10, 9, 45)


def test_what_is_dropped_outside_hours_may_still_wait_for_its_hour():
    evening = decided(10, 2026, 6, 10, 21, 0, window="drop")
    assert (evening.action, evening.due_at) == ("send", paris(2026, 6, 11, 10, 0))
    assert decided(None, 2026, 6, 10, 21, 0, window="drop").reason == "window"


def test_order_messages_never_wait_for_an_hour():
    order = replace(CART, kind="transactional", preferred_hour=18)
    facts = left_at(paris(2026, 6, 10, 9, 0))
    assert decide(order, facts).due_at == facts.now + timedelta(minutes=45)


def test_after_a_delay_it_waits_for_the_next_one_or_goes():
    shop = replace(CART, preferred_hour=18)
    facts = left_at(paris(2026, 6, 10, 9, 0))
    missed = recheck(shop, replace(facts, now=paris(2026, 6, 10, 19, 10)))
    assert (missed.action, missed.due_at) == ("send", paris(2026, 6, 10, 19, 10))
    patient = replace(shop, drop_after_minutes=3 * 1440)
    held = recheck(patient, replace(facts, now=paris(2026, 6, 10, 19, 10)))
    assert (held.action, held.due_at) == ("hold", paris(2026, 6, 11, 18, 0))


@settings(deadline=None, max_examples=80)
@given(
    st.integers(0, 3 * 365 * 24 * 4).map(lambda quarters: START + timedelta(minutes=15) * quarters),
    st.integers(0, 23),
    st.sampled_from(["", "America/New_York", "Australia/Lord_Howe"]),
    st.integers(0, 4000),
)
def test_it_leaves_in_open_hours_and_stays_decided(instant, hour, zone, late):
    shop = replace(CART, preferred_hour=hour, drop_after_minutes=late)
    facts = replace(left_at(instant), automation_live_since=None)
    facts = replace(facts, person=replace(sendable().person, zone=zone), window=preset("FR"))
    verdict = decide(shop, facts)
    assert verdict.reason in ("", "late")
    if verdict.action == "send":
        assert open_at(facts.window, verdict.due_at, zone)
        assert recheck(shop, replace(facts, now=verdict.due_at)).action == "send"
        if verdict.due_at.astimezone(ZoneInfo(zone or "Europe/Paris")).hour != hour:
            plain = decide(replace(shop, preferred_hour=None), facts)
            assert verdict.due_at == plain.due_at
