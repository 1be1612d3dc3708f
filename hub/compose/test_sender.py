"""The sender for one person: fixed words untouched, a template filled and fitted, or a reason."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.compose.faults import MissingVariable, TemplateError
from hub.compose.sender import UnfitSender, is_name, sender_of

SHORTENED = "{{ brand|upper|truncate_gsm(11) }}"


def _sender(source: str, **values: Any) -> str:
    return sender_of(source, values, language="fr", zone="Europe/Paris", defaults={})


@pytest.mark.parametrize("source", ["", "Lune", "+33939980123", "36034", "Maison-Lune"])
def test_fixed_words_come_back_as_they_are(source: str):
    assert _sender(source) == source


@pytest.mark.parametrize(
    ("source", "brand", "sender"),
    [
        (SHORTENED, "Maison Lune", "MAISON LUNE"),
        (SHORTENED, "Boulangerie des Sœurs", "BOULANGE"),
        ("{{ brand }}", "Été à Nîmes", "Ete a Nimes"),
        ("{{ brand }}", "L’Œuf & Co", "L OEuf Co"),
        ("{{ brand }}", "Große Sußßß", "Grosse Suss"),
        ("{% if brand == 'x' %}Lune{% else %}Autre{% endif %}", "x", "Lune"),
    ],
)
def test_a_template_becomes_a_name_that_carriers_take(source: str, brand: str, sender: str):
    assert _sender(source, brand=brand) == sender


@pytest.mark.parametrize(
    ("source", "brand", "error"),
    [
        ("{{ brand }}", "Boulangerie des Sœurs", UnfitSender),
        (SHORTENED, "Jo", UnfitSender),
        (SHORTENED, "12345", UnfitSender),
        (SHORTENED, "寿司", UnfitSender),
        (SHORTENED, None, MissingVariable),
        ("{{ nobody }}", "Lune", TemplateError),
    ],
)
def test_what_is_no_name_is_a_reason_and_never_sent(source: str, brand: Any, error: Any):
    with pytest.raises(error):
        _sender(source, brand=brand)


@given(st.text(max_size=40))
def test_whatever_the_brand_there_is_a_name_or_a_reason(brand: str):
    try:
        sender = _sender(SHORTENED, brand=brand)
    except (UnfitSender, MissingVariable):
        return
    assert is_name(sender)
