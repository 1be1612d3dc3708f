"""RCS made for one person: text, card, carousel, buttons; what cannot be made falls back."""

from typing import Any

import pytest

from hub.compose.declared import variables_for
from hub.compose.faults import MissingVariable, RenderError, UnfitValue
from hub.compose.rcs.cards import CardErrors, NoItems, compose, read
from hub.contract import VOCABULARY
from hub.contract.rich import Answer, Media, OpenUrl, rich_of

SAMPLE = VOCABULARY["cart.abandoned"].sample()
BOOKED = VOCABULARY["booking.created"].sample()
CAROUSEL = {
    "cards": {
        "each": "items",
        "card": {
            "title": "{{ item.name }}",
            "text": "{{ item.total|money }}",
            "media": {"url": "{{ item.image }}", "height": "tall"},
            "suggestions": [{"open": "See it", "url": "{{ item.url }}"}],
        },
    },
    "suggestions": [{"open": "See the cart", "url": "{{ cart_url }}"}],
}


def _made(document: Any, values: Any = SAMPLE, event: str = "cart.abandoned") -> Any:
    asked: list[tuple[str, str]] = []

    def shorten(address: str, label: str) -> str:
        asked.append((label, address))
        return f"https://s.example/{len(asked)}"

    rich = compose(
        read(document, variables_for(event)),
        values,
        language="fr",
        zone="Europe/Paris",
        defaults={},
        shorten=shorten,
        issue=lambda kind, word: f"{kind}/{word}",
    )
    return rich, asked


def test_a_text_with_answers():
    document = {
        "text": "Bonjour {{ first_name }}, {{ cart_url|short }}",
        "suggestions": [{"answer": "Oui", "means": "YES"}, {"answer": "Non, {{ first_name }}"}],
    }
    rich, asked = _made(document)
    assert (rich.kind, rich.text) == ("text", "Bonjour Zoë, https://s.example/1")
    assert rich.suggestions == (
        Answer("Oui", "answer/YES"),
        Answer("Non, Zoë", "answer/Non, Zoë"),
    )
    assert asked == [("cart_url", SAMPLE["cart_url"])]


def test_items_become_a_carousel_and_every_button_has_its_own_link():
    rich, asked = _made(CAROUSEL)
    assert rich.kind == "carousel"
    assert [(c.title, c.text) for c in rich.cards] == [
        ("Linen shirt", "39,90 €"),
        ("Silk scarf", "25,00 €"),
    ]
    picture = Media("https://shop.example.com/img/shirt.jpg", "image/jpeg", "tall")
    assert rich.cards[0].media == picture
    assert [label for label, _ in asked] == ["open:1", "open:2", "open:3"]
    assert rich.suggestions == (
        OpenUrl("See the cart", "open/See the cart", "https://s.example/3"),
    )


def test_one_item_is_a_card_and_none_falls_back():
    one = SAMPLE | {"items": SAMPLE["items"][:1]}
    assert _made(CAROUSEL, one)[0].kind == "card"
    for nothing in ([], None):
        with pytest.raises(NoItems, match="nothing in «items»"):
            _made(CAROUSEL, SAMPLE | {"items": nothing})


def test_more_than_ten_items_are_cut_to_ten():
    many = SAMPLE | {"items": SAMPLE["items"] * 8}
    assert len(_made(CAROUSEL, many)[0].cards) == 10


@pytest.mark.parametrize(
    "image", [None, "", "http://shop.example.com/a.jpg", "https://a.example/x.svg", "no address"]
)
def test_an_item_without_a_usable_picture_is_a_card_without_one(image):
    bare = [{**SAMPLE["items"][0], "image": image}, SAMPLE["items"][1]]
    rich, _ = _made(CAROUSEL, SAMPLE | {"items": bare})
    assert [card.media is None for card in rich.cards] == [True, False]


def test_a_card_without_picture_or_title_falls_back():
    document = {"cards": [{"media": {"url": "{{ cart_url }}"}}]}
    with pytest.raises(RenderError, match="neither a picture nor a title"):
        _made(document, SAMPLE | {"cart_url": "http://plain.example/a.jpg"})


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"first_name": None}, MissingVariable),
        ({"cart_url": None}, MissingVariable),
        ({"cart_url": "javascript:alert(1)"}, UnfitValue),
        ({"first_name": "x" * 30}, RenderError),
    ],
)
def test_what_a_person_lacks_falls_back_with_a_reason(values, error):
    document = {
        "text": "Your cart",
        "suggestions": [
            {"open": "Go, {{ first_name }}", "url": "{{ cart_url }}"},
        ],
    }
    with pytest.raises(error):
        _made(document, SAMPLE | values)


