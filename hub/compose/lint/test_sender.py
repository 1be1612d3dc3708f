"""Findings about the sender: fixed words, and templates in every branch."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.compose.lint import Finding, Samples, ShopWords, TemplateWords, lint
from hub.compose.sender import is_name, sender_of

SHOP = ShopWords("Maison Lune", "36034", "MaisonLune", "FR")
NOBODY = Samples()
CALLED = "{{ first_name|truncate_gsm(6)|default('Chez') }} Lune"
TEXT = "{{ brand }}: your cart: {{ cart_url|short }}"


def _found(
    sender: str = "", shop: ShopWords = SHOP, samples: Samples = NOBODY, **more: Any
) -> dict[str, Finding]:
    words = TemplateWords(
        "marketing",
        {"fr": more.pop("text", TEXT)},
        "cart.abandoned",
        sender=sender,
        transliterate=True,
        **more,
    )
    return {found.code: found for found in lint(words, shop, samples).findings}


@pytest.mark.parametrize(
    ("sender", "more", "code"),
    [
        ("AB", {}, "sender_shape"),
        ("Maison Lune 1", {}, "sender_shape"),
        ("Maison-Lune", {}, "sender_shape"),
        ("MaisonLune", {"expects_replies": True}, "sender_without_replies"),
        ("0639980123", {}, "sender_06_07"),
        ("+33739980123", {}, "sender_06_07"),
        ("+33939980123", {}, None),
        ("36034", {"expects_replies": True}, None),
        ("Lune", {}, None),
        ("", {"expects_replies": True}, "sender_without_replies"),
    ],
)
def test_the_sender_fits_what_is_asked_of_it(sender, more, code):
    errors = [f.code for f in _found(sender, **more).values() if f.severity == "error"]
    assert errors == ([code] if code else [])


def test_a_french_mobile_may_send_elsewhere():
    belgian = ShopWords("Maison Lune", "", "", "BE")
    assert "sender_06_07" not in _found("+33639980123", belgian)


@pytest.mark.parametrize(
    ("sender", "wrong"),
    [
        ("{{ brand|upper|truncate_gsm(11) }}", ""),
        ("{{ brand }}", ""),
        (CALLED, ""),
        ("{% if first_name %}Lune{% else %}LuneShop{% endif %}", ""),
        ("{{ brand }} Paris", "can have 17 characters"),
        ("{{ first_name }}", "can have 20 characters"),
        ("{{ first_name|truncate_gsm(11) }}", "can be «Ma»"),
        ("{% if first_name %}Lune{% endif %}", "can be «»"),
        ("{% if first_name %}Lune{% else %}La boutique Lune{% endif %}", "can have 16 characters"),
        ("{{ item_count }} 00", "can be «2 00»"),
        ("{{ nobody }}", "«nobody» is not a variable"),
        ("{{ brand", "cannot be read"),
    ],
)
def test_a_template_for_the_sender_fits_in_every_branch(sender: str, wrong: str):
    errors = [f for f in _found(sender).values() if f.severity == "error"]
    assert len(errors) == bool(wrong)
    assert all(wrong in found.words and found.where == "sender" for found in errors)


def test_a_real_value_that_is_too_long_counts():
    seen = Samples(({"coupon": "LUNE-7KQ2MX9-AUTUMN"},))
    sender = "{{ coupon|default('Lune') }}"
    assert "12 characters" in _found(sender)["sender_shape"].words
    assert "19 characters" in _found(sender, samples=seen)["sender_shape"].words


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_a_sender_without_a_finding_is_a_name_for_everybody(first_name: str):
    made = sender_of(CALLED, {"first_name": first_name}, language="fr", zone="UTC", defaults={})
    assert is_name(made)


def test_nobody_answers_a_name_that_is_filled_in():
    assert "sender_without_replies" in _found("{{ brand }}", expects_replies=True)


def test_a_sender_that_shows_the_brand_says_who_writes():
    unnamed = "Votre panier vous attend : {{ cart_url|short }}"
    assert "no_brand" not in _found("{{ brand|truncate_gsm(11) }}", text=unnamed)
    assert "no_brand" in _found("{{ first_name|truncate_gsm(6) }} Lune", text=unnamed)
