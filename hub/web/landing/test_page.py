"""Pages made of what happened: what they show, what they refuse to show, and how they are sent."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.web.landing.page import sentence
from hub.web.landing.shown import LAYOUTS, MOST_ITEMS
from hub.web.landing.words import LANGUAGES, words

from .conftest import NOW, SAMPLES

BASKET = SAMPLES["basket"]


def test_every_language_has_every_word_and_every_place_to_fill():
    holes = lambda text: set(re.findall(r"{\w*}", text))  # noqa: E731
    english = words("en")
    for language in LANGUAGES:
        own = words(language)
        assert set(own) == set(english)
        assert all(own[name].strip() for name in own)
        assert {n: holes(own[n]) for n in own} == {n: holes(english[n]) for n in own}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_speaks_the_person_s_language_and_has_one_button(drawn, layout, language):
    page = drawn(layout, language).text
    assert f'<html lang="{language}">' in page
    assert page.count('class="button"') == 1
    assert f'href="3fKx9QbT0a/go" rel="noreferrer">{words(language)[f"{layout}_button"]}<' in page
    assert page.count("<h1") == 1
    assert "36034" in page
    assert words(language)["privacy"] in page


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_page_is_small_and_runs_and_fetches_nothing_of_a_stranger_s(drawn, layout):
    made = drawn(layout)
    assert len(made.text.encode()) < 30_000
    assert "<script" not in made.text
    assert "style=" not in made.text
    policy = made.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "'unsafe-inline'" not in policy
    fetched = re.findall(r'(?:src|href)="([^"]*)"', made.text)
    assert all(address.startswith(("https://shop.", "3fKx9QbT0a/")) for address in fetched)


def test_the_article_that_the_message_speaks_of_comes_first(drawn):
    page = drawn(variables={**BASKET, "first_item": "Silk scarf"}).text
    assert page.index("Silk scarf") < page.index("Linen shirt")


def test_money_and_days_are_written_as_the_language_writes_them(drawn):
    assert "1\u202f264,90\xa0€" in drawn("basket", "fr", _total("1264.90")).text
    assert "1.264,90\xa0€" in drawn("basket", "de", _total("1264.90")).text
    appointment = drawn("appointment", "it").text
    assert "venerdì 12 giugno\n14:30 – 15:15" in appointment
    assert "Tra 2 giorni" in appointment


def _total(amount):
    return {**BASKET, "cart_total": {"amount": amount, "currency": "EUR"}}


@pytest.mark.parametrize(
    ("language", "until", "words"),
    [
        ("en", NOW + timedelta(hours=3, minutes=10), "Until 6:30\u202fPM today, 3\xa0hours left"),
        ("fr", NOW + timedelta(hours=3), "Jusqu’à 18:20 aujourd’hui, encore 3\xa0heures"),
        ("es", NOW + timedelta(minutes=1), "Hasta las 15:21 de hoy, queda 1\xa0minuto"),
        ("de", NOW + timedelta(days=1), "Bis morgen, 15:20, noch 24\xa0Stunden"),
        ("it", NOW + timedelta(days=2, hours=1), "Fino a venerdì alle 16:20, ancora 2\xa0giorni"),
        ("de", NOW + timedelta(days=20), "Bis 30. Juni, noch 20\xa0Tage"),
    ],
)  # fmt: skip
def test_what_is_left_of_a_code_is_said_in_words_and_never_too_much(drawn, language, until, words):
    told = {**BASKET, "coupon": "LUNE-7KQ2MX", "coupon_until": until.isoformat()}
    page = drawn("basket", language, told).text
    assert words in page
    assert "LUNE-7KQ2MX" in page


def test_a_code_that_has_ended_says_so(drawn):
    told = {**BASKET, "coupon": "OLD", "coupon_until": (NOW - timedelta(minutes=1)).isoformat()}
    page = drawn(variables=told).text
    assert "This code has ended." in page
    assert "left" not in page


def test_a_code_that_only_the_hub_kept_is_shown(drawn):
    page = drawn(code="KEPT-1", code_until=NOW + timedelta(hours=5)).text
    assert "KEPT-1" in page
    assert "5\xa0hours left" in page


def test_a_page_that_ends_soon_says_when(drawn):
    assert "2\xa0hours left" not in drawn().text
    assert "Until" not in drawn().text
    assert "2\xa0hours left" in drawn(expires_at=NOW + timedelta(hours=2)).text


def test_an_order_shows_its_number_its_status_and_where_to_pay(drawn):
    told = {"order_number": "1043", "status": "pending", "payment_url": "https://shop.example.com"}
    page = drawn(variables={**told, "order_total": {"amount": "64.90", "currency": "EUR"}}).text
    for shown in ("Your order 1043", "Waiting for payment", "€64.90", "Pay my order"):
        assert shown in page
    assert "waiting-room" in drawn(variables={**told, "status": "waiting-room"}).text


def test_an_appointment_of_yesterday_has_passed(drawn):
    told = {**SAMPLES["appointment"], "starts_at": "2026-06-09T10:00:00Z", "ends_at": None}
    assert "This appointment has passed." in drawn("appointment", variables=told).text


def test_a_long_basket_is_cut_and_says_how_much_more_there_is(drawn):
    items = [{"name": f"Article {n}"} for n in range(MOST_ITEMS + 2)]
    page = drawn(variables={"items": items}).text
    assert page.count("<li") == MOST_ITEMS
    assert "and 2 more articles" in page
    assert len(page.encode()) < 30_000


def test_what_strangers_wrote_is_printed_as_text(drawn):
    evil = "<script>alert(1)</script>\" onerror='x'"
    page = drawn(variables={"items": [{"name": evil, "image": 'https://x"><script>'}]}).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("image", "shown"),
    [
        ("https://shop.example.com/a.jpg", True),
        ("https://hub.example/demo/a.svg", True),
        ("http://shop.example.com/a.jpg", False),
        ("javascript:alert(1)", False),
        ("data:image/svg+xml,x", False),
        ("//shop.example.com/a.jpg", False),
        ("https://user@shop.example.com/a.jpg", False),
        (None, False),
        (7, False),
    ],
)
def test_pictures_come_over_https_or_not_at_all(drawn, image, shown):
    page = drawn(variables={"items": [{"name": "Shirt", "image": image}]}).text
    assert ("<img" in page) is shown
    assert "Shirt" in page


def test_without_a_target_there_is_no_button(drawn):
    assert "class=\"button\"" not in drawn(target="").text  # fmt: skip


def test_a_privacy_address_that_is_none_is_left_out(drawn):
    assert "javascript" not in drawn(privacy_url="javascript:alert(1)").text


def test_an_unknown_layout_follows_what_the_message_holds(drawn):
    assert words("en")["appointment_button"] in drawn(
        variables=SAMPLES["appointment"], page=""
    ).text  # fmt: skip
    assert words("en")["basket_button"] in drawn(variables=BASKET, page="").text


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "amount", "currency",
        "image", "total", "quantity"]), inner, max_size=4)
    ),
    max_leaves=8,
)  # fmt: skip
_NAMES = sorted({name for sample in SAMPLES.values() for name in sample} | {"coupon_until"})


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(st.sampled_from(_NAMES), _JSON), st.sampled_from([*LAYOUTS, ""]))
def test_any_variables_make_a_whole_page(drawn, variables, layout):
    page = drawn("basket", "fr", variables, page=layout).text
    _Whole().feed(page)
    assert page.endswith("</html>")


class _Whole(HTMLParser):
    def handle_starttag(self, tag, attrs):
        assert tag != "script"
        assert not [name for name, _ in attrs if name.startswith("on")]


@pytest.mark.parametrize("what", ["ended", "unknown", "wait"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_is_said_in_every_language(what, language):
    page = sentence(what, 404, language, "Maison <Lune>").get_data(as_text=True)
    assert words(language)[f"{what}_title"] in page
    assert "Maison &lt;Lune&gt;" in page
    assert "href" not in page