def test_a_strangers_words_are_never_expanded():
    rich, _ = _made({"text": "[{{ first_name }}]"}, SAMPLE | {"first_name": "{{ cart_url }}"})
    assert rich.text == "[{{ cart_url }}]"


def test_what_is_composed_survives_its_row():
    rich, _ = _made(CAROUSEL)
    assert rich_of(rich.as_json()) == rich


def test_the_names_a_document_uses_are_known():
    assert read(CAROUSEL, variables_for("cart.abandoned")).names == {"items", "cart_url"}


LONG = "x" * 201
WRONG: list[tuple[Any, dict[str, str]]] = [
    ([], {"": "must be an object"}),
    ({}, {"": "Write either «text» or «cards»"}),
    ({"text": "a", "cards": []}, {"": "Write either", "cards": "There is no card"}),
    ({"text": ""}, {"text": "Write words"}),
    ({"text": "{{ nobody }}"}, {"text": "«nobody» is not a variable"}),
    ({"text": "a", "colour": 1}, {"colour": "not known"}),
    ({"text": "x" * 3073}, {"text": "RCS shows 3072"}),
    ({"cards": [{"title": "a"}] * 11}, {"cards": "There are 11, and RCS shows 10"}),
    ({"cards": [{"text": "a"}]}, {"cards[0]": "needs a title or a picture"}),
    ({"cards": [{"title": LONG}]}, {"cards[0].title": "up to 201 characters"}),
    ({"cards": [{"title": "a", "text": "x" * 2001}]}, {"cards[0].text": "RCS shows 2000"}),
    (
        {"cards": {"each": "first_name", "card": {"title": "a"}}},
        {"cards.each": "Name a list of the event: items"},
    ),
    (
        {"cards": {"each": "items", "card": {"media": {"url": "{{ item.image }}"}}}},
        {"cards.card.title": "an item may have no picture"},
    ),
    (
        {"cards": {"each": "items", "card": {"title": "{{ item.colour }}"}}},
        {"cards.card.title": "«item.colour» does not exist"},
    ),
    ({"cards": [{"title": "{{ item.name }}"}]}, {"cards[0].title": "«name.field»"}),
    (
        {"cards": [{"title": "a", "media": {"url": "http://a.example/a", "type": "text/html"}}]},
        {"cards[0].media.url": "begins with https://", "cards[0].media.type": "does not show"},
    ),
    (
        {"cards": [{"title": "a", "media": {"url": "https://a.example/a.svg", "height": "huge"}}]},
        {"cards[0].media.url": "this kind of file", "cards[0].media.height": "short, medium or"},
    ),
    (
        {"cards": [{"title": "a", "suggestions": [{"answer": "b"}] * 5}]},
        {"cards[0].suggestions": "There are 5, and RCS shows 4"},
    ),
    ({"text": "a", "suggestions": [{"answer": "b"}] * 12}, {"suggestions": "RCS shows 11"}),
    ({"text": "a", "suggestions": [{}]}, {"suggestions[0]": "one of answer, open"}),
    (
        {"text": "a", "suggestions": [{"answer": "x" * 26}]},
        {"suggestions[0].answer": "up to 26 characters"},
    ),
    (
        {"text": "a", "suggestions": [{"answer": "{{ first_item }}"}]},
        {"suggestions[0].answer": "cut a variable with truncate_gsm"},
    ),
    (
        {"text": "a", "suggestions": [{"open": "b", "url": "http://a.example"}]},
        {"suggestions[0].url": "begins with https://"},
    ),
    (
        {"text": "a", "suggestions": [{"open": "b", "url": "{{ cart_url|short }}"}]},
        {"suggestions[0].url": "made short by itself"},
    ),
    (
        {"text": "a", "suggestions": [{"dial": "b", "phone": "0639980123"}]},
        {"suggestions[0].phone": "with + and its country"},
    ),
    (
        {"text": "a", "suggestions": [{"place": "b", "latitude": 91, "longitude": 0}]},
        {"suggestions[0].latitude": "Degrees from -90 to 90"},
    ),
    (
        {"text": "a", "suggestions": [{"calendar": "b", "title": "c", "from": "cart_id"}]},
        {"suggestions[0].from": "a variable that is a time"},
    ),
]


@pytest.mark.parametrize(("document", "problems"), WRONG)
def test_every_problem_is_named_by_its_path(document, problems):
    with pytest.raises(CardErrors) as wrong:
        read(document, variables_for("cart.abandoned"))
    found = dict(wrong.value.problems)
    assert set(found) == set(problems)
    assert all(words in found[path] for path, words in problems.items()), found
