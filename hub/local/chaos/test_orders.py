"""Whoever knows the seed knows every order, and what becomes of its delivery."""

from collections import Counter

import pytest

from hub.contract import Phone
from hub.local.chaos.load import Drive, parcels_of
from hub.local.chaos.orders import fate, is_polled, number_in, phone_of


def test_what_is_lost_on_the_way_is_found_by_the_poll():
    lost = [n for n in range(2000) if fate(7, n) == "lost"]
    assert 20 < len(lost) < 70
    assert all(is_polled(7, n) for n in lost)


def test_most_deliveries_come_once():
    fates = Counter(fate(7, n) for n in range(2000))
    assert fates["once"] > 1700
    assert set(fates) == {"once", "twice", "lost", "polled too"}


def test_every_number_can_be_written_to_and_is_nobodys():
    for n in (0, 9_999, 10_000, 10_999, 11_000):
        phone = Phone.parse(phone_of(n))
        assert phone.e164.startswith(("+3363998", "+447700900"))
    assert phone_of(11_000) == phone_of(0)


def test_a_text_names_its_order():
    assert number_in("Order 12 of €25.00 is ready.") == 12
    with pytest.raises(ValueError, match="names no order"):
        number_in("You are off the list.")


def test_deliveries_hold_every_order_exactly_once():
    drive = Drive("127.0.0.1", 1, "/", "k", seed=3, first=100, last=900)
    told = [n for first, last in parcels_of(drive) for n in range(first, last)]
    assert told == list(range(100, 900))
    assert max(last - first for first, last in parcels_of(drive)) > 1
