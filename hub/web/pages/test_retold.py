"""Sentences of rooms, told in the reader's language: known by their shape, names left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.web.pages.retold import retold


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("Sent through smsmode; accepted in 120 ms.",
         "Envoyé par smsmode ; accepté en 120 ms."),
        ("Arrived from Maison Lune on 9 June 2026 at 14:02:07, signed.",
         "Arrivé de Maison Lune le 9 juin 2026 à 14:02:07, signé."),
        ("Understood as a cart was left without an order.",
         "Compris comme un panier a été laissé sans commande."),
        ("Understood as «An order was placed»: order 12, 64.90 €.",
         "Compris comme «Une commande a été passée»: commande 12, 64.90 €."),
    ],
)  # fmt: skip
def test_a_sentence_is_told_with_what_stands_in_its_holes(english, french):
    assert retold("fr", english).replace("\u202f", " ").replace("\xa0", " ") == french


def test_what_somebody_called_something_stays():
    said = retold("fr", "Decided by «order» to send: 14 checks, all yes.")
    assert "order" in said
    assert "14 vérifications" in said


def test_words_that_nobody_knows_are_not_joined_by_one_that_is_known():
    said = "Rows of a strange vendor and columns that it added."
    assert retold("de", said) == said


def test_what_nobody_translated_stays_as_it_is():
    assert retold("de", "A vendor's own words, which no catalogue knows.") == (
        "A vendor's own words, which no catalogue knows."
    )


@given(st.text(max_size=200), st.sampled_from(["fr", "es", "it", "de"]))
def test_no_text_is_too_strange_to_be_told(text, language):
    assert isinstance(retold(language, text), str)
