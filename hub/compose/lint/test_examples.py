"""Addresses on example.com are told before anybody gets them."""

from pathlib import Path

import pytest

from hub.compose.gallery import load
from hub.compose.gallery.lint import lines_of
from hub.compose.lint import Finding, Samples, ShopWords, TemplateWords, lint

TEMPLATES = Path(__file__).parents[3] / "templates"


def _found(**parts: object) -> list[Finding]:
    words = TemplateWords(**{"kind": "transactional", "texts": {"fr": "Lune"}, **parts})
    found = lint(words, ShopWords("Lune"), Samples()).findings
    return [one for one in found if one.code == "example_address"]


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ('Aide : {{ "https://example.com/help"|short("support") }}', "https://example.com/help"),
        ("Aide : https://shop.example.org/a?b=1.", "https://shop.example.org/a?b=1"),
        ("Voir www.EXAMPLE.com!", "www.EXAMPLE.com"),
        ("Voir counterexample.com, a@example.com, example.community, example.com.fr", ""),
    ],
)
def test_an_example_in_a_text_is_underlined(source: str, address: str):
    found = _found(texts={"fr": source})
    assert [source[slice(*one.span or (0, 0))] for one in found] == ([address] if address else [])
    assert all((f.severity, f.where, f.channel) == ("warning", "texts.fr", "sms") for f in found)


def test_pictures_buttons_previews_and_defaults_are_looked_at():
    url = "https://example.com/a.jpg"
    cards = [{"title": "x", "media": {"url": url}, "suggestions": [{"open": "y", "url": url}]}]
    found = _found(
        rich={"fr": {"cards": cards}},
        previews={"fr": {"title": "x", "image": url}},
        defaults={"first_name": url},
    )
    assert [(one.where, one.language, one.channel) for one in found] == [
        ("rich.fr.cards[0].media.url", "fr", "rcs"),
        ("rich.fr.cards[0].suggestions[0].url", "fr", "rcs"),
        ("previews.fr.image", "fr", ""),
        ("defaults.first_name", "", ""),
    ]


def test_the_gallery_may_show_examples_and_whoever_takes_one_is_told():
    (scenario,) = (one for one in load(TEMPLATES) if one.slug == "cart-support")
    shipped = [found.code for line in lines_of(scenario) for found in line.findings]
    assert "example_address" not in shipped
    taken = scenario.as_template()
    found = _found(texts=taken["texts"], rich=taken["rich"], event="cart.abandoned")
    assert {one.where for one in found} >= {"texts.fr", "rich.fr.cards[0].media.url"}
