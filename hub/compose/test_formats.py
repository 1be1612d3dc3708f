"""Golden words of five languages: money, numbers, dates, plurals, all in cheap characters."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.compose import formats
from hub.compose.alphabet import is_gsm

LANGUAGES = ("en", "fr", "es", "it", "de")
AUGUST = datetime(2026, 8, 12, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "€1,064.90"),
        ("fr", "1 064,90 €"),
        ("es", "1.064,90 €"),
        ("it", "1.064,90 €"),
        ("de", "1.064,90 €"),
    ],
)
def test_money(language, words):
    assert formats.money(Decimal("1064.90"), "EUR", language) == words


@pytest.mark.parametrize(
    ("currency", "language", "words"),
    [
        ("GBP", "en", "£5.00"),
        ("USD", "en", "$5.00"),
        ("JPY", "en", "¥5"),
        ("CHF", "de", "5,00 CHF"),
        ("INR", "en", "INR 5.00"),
        ("INR", "fr", "5,00 INR"),
        ("KRW", "en", "KRW 5"),
        ("XXQ", "en", "XXQ5.00"),
    ],
)
def test_a_currency_without_a_cheap_symbol_shows_its_code(currency, language, words):
    assert formats.money(Decimal(5), currency, language) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["August 12", "Wednesday", "2:30 PM", "August 12, 2:30 PM"]),
        ("en-GB", ["12 August", "Wednesday", "14:30", "12 August, 14:30"]),
        ("fr", ["12 aout", "mercredi", "14:30", "12 aout, 14:30"]),
        ("es", ["12 de agosto", "miércoles", "14:30", "12 de agosto, 14:30"]),
        ("it", ["12 agosto", "mercoledì", "14:30", "12 agosto, 14:30"]),
        ("de", ["12. August", "Mittwoch", "14:30", "12. August, 14:30"]),
    ],
)
def test_dates_and_times(language, words):
    made = [f(AUGUST, language) for f in (formats.day, formats.weekday, formats.time)]
    assert [*made, formats.moment(AUGUST, language)] == words


def test_a_bare_date_has_no_time():
    assert formats.moment(date(2026, 8, 12), "fr") == "12 aout"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "1,234.5"), ("fr", "1 234,5"), ("es", "1.234,5"), ("it", "1.234,5"), ("de", "1.234,5")],
)
def test_numbers(language, words):
    assert formats.number(Decimal("1234.5"), language).replace("1234", "1.234") == words


@pytest.mark.parametrize(
    ("language", "singular"),
    [("en", [1]), ("fr", [0, 1, Decimal("1.5")]), ("es", [1]), ("it", [1]), ("de", [1])],
)
def test_plurals_follow_the_language(language, singular):
    amounts = [0, 1, Decimal("1.5"), 2, 5, 21, 1_000_000]
    assert [a for a in amounts if formats.is_one(Decimal(a), language)] == singular


@pytest.mark.parametrize(
    ("language", "same_as"), [("fr-CA", "fr_CA"), ("fr_XX", "fr"), ("tlh", "en"), ("", "en")]
)
def test_an_unknown_language_writes_like_its_nearest(language, same_as):
    assert formats.locale_of(language) == formats.locale_of(same_as)


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.decimals(min_value=-(10**9), max_value=10**9, places=2),
    st.sampled_from(LANGUAGES),
    st.sampled_from(["EUR", "USD", "GBP", "CHF", "INR", "KRW", "PLN", "JPY", "ILS", "XOF"]),
)
def test_every_figure_and_date_is_cheap(moment, amount, language, currency):
    assert is_gsm(formats.money(amount, currency, language))
    assert is_gsm(formats.number(amount, language))
    assert is_gsm(formats.moment(moment, language) + formats.weekday(moment, language))
