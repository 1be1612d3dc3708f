"""RCS content in Google's form, and back as a phone reads it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.contract import AddToCalendar, Answer, Card, Dial, Media, OpenUrl, Rich, ShowPlace

from .rich import content_of
from .simulated import forms
from .simulated.problems import Problem

_TRAFFIC = {"messageTrafficType": "TRANSACTION"}
_label = st.text(st.characters(codec="utf-8"), min_size=1, max_size=25)
_words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)
_postback = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
_url = st.sampled_from(["https://example.com/a?b=c&d=é", "https://example.com/x"])
_degrees = st.floats(-90, 90, allow_nan=False)
_taps = st.one_of(
    st.builds(Answer, _label, _postback),
    st.builds(OpenUrl, _label, _postback, _url),
    st.builds(Dial, _label, _postback, st.just("+33639980101")),
    st.builds(ShowPlace, _label, _postback, _degrees, _degrees, st.just("") | _words),
    st.builds(
        AddToCalendar,
        *(_label, _postback, _words),
        *(st.just("2026-06-12T14:30:00+02:00"), st.just("2026-06-12T15:30:00Z")),
        st.just("") | _words,
    ),
)
_media = st.one_of(
    st.builds(
        Media,
        st.just("https://example.com/a.jpg?w=3"),
        st.just("image/jpeg"),
        st.sampled_from(["short", "medium", "tall"]),
        st.sampled_from(["", "https://example.com/s.png"]),
    ),
    st.just(Media("https://example.com/film.mp4", "video/mp4", "tall")),
)
_card = st.builds(
    Card, _words, st.just("") | _words, st.none() | _media, st.tuples() | st.tuples(_taps)
)
_below = st.lists(_taps, max_size=11).map(tuple)
_rich = st.one_of(
    st.builds(Rich, _words, st.just(()), _below),
    st.builds(Rich, st.just(""), st.tuples(_card), _below),
    st.builds(Rich, st.just(""), st.lists(_card, min_size=2, max_size=10).map(tuple), _below),
)


def _shown(rich, **files):
    return forms.message({"contentMessage": content_of(rich), **_TRAFFIC}, files)


@settings(max_examples=60)
@given(_rich)
def test_whatever_is_sent_is_shown_as_it_was_meant(rich):
    assert _shown(rich) == rich


def test_message_is_written_in_googles_form():
    card = Card("Scarf", "Wool", Media("https://example.com/a.png", "image/png", "tall"))
    rich = Rich(cards=(card,), suggestions=(OpenUrl("Buy", "p-1", "https://example.com/b"),))
    assert content_of(rich) == {
        "richCard": {
            "standaloneCard": {
                "cardOrientation": "VERTICAL",
                "cardContent": {
                    "title": "Scarf",
                    "description": "Wool",
                    "media": {
                        "height": "TALL",
                        "contentInfo": {"fileUrl": "https://example.com/a.png"},
                    },
                },
            }
        },
        "suggestions": [
            {
                "action": {
                    "text": "Buy",
                    "postbackData": "p-1",
                    "openUrlAction": {"url": "https://example.com/b"},
                }
            }
        ],
    }


@pytest.mark.parametrize(
    ("rich", "words"),
    [
        (Rich(), "empty"),
        (Rich("Look", (Card("Scarf"),)), "either a text or cards"),
        (Rich(cards=(Card("Scarf"),) * 11), "at most 10 cards"),
        (Rich(cards=(Card("Map", media=Media("https://x.example", "image/webp")),)), "image/webp"),
    ],
)
def test_what_google_could_not_show_whole_is_told_in_words(rich, words):
    with pytest.raises(ValueError, match=words):
        content_of(rich)


@pytest.mark.parametrize(
    "rich",
    [
        Rich("x" * 3073),
        Rich("Hi", suggestions=(Answer("x" * 26, "p"),)),
        Rich("Hi", suggestions=(Answer("Yes", "p"),) * 12),
        Rich("Hi", suggestions=(Answer("Yes", "x" * 2049),)),
        Rich("Hi", suggestions=(Dial("Call", "p", "call us"),)),
        Rich("Hi", suggestions=(ShowPlace("Go", "p", 91.0, 0.0),)),
        Rich("Hi", suggestions=(AddToCalendar("Note", "p", "Cut", "2026-06-12", "2026-06-13"),)),
        Rich(cards=(Card(),)),
        Rich(cards=(Card("Scarf", suggestions=(Answer("Yes", "p"),) * 5),)),
        Rich(cards=(Card("x" * 201),)),
    ],
)
def test_simulator_refuses_what_google_refuses(rich):
    with pytest.raises(Problem) as told:
        _shown(rich)
    assert told.value.code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"contentMessage": {"text": "Hi", "html": "<b>"}},
        {"messageTrafficType": "MARKETING"},
        {"ttl": "4h"},
        {"ttl": "1296001s"},
        {"contentMessage": None},
    ],
)
def test_simulator_refuses_forms_that_google_does_not_know(change):
    good = {"contentMessage": {"text": "Hi"}, **_TRAFFIC, "ttl": "60s"}
    assert forms.message(good, {}) == Rich("Hi")
    with pytest.raises(Problem):
        forms.message(good | change, {})
