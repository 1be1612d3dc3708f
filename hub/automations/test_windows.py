"""Sending hours: every day of three years, both changes of clocks, presets, JSON, words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.automations.hours import Closure, Window, holiday_on
from hub.automations.windows import (
    PRESETS,
    DocumentError,
    always,
    as_json,
    hours_in_words,
    next_open,
    open_at,
    parse,
    preset,
    why_closed,
)

PARIS = ZoneInfo("Europe/Paris")
FRANCE = preset("FR")
START = datetime(2026, 1, 1, tzinfo=UTC)
YEARS = st.timedeltas(timedelta(), timedelta(days=3 * 365)).map(lambda since: START + since)
# Every zone here changes its clocks, one of them by half an hour and one at midnight.
ZONES = st.sampled_from(
    ["", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"]
)
HOURS = st.lists(
    st.tuples(st.integers(0, 95), st.integers(1, 96)).filter(lambda s: s[0] < s[1]), max_size=1
).map(lambda spans: tuple((a * 15, b * 15) for a, b in spans))
WINDOWS = st.builds(
    Window,
    st.sampled_from(["Europe/Paris", "Australia/Lord_Howe"]),
    st.tuples(*[HOURS] * 7).filter(any),
    st.sampled_from([None, "FR", "US"]),
)


def paris(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=PARIS, fold=fold)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("clock", "is_open"),
    [
        ((7, 59, 59), False),
        ((8, 0, 0), True),
        ((19, 59, 59), True),
        ((20, 0, 0), False),
    ],
)
def test_hours_end_is_closed_and_their_start_is_open_on_every_day_of_three_years(clock, is_open):
    day = date(2026, 1, 1)
    while day.year < 2029:
        working = day.weekday() != 6 and not holiday_on(FRANCE, day)
        instant = datetime(day.year, day.month, day.day, *clock, tzinfo=PARIS)
        assert open_at(FRANCE, instant) is (is_open and working), instant
        day += timedelta(days=1)


@settings(deadline=None)
@given(YEARS)
def test_in_france_nothing_ever_leaves_on_a_sunday_or_a_holiday(instant):
    local = next_open(FRANCE, instant).astimezone(PARIS)
    assert local.weekday() != 6
    assert not holiday_on(FRANCE, local.date())
    assert 8 <= local.hour < 20


@settings(deadline=None)
@given(WINDOWS, YEARS, ZONES)
def test_the_next_opening_is_open_and_nothing_is_open_before_it(window, instant, zone):
    found = next_open(window, instant, zone)
    assert found >= instant
    assert open_at(window, found, zone)
    step = max((found - instant) / 300, timedelta(minutes=1))
    passing = instant
    while passing < found:
        assert not open_at(window, passing, zone), passing
        passing += step


@settings(deadline=None)
@given(WINDOWS, st.integers(-180, 180), st.sampled_from(["2027-03-28", "2026-10-25"]))
def test_around_a_change_of_clocks_no_minute_of_opening_is_missed(window, minutes, day):
    instant = datetime.fromisoformat(f"{day}T01:00Z") + timedelta(minutes=minutes)
    found = next_open(window, instant, "Europe/Paris")
    passing = instant
    while passing < min(found, instant + timedelta(hours=6)):
        assert not open_at(window, passing, "Europe/Paris"), passing
        passing += timedelta(minutes=1)


def test_a_change_of_clocks_later_in_the_night_does_not_hide_an_earlier_opening():
    sundays = Window("Europe/Paris", ((), (), (), (), (), (), ((0, 195),)))
    assert next_open(sundays, paris(2027, 3, 27, 23, 59)) == paris(2027, 3, 28, 0, 0)


def test_an_opening_in_the_hour_that_is_skipped_moves_to_the_first_instant_after_it():
    nights = Window("Europe/Paris", 7 * (((150, 300),),))  # 02:30 to 05:00
    assert next_open(nights, paris(2027, 3, 28, 1, 0)) == paris(2027, 3, 28, 3, 0)


def test_hours_inside_the_skipped_hour_do_not_exist_that_day():
    nights = Window("Europe/Paris", 7 * (((135, 165),),))  # 02:15 to 02:45
    assert next_open(nights, paris(2027, 3, 28, 1, 0)) == paris(2027, 3, 29, 2, 15)


def test_an_hour_that_comes_twice_opens_at_its_first_pass_and_again_at_its_second():
    nights = Window("Europe/Paris", 7 * (((150, 170),),))  # 02:30 to 02:50
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_open(nights, first - timedelta(minutes=30)) == first
    assert next_open(nights, first + timedelta(minutes=25)) == first + timedelta(hours=1)


def test_the_person_s_own_zone_decides_where_it_is_known():
    noon_in_paris = paris(2026, 6, 10, 12, 0)
    assert open_at(FRANCE, noon_in_paris)
    assert not open_at(FRANCE, noon_in_paris, "America/Martinique")
    assert open_at(FRANCE, noon_in_paris, "not/a zone")


def test_every_instant_is_open_where_there_are_no_hours_to_keep():
    assert open_at(always(), paris(2026, 7, 14, 23, 59))
    assert why_closed(always(), paris(2026, 7, 14, 3, 0)) == ""


@settings(deadline=None)
@given(YEARS)
def test_a_time_that_is_open_is_its_own_next_opening(instant):
    assert next_open(always(), instant) == instant


def test_a_holiday_is_named_in_its_own_language():
    assert why_closed(FRANCE, paris(2026, 7, 14, 10, 0)) == (
        "Tuesday 14 July is a public holiday in France (Fête nationale)."
    )


def test_nothing_is_open_on_a_merchants_own_closed_days_and_it_says_why():
    closed = (Closure(date(2026, 6, 10), date(2026, 6, 12), "Stock-taking"),)
    window = replace(FRANCE, closed=closed)
    assert open_at(window, paris(2026, 6, 9, 19, 59))
    assert not open_at(window, paris(2026, 6, 12, 19, 59))
    assert next_open(window, paris(2026, 6, 9, 20, 0)) == paris(2026, 6, 13, 8, 0)
    assert why_closed(window, paris(2026, 6, 11, 10, 0)) == (
        "Thursday 11 June is one of your closed days (Stock-taking)."
    )


def test_hours_open_after_closings_however_long_they_are_together():
    days = [date(2026, 6, 10) + timedelta(days=120 * n) for n in range(50)]
    closed = tuple(Closure(day, day + timedelta(days=119)) for day in days)
    window = replace(FRANCE, closed=closed)
    assert next_open(window, paris(2026, 6, 10, 9, 0)).date() > closed[-1].last


def test_an_evening_and_a_sunday_say_the_hours():
    hours = "sending hours are 08:00 to 20:00, Monday to Saturday."
    assert why_closed(FRANCE, paris(2026, 7, 10, 21, 14)) == f"It is 21:14 in Paris; {hours}"
    assert why_closed(FRANCE, paris(2026, 7, 12, 10, 0)) == f"It is Sunday in Paris; {hours}"


def test_days_of_the_same_hours_are_said_together():
    assert hours_in_words(preset("IT")) == (
        "09:00 to 20:00, Monday to Friday; 10:00 to 19:00, Saturday"
    )


def test_regional_holidays_count_where_they_are_chosen():
    strasbourg = parse(
        {"zone": "Europe/Paris", "days": {"sat": ["08:00-20:00"]}, "holidays": "FR-57"}
    )
    second_christmas_day = paris(2026, 12, 26, 10, 0)
    assert open_at(FRANCE, second_christmas_day)
    assert not open_at(strasbourg, second_christmas_day)


@pytest.mark.parametrize("name", [*PRESETS, "PT", "SA", "JP", "RE", "AQ"])
def test_every_preset_opens_and_comes_back_from_json(name):
    window = preset(name)
    assert open_at(window, next_open(window, paris(2026, 1, 1, 0, 0)))
    assert parse(as_json(window)) == window
    assert parse({"preset": name}) == window


def test_another_country_gets_careful_hours_on_its_own_working_days():
    riyadh = ZoneInfo("Asia/Riyadh")
    assert not open_at(preset("SA"), datetime(2026, 6, 12, 12, 0, tzinfo=riyadh))  # a Friday
    assert open_at(preset("SA"), datetime(2026, 6, 14, 12, 0, tzinfo=riyadh))  # a Sunday


@settings(deadline=None)
@given(WINDOWS)
def test_own_hours_come_back_from_json(window):
    back = parse(as_json(window))
    assert (back.zone, back.days, back.holidays) == (window.zone, window.days, window.holidays)


@pytest.mark.parametrize(
    ("document", "field", "words"),
    [
        ({"preset": "FR-stric"}, "preset", "Did you mean «FR-strict»?"),
        ({"preset": 3}, "preset", "must be a text."),
        ({"zone": "Europe/Pariss", "days": {}}, "zone", "Did you mean «Europe/Paris»?"),
        ({"zone": "UTC", "days": {}}, "days", "no sending hours at all"),
        ({"zone": "UTC", "days": {"mon": "08:00-20:00"}}, "days.mon", "list of hours"),
        ({"zone": "UTC", "days": {"mon": ["20:00-08:00"]}}, "days.mon", "within one day"),
        ({"zone": "UTC", "days": {"mon": ["08:00-24:01"]}}, "days.mon", "within one day"),
        ({"zone": "UTC", "days": {"mon": ["8-20"]}}, "days.mon", "within one day"),
        ({"zone": "UTC", "days": {"mon": [7]}}, "days.mon", "within one day"),
        ({"zone": "UTC", "days": {"mon": 7}}, "days.mon", "within one day"),
        ({"zone": "UTC", "days": {"mon": ["08:00-12:00", "11:00-13:00"]}}, "days.mon", "overlap"),
        ({"zone": "UTC", "days": {"lundi": []}}, "days.lundi", "is not a field"),
        ({"zone": "UTC", "days": {"mon": []}, "holidays": "FRA"}, "holidays", "two letters"),
        ({"zone": "UTC", "days": {"mon": []}, "holidays": "FR-99"}, "holidays", "not a part"),
    ],
)
def test_wrong_hours_are_refused_by_the_field_s_name(document, field, words):
    with pytest.raises(DocumentError) as refused:
        parse(document)
    assert any(p.field == field and words in p.words for p in refused.value.problems)


def test_hours_that_touch_are_no_overlap():
    touching = {"zone": "UTC", "days": {"mon": ["12:00-14:00", "08:00-12:00"]}}
    assert parse(touching).days[0] == ((480, 720), (720, 840))


def test_a_window_that_never_opens_cannot_be_made():
    with pytest.raises(ValueError, match="at least one day"):
        Window("UTC", 7 * ((),))
