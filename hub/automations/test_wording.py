"""Words for times and values."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.automations.wording import duration, happening, listed, moment, shown


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (45, "45 minutes"),
        (60, "1 hour"),
        (61, "1 hour 1 minute"),
        (1440, "24 hours"),
        (2145, "35 hours 45 minutes"),
        (2880, "2 days"),
    ],
)
def test_a_duration_reads_as_people_say_it(minutes, words):
    assert duration(minutes) == words
    assert duration(timedelta(minutes=minutes)) == words


def test_lists_end_in_a_word():
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b or c"


def test_an_unknown_event_type_is_still_said():
    assert happening("quote.signed") == "quote.signed came"


def test_values_are_short_and_on_one_line():
    assert shown("a\nb") == "«a b»"
    assert len(shown("x" * 500)) == 62
    assert shown({"amount": "25.00", "currency": "EUR"}) == "25.00 EUR"
    assert shown([{"name": "Linen shirt"}, {"name": "Silk scarf"}]) == "«Linen shirt», «Silk scarf»"


def test_a_date_at_the_end_of_time_is_still_written():
    assert moment(datetime.max.replace(tzinfo=UTC), UTC).startswith("Friday 31 December")
