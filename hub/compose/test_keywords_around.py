"""Replies: numbers, sentences, and what stands around a word."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hub.compose.keywords import Keyword, choice, read

CODE = "36034"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1), ("2", 2), (" 3 ", 3), ("2.", 2), ("2!", 2), ("(1)", 1), ("#2", 2), ("n° 2", 2),
        ("N°2", 2), ("nº2", 2), ("number 2", 2), ("Option 1", 1), ("2 please", 2), ("2, merci", 2),
        ("1\ufe0f\u20e3", 1), ("２", 2), ("②", 2), ("Nummer 3", 3),
        ("", 0), ("0", 0), ("12", 0), ("14", 0), ("1 2", 0), ("1 or 2", 0), ("no 2", 0),
        ("NON 1", 0), ("2 personnes", 0), ("at 2", 0), ("2pm", 0), ("14:30", 0), ("2h", 0),
        ("1er", 0), ("nous serons 3", 0), ("two", 0), ("1" * 400, 0), ("-1", 1),
        ("YES", 0), ("½", 0),
    ],
)  # fmt: skip
def test_a_reply_that_is_a_number_alone_is_a_choice(text, number):
    assert choice(text) == number


def test_a_number_after_stop_needs_to_be_the_workspaces_own():
    assert read("STOP 36034") is Keyword.OTHER
    assert read("STOP 36034", "36180") is Keyword.OTHER
    assert read("STOP 36034", "36 034") is Keyword.STOP


def test_a_stop_code_that_is_a_link_changes_nothing():
    assert read("STOP", "https://rls.example/s") is Keyword.STOP
    assert read("a stop", "https://rls.example/s") is Keyword.OTHER


words = st.text(st.characters(categories=["L"]), min_size=2, max_size=8)


@given(st.lists(words, min_size=2, max_size=10), st.integers(0, 10), st.booleans())
def test_a_sentence_that_contains_stop_is_not_a_stop(others, place, capitals):
    assume(any(read(word) is not Keyword.STOP for word in others))
    sentence = [*others[:place], "STOP" if capitals else "stop", *others[place:]]
    assert read(" ".join(sentence), CODE) is not Keyword.STOP


@given(st.text())
def test_any_text_is_read_without_fault(text):
    assert isinstance(read(text, CODE), Keyword)
    assert 0 <= choice(text) <= 9
