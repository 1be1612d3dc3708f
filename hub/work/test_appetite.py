"""A worker learns how much it can chew."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.work.appetite import LEAST, MOST, Appetite

SOON, LATE = 60.0, 0.0  # seconds within which it should be done


def _take(appetite: Appetite, found: int, within: float) -> None:
    with appetite.bite(within) as bite:
        bite.found = min(found, bite.many)


def test_a_batch_that_is_late_halves_the_next_and_a_full_one_in_time_doubles_it() -> None:
    appetite = Appetite()
    _take(appetite, MOST, LATE)
    assert appetite.many == MOST // 2
    _take(appetite, MOST, SOON)
    assert appetite.many == MOST


def test_a_batch_that_fails_halves_the_next() -> None:
    appetite = Appetite()
    with pytest.raises(ConnectionError), appetite.bite(SOON):
        raise ConnectionError
    assert appetite.many == MOST // 2


def test_a_small_batch_in_time_says_nothing_about_a_large_one() -> None:
    appetite = Appetite(LEAST)
    _take(appetite, LEAST - 1, SOON)
    assert appetite.many == LEAST


@given(st.lists(st.tuples(st.integers(0, MOST), st.sampled_from([SOON, LATE]))))
def test_it_never_starves_and_never_bites_off_more_than_the_most(
    batches: list[tuple[int, float]],
) -> None:
    appetite = Appetite()
    for found, within in batches:
        _take(appetite, found, within)
        assert LEAST <= appetite.many <= MOST
