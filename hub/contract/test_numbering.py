"""The quick look says what the whole way says, or nothing."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.contract import NotAPhone, Phone
from hub.contract import values as whole
from hub.contract.numbering import plain_mobile

_MOBILE = phonenumbers.PhoneNumberType.MOBILE
_REGIONS = [
    region
    for region in sorted(phonenumbers.SUPPORTED_REGIONS)
    if phonenumbers.example_number_for_type(region, _MOBILE)
]


def _the_whole_way(digits, country):
    """(E.164, country, kind) without the quick look, or None where it is no phone."""
    try:
        found = whole.read_slowly(digits, country)
    except NotAPhone:
        return None
    return found.e164, found.country, found.kind


def _agree(digits, country):
    quick = plain_mobile(digits, country)
    if quick is not None:
        assert _the_whole_way(digits, country) == (*quick, "mobile"), digits
    return quick


def _example(region):
    made = phonenumbers.example_number_for_type(region, _MOBILE)
    return str(made.country_code), phonenumbers.national_significant_number(made)


@pytest.mark.parametrize("form", ["+{code}{own}", "{own}", "0{own}", "1{own}", "{code}{own}"])
def test_the_mobile_of_every_country_is_read_as_the_whole_way_reads_it(form):
    for region in _REGIONS:
        code, own = _example(region)
        _agree(form.format(code=code, own=own), region)


@settings(max_examples=400, deadline=None)
@given(
    region=st.sampled_from(_REGIONS),
    changes=st.lists(st.tuples(st.integers(0, 14), st.sampled_from("0123456789")), max_size=4),
    lead=st.sampled_from(["", "0", "1", "8", "00", "15", "code", "+"]),
    more=st.sampled_from(["", "0", "7"]),
)
def test_a_number_bent_in_a_few_places_is_read_alike_or_left_to_the_whole_way(
    region, changes, lead, more
):
    code, own = _example(region)
    bent = list(own)
    for place, digit in changes:
        bent[place % len(bent)] = digit
    number = "".join(bent) + more
    lead = {"code": code, "+": f"+{code}"}.get(lead, lead)
    _agree(lead + number, region)


@pytest.mark.parametrize(
    ("digits", "country", "e164"),
    [
        ("+12125550142", "", "+12125550142"),
        ("2125550142", "US", "+12125550142"),
        ("0639980001", "FR", None),  # kept for examples: phonenumbers calls it none, the hub knows
    ],
)
def test_what_is_plain_takes_the_quick_way(digits, country, e164):
    found = plain_mobile(digits, country)
    assert (found and found[0]) == e164


def test_phones_are_read_the_same_as_before():
    assert Phone.parse("(212) 555-0142", "US") == Phone("+12125550142", "US", "mobile")
    assert Phone.parse("06 39 98 00 01", "FR") == Phone("+33639980001", "FR", "mobile")
