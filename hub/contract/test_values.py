"""Phone numbers: which kinds a text message may go to, and what is said of the others."""

import pytest

from hub.contract.values import NotAPhone, Phone


@pytest.mark.parametrize(
    ("number", "kind", "country"),
    [
        ("+33 6 39 98 01 23", "mobile", "FR"),
        ("+44 7700 900123", "mobile", "GB"),
        ("+1 202 555 0123", "mobile", "US"),
        ("+33 1 99 00 12 34", "landline", "FR"),
    ],
)
def test_mobiles_and_landlines_are_read(number, kind, country):
    phone = Phone.parse(number)
    assert (phone.kind, phone.country) == (kind, country)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("+870 773 111 632", "satellite"),
        ("+881 612 345 678", "satellite"),
        ("+882 161 111 111", "satellite"),
        ("+883 510 012 3456", "satellite"),
        ("+878 101 234 567 890", "satellite"),
        ("+979 123 456 789", "a premium-rate number"),
        ("+33 8 99 12 34 56", "a premium-rate number"),
        ("+33 8 10 12 34 56", "a shared-cost number"),
        ("+808 1234 5678", "a shared-cost number"),
        ("+33 8 01 23 45 67", "a free-call number"),
        ("+1 800 555 0123", "a free-call number"),
        ("+33 9 75 12 34 56", "an internet telephone number"),
        ("+33 8 09 12 34 56", "a company's call number"),
        ("+44 7640 123456", "a pager"),
        ("+1 555 0123", "not a phone number of its country"),
        ("", "No phone number was given"),
    ],
)
def test_each_other_kind_is_refused_in_its_own_words(number, said):
    with pytest.raises(NotAPhone) as refused:
        Phone.parse(number)
    assert said in str(refused.value)
    assert str(refused.value).endswith(".")
