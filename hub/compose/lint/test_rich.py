"""Findings about RCS: limits, the SMS beneath, the way to leave, the price."""

from typing import Any

import pytest

from hub.compose.lint import Finding, Samples, ShopWords, TemplateWords, lint

SHOP = ShopWords("Maison Lune", "36034", "MaisonLune", "FR")
TEXT = "{{ brand }}: your cart: {{ cart_url|short }}"


def _found(
    rich: dict[str, Any], shop: ShopWords = SHOP, kind: str = "marketing", **more: Any
) -> dict[str, Finding]:
    words = TemplateWords(
        kind, {"fr": TEXT}, "cart.abandoned", rich=rich, transliterate=True, **more
    )
    return {found.code: found for found in lint(words, shop, Samples()).findings}


@pytest.mark.parametrize(
    ("rich", "more", "code", "where"),
    [
        ({"fr": {"text": "x"}}, {"shop": ShopWords(has_agent=False)}, "no_agent", "rich"),
        ({"de": {"text": "x"}}, {}, "no_fallback", "rich.de"),
        ({"fr": {"text": "x"}}, {"has_fallback": False}, "no_fallback", "rich.fr"),
        ({"fr": {"text": "x" * 161}}, {}, "rich_not_basic", "rich.fr.text"),
        ({"fr": {"cards": [{}]}}, {}, "rich_limits", "rich.fr.cards[0]"),
        ({"fr": {"text": "{{ coupon }}"}}, {}, "no_coupon", "rich.fr"),
        ({"fr": {"text": "x" * 160}}, {}, None, ""),
    ],
)
def test_rcs_has_its_own_rules(rich, more, code, where):
    found = _found(rich, **more)
    if code is None:
        assert not [one for one in found.values() if one.channel == "rcs"]
    else:
        assert found[code].where == where


def test_each_language_needs_its_own_sms_beneath():
    rich = {language: {"text": "x"} for language in ("fr", "de", "it")}
    words = TemplateWords("transactional", {"fr": TEXT}, rich=rich)
    found = [f for f in lint(words, SHOP, Samples()).errors if f.code == "no_fallback"]
    assert [(f.where, f.language) for f in found] == [("rich.de", "de"), ("rich.it", "it")]


def _buttons(n: int, text: str = "x") -> dict[str, Any]:
    return {"fr": {"text": text, "suggestions": [{"answer": f"Oui {i}"} for i in range(n)]}}


@pytest.mark.parametrize(
    ("rich", "kind", "full"),
    [
        (_buttons(10), "marketing", False),
        (_buttons(11), "marketing", True),
        (_buttons(11), "transactional", False),
        (_buttons(11, "Pour ne plus rien recevoir : STOP"), "marketing", False),
        (_buttons(11, "{{ first_name }}"), "marketing", True),
    ],
)
def test_marketing_leaves_room_for_the_stop_button(rich, kind, full):
    found = _found(rich, kind=kind)
    assert ("no_room_for_stop" in found) is full
    if full:
        assert found["no_room_for_stop"].where == "rich.fr.suggestions"


def test_each_language_is_billed_at_the_price_of_rcs():
    prices = {("sms", "FR"): (45_000, "EUR"), ("rcs", "FR"): (60_000, "EUR")}
    shop = ShopWords(country="FR", prices=prices)
    rich = {"fr": {"text": "x" * 500}, "en": {"text": "y"}}
    words = TemplateWords("transactional", dict.fromkeys(rich, TEXT), rich=rich)
    bills = [b for b in lint(words, shop, Samples()).bills if b.channel == "rcs"]
    assert [(b.language, b.largest.micros, b.largest.count.parts) for b in bills] == [
        ("fr", 60_000, 1),
        ("en", 60_000, 1),
    ]
