"""Whose clocks count: the record's zone, the number's own, and both in North America."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.automations.checks import decide
from hub.automations.hours import Window, next_open_in, open_at
from hub.automations.places import zones_of_number
from hub.automations.starters import STARTERS
from hub.automations.test_strategies import left_at, sendable
from hub.automations.windows import preset
from hub.automations.zones import zones_of
from hub.store.numbers import zones_of_area

CART = STARTERS["cart-reminder"]
PERSON = sendable().person
CALIFORNIAN = replace(PERSON, country="US", number_zones=("America/Los_Angeles",))


@pytest.mark.parametrize(
    ("number", "country", "zones"),
    [
        ("+13105550123", "US", ("America/Los_Angeles",)),
        ("+12025550123", "US", ("America/New_York",)),
        ("+14165550123", "CA", ("America/Toronto",)),
        ("+15005550123", "US", ()),
        ("nonsense", "US", ()),
        ("+33639980123", "FR", ("Europe/Paris",)),
        ("+262692123456", "RE", ("Indian/Reunion",)),
        ("+34612345678", "ES", ()),
        ("+61412345678", "AU", ()),
        ("+33639980123", "", ()),
    ],
)
def test_a_number_tells_its_zone_where_it_can_be_known(number, country, zones):
    assert zones_of_number(zones_of_area(number), country) == zones


def of(**changes):
    return zones_of(sendable(person=replace(PERSON, **changes)))


def test_the_record_s_zone_comes_before_the_number_s():
    assert of() == ("",)
    assert of(number_zones=("Indian/Reunion",)) == ("Indian/Reunion",)
    assert of(zone="Europe/Paris", number_zones=("Indian/Reunion",)) == ("Europe/Paris",)
    assert of(zone="Mars/Base", number_zones=("Indian/Reunion",)) == ("Indian/Reunion",)
    assert zones_of(sendable(person=None)) == ("",)


def test_in_north_america_both_count_and_the_stricter_wins():
    person = replace(CALIFORNIAN, zone="America/New_York")
    facts = left_at(datetime(2026, 6, 10, 12, 0, tzinfo=UTC))  # 8:00 in New York, 5:00 in LA
    verdict = decide(CART, replace(facts, person=person, window=preset("US")))
    assert verdict.due_at == datetime(2026, 6, 10, 16, 0, tzinfo=UTC)  # 9:00 in Los Angeles
    assert "Los Angeles" in verdict.sentence or "New York" in verdict.sentence
    late = left_at(datetime(2026, 6, 11, 0, 0, tzinfo=UTC))  # 20:00 in New York, 17:00 in LA
    verdict = decide(CART, replace(late, person=person, window=preset("US")))
    assert verdict.due_at == datetime(2026, 6, 11, 16, 0, tzinfo=UTC)


def test_zones_with_no_hours_in_common_are_told_and_nothing_leaves():
    person = replace(CALIFORNIAN, zone="Asia/Dubai")  # eleven hours ahead, in summer
    nights = Window("America/New_York", 7 * (((540, 600),),), country="US")
    facts = left_at(datetime(2026, 6, 10, 12, 0, tzinfo=UTC))
    verdict = decide(CART, replace(facts, person=person, window=nights))
    assert verdict.reason == "window"
    assert "Asia/Dubai and America/Los_Angeles have no sending hours in common" in verdict.sentence


def test_an_opening_in_several_zones_is_open_in_each_and_the_first():
    window, zones = preset("US"), ("America/New_York", "America/Los_Angeles")
    instant = datetime(2026, 3, 6, 0, 0, tzinfo=UTC)
    while instant < datetime(2026, 3, 10, tzinfo=UTC):  # over a change of clocks
        found = next_open_in(window, instant, zones)
        open_now = all(open_at(window, instant, zone) for zone in zones)
        assert all(open_at(window, found, zone) for zone in zones)
        assert (found == instant) is open_now
        instant += timedelta(minutes=30)
