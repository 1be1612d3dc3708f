"""RCS content there and back: every shape Twilio carries, and every one it would cut."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import AddToCalendar, Answer, Card, Dial, Media, OpenUrl, Rich, ShowPlace

from .contents import document
from .rich import Unsupported, content_of
from .simulated.screen import shown
from .simulated.templates import Templates

PICTURE = Media("https://shop.example.com/p/a.jpg?w=600", "image/jpeg")
YES = Answer("Yes", "0191d3a2-yes")
SHOP = OpenUrl("Shop", "0191d3a2-open", "https://go.example.com/Ab3dE5fG7h")
CALL = Dial("Call", "0191d3a2-dial", "+33639980123")
PLACE = ShowPlace("Map", "p", 45.76, 4.84, "Lyon")
DATE = AddToCalendar("Add", "p", "Cut", "2026-06-12T14:30:00+02:00", "2026-06-12T15:00:00+02:00")
FULL = Card("Robe", "Blue,\nsize 38 — 45,00 €", PICTURE, (YES, SHOP))

said = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), max_size=300)
known = st.text(st.characters(exclude_characters="{}", categories=["L", "N", "P"]), min_size=1)
label = st.text("abcdé ☺", min_size=1, max_size=25)
address = known.map(lambda end: f"https://go.example.com/{end}")
button = st.one_of(
    st.builds(Answer, label, known),
    st.builds(OpenUrl, label, known, address),
    st.builds(Dial, label, known, st.just("+33639980123")),
)
buttons = st.lists(button, max_size=4).map(tuple)
picture = st.builds(Media, address.map(lambda url: f"{url}.jpg"), st.just("image/jpeg"))
texts = st.builds(
    Rich, text=said.filter(bool), suggestions=st.lists(button, min_size=1, max_size=11).map(tuple)
)
single = st.builds(Card, st.text("ab☺", max_size=200), said, picture, buttons)
cards = st.builds(Rich, cards=single.map(lambda one: (one,)), suggestions=buttons)


def carousel(count):
    one = st.builds(
        Card,
        st.text("ab☺", max_size=40),
        said.filter(bool),
        picture,
        st.tuples(st.builds(Answer, label, known)),
    )
    return st.builds(Rich, cards=st.lists(one, min_size=count, max_size=count).map(tuple))


def there_and_back(rich):
    """Through Twilio's own form, as the simulator keeps it and fills it in."""
    content = content_of(rich)
    templates = Templates()
    made = templates.create(document("0" * 64, content))
    return shown(templates.filled(made["sid"], json.dumps(content.values)))


@given(st.one_of(texts, cards, carousel(2), carousel(10)))
def test_every_shape_comes_back_as_it_was(rich):
    assert there_and_back(rich) == rich


@pytest.mark.parametrize("height", ["short", "medium", "tall"])
@pytest.mark.parametrize("own", [(), (YES,), (YES, SHOP, CALL, YES)])
def test_card_keeps_its_height_and_its_own_buttons_apart_from_those_below(height, own):
    card = Card("Robe", "", replace(PICTURE, height=height), own)
    rich = Rich(cards=(card,), suggestions=(SHOP, CALL))
    assert there_and_back(rich) == rich


def test_card_without_a_picture_stays_a_card_by_its_button():
    rich = Rich(cards=(Card("Your table", "At eight", None, (YES,)),))
    assert there_and_back(rich) == rich


def test_plain_text_is_no_template():
    assert content_of(Rich("Good day")) is None


def cart_of(name):
    own = (Answer("Yes", name), OpenUrl("Shop", name, f"https://b.example.com/{name}"))
    media = replace(PICTURE, url=f"https://a.example.com/{name}.jpg")
    return content_of(Rich(cards=(Card(name, f"For {name}", media, own),)))


def test_what_differs_from_person_to_person_is_in_the_blanks():
    zoe, max_ = cart_of("Zoë"), cart_of("Max")
    assert zoe.types == max_.types
    assert set(zoe.values.values()) == {"Zoë", "For Zoë", "Zoë.jpg"}
    assert "Zoë" not in json.dumps(document("0" * 64, zoe), ensure_ascii=False)


@pytest.mark.parametrize("odd", ["a\nb", "x" * 256, "tab\there"])
def test_text_that_fits_no_blank_stands_in_the_template(odd):
    content = content_of(Rich(odd, suggestions=(YES,)))
    assert content.types["twilio/card"]["body"] == odd
    assert there_and_back(Rich(odd, suggestions=(YES,))).text == odd


@pytest.mark.parametrize(
    ("rich", "words"),
    [
        (Rich("Where", suggestions=(PLACE,)), "shows a place"),
        (Rich("When", suggestions=(YES, DATE)), "adds to a calendar"),
        (Rich(cards=(replace(FULL, suggestions=(PLACE,)),)), "shows a place"),
        (Rich("x" * 1601), "1600 characters"),
        (Rich("x", suggestions=(YES,) * 12), "11 suggestions"),
        (Rich("Hello {{1}}"), "two braces"),
        (Rich("Hello", suggestions=(Answer("{{x}}", "p"),)), "two braces"),
        (Rich(cards=(Card("Only a title"),)), "without a picture"),
        (Rich(cards=(replace(FULL, suggestions=(YES,) * 5),)), "4 buttons"),
        (Rich(cards=(FULL, FULL), suggestions=(YES,)), "below a carousel"),
        (Rich(cards=(FULL, replace(FULL, media=None))), "a picture and a text"),
        (Rich(cards=(FULL, replace(FULL, text=""))), "a picture and a text"),
        (Rich(cards=(FULL, replace(FULL, suggestions=()))), "one or two buttons"),
        (Rich(cards=(FULL, replace(FULL, suggestions=(YES,) * 3))), "one or two buttons"),
        (Rich(cards=(FULL, replace(FULL, suggestions=(SHOP, YES)))), "in one order"),
    ],
)
def test_what_twilio_would_cut_is_refused_in_words(rich, words):
    with pytest.raises(Unsupported, match=words):
        content_of(rich)
