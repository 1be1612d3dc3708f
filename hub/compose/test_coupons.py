"""What a code is worth: terms in a line or as an object, kept in one form or refused in words."""

import pytest

from hub.compose.coupons import NotACoupon, checked, coupon_from


@pytest.mark.parametrize(
    ("line", "terms"),
    [
        ("percent 20, days 3", {"percent": "20", "days": 3}),
        (
            "amount 5.50, currency EUR, days 10, shared yes, prefix LUNE",
            {"amount": "5.50", "currency": "EUR", "days": 10, "shared": True, "prefix": "LUNE"},
        ),
    ],
)
def test_terms_are_read_from_a_line_and_stay_what_they_are(line, terms):
    assert coupon_from(line) == terms
    assert checked(terms) == terms


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("free, days 3", "«free» is not known"),
        ("days 3", "either «percent» or «amount»"),
        ("percent 5, amount 5, days 3", "either «percent» or «amount»"),
        ("percent 0, days 3", "«percent» is out of range"),
        ("percent 101, days 3", "«percent» is out of range"),
        ("percent NaN, days 3", "is not a number"),
        ("percent 1.234, days 3", "at most two decimals"),
        ("amount 5, days 3", "needs its currency"),
        ("amount 5, currency euros, days 3", "needs its currency"),
        ("percent 5", "for how many days"),
        ("percent 5, days 900", "for how many days"),
        ("percent 5, days 3, prefix lune!", "1 to 8 capitals and digits"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(line, words):
    with pytest.raises(NotACoupon, match=words):
        coupon_from(line)
