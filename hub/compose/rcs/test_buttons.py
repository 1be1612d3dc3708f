"""Buttons of an RCS message: each kind made for one person, each link with its own label."""

from typing import Any

import pytest

from hub.compose.declared import variables_for
from hub.compose.rcs.cards import CardErrors, compose, read
from hub.contract import VOCABULARY
from hub.contract.rich import AddToCalendar, Dial, Rich, ShowPlace


def _made(document: Any, event: str) -> tuple[Rich, list[tuple[str, str]]]:
    asked: list[tuple[str, str]] = []

    def shorten(address: str, label: str) -> str:
        asked.append((label, address))
        return f"https://s.example/{len(asked)}"

    rich = compose(
        read(document, variables_for(event)),
        VOCABULARY[event].sample(),
        language="fr",
        zone="Europe/Paris",
        defaults={},
        shorten=shorten,
        issue=lambda kind, word: f"{kind}/{word}",
    )
    return rich, asked


def test_every_kind_of_button():
    document = {
        "text": "{{ title }}",
        "suggestions": [
            {"dial": "Appeler", "phone": "+33 6 39 98 01 23"},
            {"place": "Y aller", "latitude": 48.8, "longitude": 2.3, "label": "{{ place }}"},
            {"calendar": "Noter", "title": "{{ title }}", "from": "starts_at", "to": "ends_at"},
            {"calendar": "Noter", "title": "{{ title }}", "from": "starts_at"},
        ],
    }
    rich, _ = _made(document, "booking.created")
    dial, place, whole, open_end = rich.suggestions
    assert dial == Dial("Appeler", "dial/Appeler", "+33639980123")
    assert place == ShowPlace("Y aller", "place/Y aller", 48.8, 2.3, "12 Garden Street")
    assert isinstance(whole, AddToCalendar)
    assert (whole.starts_at, whole.ends_at) == (
        "2026-06-12T14:30:00+02:00",
        "2026-06-12T15:15:00+02:00",
    )
    assert open_end.ends_at == "2026-06-12T15:30:00+02:00"


def test_a_link_for_help_is_labelled_support_and_the_others_by_number():
    document = {
        "text": "Votre panier",
        "suggestions": [
            {"open": "Panier", "url": "{{ cart_url }}"},
            {"open": "Aide", "url": "https://shop.example/help", "kind": "support"},
            {"open": "Boutique", "url": "https://shop.example/"},
        ],
    }
    rich, asked = _made(document, "cart.abandoned")
    assert [label for label, _ in asked] == ["open:1", "support", "open:3"]
    assert [one.postback for one in rich.suggestions] == [
        "open/Panier",
        "open/Aide",
        "open/Boutique",
    ]


@pytest.mark.parametrize("kind", ["sales", 7, ["support"], None])
def test_another_kind_of_link_is_refused(kind: Any):
    button = {"open": "Aide", "url": "https://shop.example/help", "kind": kind}
    with pytest.raises(CardErrors) as wrong:
        read({"text": "x", "suggestions": [button]}, variables_for())
    (problem,) = wrong.value.problems
    assert problem == ("suggestions[0].kind", "The kind is «support», or is left out.")
