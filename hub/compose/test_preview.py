"""The excerpt on a locked screen, and the words a screen reader says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.compose.preview import describe, lock_screen


def test_a_short_message_shows_whole():
    assert lock_screen("Maison Lune: done.") == "Maison Lune: done."


def test_a_long_message_is_cut_between_words():
    text = "Maison Lune: your basket is still waiting for you, finish here"
    assert lock_screen(text) == "Maison Lune: your basket is still…"


def test_a_single_long_word_is_cut_inside():
    assert lock_screen("x" * 60) == "x" * 39 + "…"


def test_line_breaks_show_as_spaces():
    assert lock_screen("Maison Lune\nYour order") == "Maison Lune Your order"


def test_a_word_that_ends_at_the_edge_is_kept():
    assert lock_screen("a" * 30 + " " + "b" * 8 + " more words") == "a" * 30 + " " + "b" * 8 + "…"


@given(st.text())
def test_an_excerpt_is_one_line_of_at_most_forty_characters(text):
    shown = lock_screen(text)
    assert len(shown) <= 40
    assert "\n" not in shown


@pytest.mark.parametrize(
    ("text", "sender", "words"),
    [
        ("a" * 132, "MARQUE", "SMS from MARQUE, 132 characters, 1 part"),
        ("a" * 161, "MARQUE", "SMS from MARQUE, 161 characters, 2 parts"),
        ("a", "", "SMS, 1 character, 1 part"),
        ("€", "36180", "SMS from 36180, 2 characters, 1 part"),
    ],
)
def test_the_description_says_sender_length_and_parts(text, sender, words):
    assert describe(text, sender) == words
