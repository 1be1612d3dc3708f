"""RCS content in smsmode's form, and read back from it as a phone would."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.contract import (
    AddToCalendar,
    Answer,
    Card,
    Dial,
    Media,
    OpenUrl,
    Outgoing,
    Phone,
    Rich,
    ShowPlace,
)

from .rich import Unfit, body_of, validity_of
from .simulated.cards import rich_of, validate_body

_WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=25)
_POSTBACK = st.text("abcdef0123456789", min_size=1, max_size=40)
_DEGREES = st.floats(-90, 90)
_SUGGESTION = st.one_of(
    st.builds(Answer, _WORDS, _POSTBACK),
    st.builds(OpenUrl, _WORDS, _POSTBACK, st.just("https://shop.example.com/b/1")),
    st.builds(Dial, _WORDS, _POSTBACK, st.just("+33639980100")),
    st.builds(ShowPlace, _WORDS, _POSTBACK, _DEGREES, _DEGREES, st.just("") | _WORDS),
    st.builds(
        AddToCalendar,
        _WORDS,
        _POSTBACK,
        _WORDS,
        st.just("2026-06-12T14:30:00+02:00"),
        st.just("2026-06-12T15:00:00+02:00"),
        st.just("") | _WORDS,
    ),
)
_MEDIA = st.builds(
    Media,
    st.just("https://shop.example.com/vase.jpg"),
    st.just("image/jpeg"),
    st.sampled_from(["short", "medium", "tall"]),
    st.sampled_from(["", "https://shop.example.com/small.jpg"]),
)
_CARD = st.builds(
    Card,
    _WORDS,
    st.just("") | _WORDS,
    st.none() | _MEDIA,
    st.lists(_SUGGESTION, max_size=4).map(tuple),
)
_BELOW = st.lists(_SUGGESTION, max_size=11).map(tuple)
_CONTENTS = st.one_of(
    st.builds(Rich, text=_WORDS | st.just("a" * 161) | st.just("a" * 3072), suggestions=_BELOW),
    st.builds(Rich, cards=st.tuples(_CARD), suggestions=_BELOW),
    st.builds(Rich, cards=st.lists(_CARD, min_size=2, max_size=10).map(tuple), suggestions=_BELOW),
)


def _message(rich, **more):
    return Outgoing("ref-1", Phone("+33639980101", "FR"), "Hi", "GSM7", False, rich=rich, **more)


@settings(max_examples=settings().max_examples // 2)
@given(_CONTENTS)
def test_what_is_sent_is_what_a_phone_shows(rich):
    body = body_of(_message(rich))
    validate_body(body)
    assert rich_of(body) == rich


def test_short_text_without_suggestions_is_basic_and_any_other_is_a_text():
    assert body_of(_message(Rich("a" * 160))) == {"type": "BASIC", "text": "a" * 160}
    assert body_of(_message(Rich("a" * 161)))["type"] == "TEXT"
    tapped = body_of(_message(Rich("Hi", suggestions=(Answer("Yes", "p-1"),))))
    assert tapped == {
        "type": "TEXT",
        "text": "Hi",
        "suggestions": [{"type": "REPLY", "text": "Yes", "postbackData": "p-1"}],
    }


def test_message_without_content_says_its_text():
    assert body_of(_message(None)) == {"type": "BASIC", "text": "Hi"}


def test_text_beside_a_card_has_no_form():
    with pytest.raises(Unfit, match="move the text into the card"):
        body_of(_message(replace(Rich(cards=(Card("Title"),)), text="Beside it")))


@pytest.mark.parametrize(
    ("within", "seconds"),
    [
        (timedelta(seconds=1), 30),
        (timedelta(minutes=5), 300),
        (timedelta(hours=48), 172_800),
        (timedelta(days=30), 172_800),
    ],
)
def test_validity_stays_within_what_smsmode_takes(within, seconds):
    assert validity_of(within) == {"amount": seconds, "timeUnit": "SECONDS"}
