"""Steps before a date: absolute minutes, calendar days on the place's clock, and their names."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.automations.delays import Delay, Step, delay_of
from hub.automations.document import DocumentError, as_json, parse, sentence
from hub.automations.starters import STARTERS

PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)
REMINDER = {
    "name": "Reminder",
    "trigger": {"event": "booking.upcoming"},
    "delay": {
        "before": "starts_at",
        "steps": [{"days": 1}, {"days": 1, "at": "18:00"}, {"minutes": 180}],
    },
    "send": {"template": "booking-reminder", "kind": "transactional"},
}
ZONES = ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
CLOCKS = ["", "00:00", "01:59", "02:00", "02:30", "03:00", "18:00", "23:59"]


def by_walking(anchor, zone, days, clock, before):
    """The same by looking at the clock on the wall, minute after minute."""
    local = anchor.astimezone(zone)
    day = local.date() + (-days if before else days) * timedelta(days=1)
    hour, minute = map(int, clock.split(":")) if clock else (local.hour, local.minute)
    wanted = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - a wall clock
    instant = wanted.replace(tzinfo=UTC) - timedelta(hours=15)
    shown = instant.astimezone(zone).replace(tzinfo=None)
    while shown != wanted:
        following = (instant + MINUTE).astimezone(zone).replace(tzinfo=None)
        if shown < wanted < following:  # skipped: as long after the skip as into it
            return instant + (wanted - shown)
        instant, shown = instant + MINUTE, following
    return instant


@given(
    minute=st.integers(0, 366 * 1440),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    days=st.integers(0, 9),
    clock=st.sampled_from(CLOCKS),
    before=st.booleans(),
    changing=st.sampled_from([None, "03-29T00:00", "10-25T00:00", "03-08T06:00", "10-03T15:00"]),
)
def test_days_are_counted_on_the_clock_of_the_place(minute, zone, days, clock, before, changing):
    anchor = datetime(2026, 1, 1, tzinfo=UTC) + minute * MINUTE
    if changing:  # nearer to a change of clocks
        anchor = datetime.fromisoformat(f"2026-{changing}Z") + (minute % (6 * 1440)) * MINUTE
    due = Step(0, days, clock).from_anchor(anchor, zone, before)
    assert due == by_walking(anchor, zone, days, clock, before)


@given(st.datetimes(timezones=st.sampled_from(ZONES).map(ZoneInfo)), st.integers(0, 90 * 1440))
def test_minutes_are_absolute_whatever_the_clocks_do(anchor, minutes):
    anchor = replace_year(anchor)
    due = Step(minutes).from_anchor(anchor, PARIS, before=True)
    assert anchor.astimezone(UTC) - due == minutes * MINUTE


def replace_year(anchor):
    return anchor.replace(year=2026, day=min(anchor.day, 28))


@pytest.mark.parametrize(
    ("start", "step", "due"),
    [
        # Sunday 29 March: 02:00 becomes 03:00. Sunday 25 October: 03:00 becomes 02:00.
        ("2026-03-29T14:30:00+02:00", Step(0, 1), "2026-03-28T14:30:00+01:00"),
        ("2026-10-25T14:30:00+01:00", Step(0, 1), "2026-10-24T14:30:00+02:00"),
        ("2026-03-30T02:30:00+02:00", Step(0, 1), "2026-03-29T03:30:00+02:00"),  # never shown
        ("2026-10-26T02:30:00+01:00", Step(0, 1), "2026-10-25T02:30:00+02:00"),  # shown twice
        ("2026-10-25T02:30:00+01:00", Step(0, 1), "2026-10-24T02:30:00+02:00"),
        ("2026-03-29T04:00:00+02:00", Step(180), "2026-03-29T00:00:00+01:00"),
        ("2026-03-30T09:00:00+02:00", Step(0, 1, "18:00"), "2026-03-29T18:00:00+02:00"),
        ("2026-06-12T14:30:00+02:00", Step(0, 0, "08:00"), "2026-06-12T08:00:00+02:00"),
    ],
)
def test_the_days_on_which_clocks_change(start, step, due):
    found = step.from_anchor(datetime.fromisoformat(start), PARIS, before=True)
    assert found == datetime.fromisoformat(due)


@given(
    st.builds(
        Delay,
        st.just(0),
        st.sampled_from(["starts_at", "ends_at", "occurred_at"]),
        st.booleans(),
        st.tuples(
            st.builds(Step, st.integers(0, 9999))
            | st.builds(Step, st.just(0), st.integers(0, 90), st.sampled_from(["", "18:00"]))
        ),
    )
)
def test_a_step_is_known_by_its_name(delay):
    assert delay_of(delay.key(0)) == delay


@pytest.mark.parametrize(
    "text", ["", "1d", "-1d", "-1x:starts_at", "order:12", "-1d@6:00:starts_at"]
)
def test_what_is_no_step_s_name_names_none(text):
    assert delay_of(text) is None


def test_steps_come_back_from_json_in_their_order():
    reminder = parse(REMINDER)
    assert reminder.delay.steps == (Step(0, 1), Step(0, 1, "18:00"), Step(180))
    assert reminder.drop_after_minutes == 60
    assert reminder.once_per == "slot"
    assert as_json(reminder)["delay"] == REMINDER["delay"]
    assert sentence(reminder) == (
        "When a booking stands ahead, 1 day, 1 day (at 18:00) and 3 hours before starts_at send "
        "«booking-reminder», once per slot."
    )


def test_one_step_may_still_be_written_in_minutes():
    one = parse({**REMINDER, "delay": {"minutes": 180, "before": "starts_at"}})
    assert one.delay.plan == (Step(180),)
    assert one.delay.key(0) == STARTERS["booking-reminder"].delay.key(1)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"delay": {"before": "starts_at", "steps": []}}, "delay.steps", "1 to 10 steps"),
        (
            {"delay": {"before": "starts_at", "minutes": 5, "steps": [{"days": 1}]}},
            "delay.minutes",
            "beside «steps»",
        ),
        (
            {"delay": {"before": "starts_at", "steps": [{"days": 0}]}},
            "delay.steps[0].at",
            "missing",
        ),
        (
            {"delay": {"before": "starts_at", "steps": [{"days": 1, "at": "25:00"}]}},
            "delay.steps[0].at",
            "such as «18:00»",
        ),
        ({"delay": {"before": "starts_at", "steps": [{}]}}, "delay.steps[0].minutes", "missing"),
        (
            {"delay": {"before": "starts_at", "steps": [{"days": 1}, {"days": 1}]}},
            "delay.steps",
            "twice",
        ),
        ({"delay": {"steps": [{"days": 1}]}}, "delay.after", "missing"),
        ({"trigger": {"event": "booking.created"}}, "delay.steps", "are for «booking.upcoming»"),
        ({"once_per": "subject"}, "once_per", "must be «slot»"),
    ],
)
def test_a_wrong_step_is_named(changes, field, words):
    with pytest.raises(DocumentError) as refused:
        parse({**REMINDER, **changes})
    assert words in {p.field: p.words for p in refused.value.problems}[field]


def test_a_slot_is_known_of_bookings_alone():
    order = {**as_json(STARTERS["order-confirmed"]), "once_per": "slot"}
    with pytest.raises(DocumentError, match="is for bookings"):
        parse(order)
    confirmed = replace(STARTERS["booking-confirmation"], once_per="slot")
    assert parse(as_json(confirmed)) == confirmed
