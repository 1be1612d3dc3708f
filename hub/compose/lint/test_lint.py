"""What the linter finds, where, and what it offers; one row a rule."""

from typing import Any

import pytest

from hub.compose.alphabet import is_gsm
from hub.compose.language import compile_template
from hub.compose.lint import Samples, ShopWords, TemplateWords, lint
from hub.contract import VOCABULARY

SHOP = ShopWords("Maison Lune", "36034", "MaisonLune", "FR")
GOOD = "{{ brand }}: {{ first_name|default('dear customer') }}, your cart: {{ cart_url|short }}"


def _found(
    source: str = GOOD, shop: ShopWords = SHOP, kind: str = "marketing", **more: Any
) -> dict[str, Any]:
    words = TemplateWords(
        kind,
        {"fr": source},
        "cart.abandoned",
        transliterate=more.pop("transliterate", True),
        **more,
    )
    return {found.code: found for found in lint(words, shop, Samples()).findings}


def test_a_good_template_is_only_told_of_the_stop_mention():
    found = _found()
    assert list(found) == ["stop_added"]
    assert found["stop_added"].severity == "info"
    assert "«STOP 36034», 11 characters" in found["stop_added"].words
    assert _found(kind="transactional") == {}


@pytest.mark.parametrize(
    ("source", "code", "severity", "underlined"),
    [
        ("{{ brand }}: {{ nobody }} {{ cart_url|short }}", "template", "error", None),
        ("{{ brand }}: {{ first_name|money }} {{ cart_url|short }}", "template", "error", None),
        (GOOD + " STOP 36180", "wrong_stop_code", "error", "36180"),
        (GOOD + " STOP au 36180", "wrong_stop_code", "error", "36180"),
        ("{{ brand }}: 👋 {{ cart_url|short }}", "costly_character", "warning", "👋"),
        ("{{ brand }}: 👨‍👩‍👧 {{ cart_url|short }}", "costly_character", "warning", "👨‍👩‍👧"),
        ("{{ brand }}: 🇫🇷 {{ cart_url|short }}", "costly_character", "warning", "🇫🇷"),
        ("{{ brand }}: {{ cart_url }}", "long_link", "warning", "{{ cart_url }}"),
        (
            "{{ brand }}: see https://shop.example.com/a. Bye",
            "long_link",
            "warning",
            "https://shop.example.com/a",
        ),
        ("{{ brand }}: come and see us", "unlinked_brand", "warning", None),
        ("{{ brand }}: {{ items|first }}" + " {{ cart_url|short }}", "long_values", "", None),
        (
            "{{ first_name }}! {{ brand }} {{ cart_url|short }} {{ coupon }}",
            "no_coupon",
            "error",
            None,
        ),
        ("{{ brand }}: {{ page_url }}", "no_page", "warning", None),
        ("{{ brand }}: {{ cart_url|short }} " + "x" * 470, "too_many_parts", "error", None),
    ],
)
def test_a_finding_is_underlined(source, code, severity, underlined):
    found = _found(source)
    if not severity:
        assert code not in found
        return
    assert found[code].severity == severity
    assert found[code].where == "texts.fr"
    if underlined:
        start, end = found[code].span
        assert source[start:end] == underlined


@pytest.mark.parametrize(
    ("character", "named"),
    [
        ("\u00a0", "An invisible character (no-break space)"),
        ("\u202f", "An invisible character (narrow no-break space)"),
        ("\u200b", "An invisible character (zero width space)"),
        ("’", "«’» (right single quotation mark)"),
        ("ê", "«ê» (latin small letter e with circumflex)"),
        ("«", "««» (left-pointing"),
        ("…", "«…» (horizontal ellipsis)"),
    ],
)
def test_each_costly_character_is_named_and_mended_at_once(character, named):
    source = f"{{{{ brand }}}}: votre{character}panier {{{{ cart_url|short }}}}"
    found = _found(source, transliterate=False)["costly_character"]
    assert named in found.words
    assert source[slice(*found.span)] == character
    assert found.repair is not None
    assert is_gsm(found.repair)
    assert compile_template(found.repair, VOCABULARY["cart.abandoned"].variables + BRAND)
    assert "costly_character" not in _found(source, transliterate=True)


BRAND = tuple(v for v in [VOCABULARY["cart.abandoned"].variable("brand")] if v)


@pytest.mark.parametrize(
    ("words", "mended"),
    [
        ('"cher œil d’ami"', '"cher oeil d\'ami"'),
        ("'cher œil d’ami'", "'cher oeil d’ami'"),  # a quote there would end the constant
    ],
)
def test_costly_words_inside_a_tag_are_mended_without_breaking_it(words, mended):
    source = "{{ brand }} {{ first_name|default(%s) }} {{ cart_url|short }}"
    found = _found(source % words, transliterate=False)["costly_character"]
    assert found.repair == source % mended


def test_a_comment_costs_nothing():
    assert "costly_character" not in _found("{# ê #}" + GOOD, transliterate=False)


def test_names_that_may_be_costly_are_told_once():
    found = _found(GOOD, transliterate=False)
    assert "70 characters" in found["costly_values"].words
    assert "costly_values" not in _found(GOOD, transliterate=True)


@pytest.mark.parametrize(
    ("source", "mended"),
    [
        ("{{ brand }}: {{ cart_url }}", "{{ brand }}: {{ cart_url|short }}"),
        (
            "{{ brand }}: https://a.example/x!",
            '{{ brand }}: {{ "https://a.example/x"|short }}!',
        ),
        (GOOD + " STOP 36180", GOOD + " STOP 36034"),
    ],
)
def test_one_click_mends(source, mended):
    repairs = [found.repair for found in _found(source).values()]
    assert mended in repairs


@pytest.mark.parametrize(
    ("source", "sender", "warned"),
    [
        ("{{ cart_url|short }} your cart", "", True),
        ("{{ cart_url|short }} your cart", "MaisonLune", False),
        ("MAISON LUNE {{ cart_url|short }}", "", False),
        ("{% if first_name %}{{ brand }}{% else %}Us{% endif %} {{ cart_url|short }}", "", True),
    ],
)
def test_every_branch_says_who_writes(source, sender, warned):
    shop = ShopWords("Maison Lune", "36034", sender)
    assert ("no_brand" in _found(source, shop)) is warned


@pytest.mark.parametrize(
    ("source", "warned"),
    [
        ("Hello {{ first_name }}! {{ cart_url|short }} by {{ brand }}", True),
        ("Bonjour {{ first_name }}, {{ brand }} a gardé votre panier {{ cart_url|short }}", False),
        ("Your linen shirt is waiting for you, {{ cart_url|short }} {{ brand }}", False),
        ("{{ brand }}: {{ cart_url|short }}", False),
    ],
)
def test_the_first_words_tell_the_subject(source, warned):
    assert ("no_subject" in _found(source)) is warned


def test_a_long_link_address_is_told():
    assert "35 characters" in _found(shop=ShopWords(link_length=35))["long_domain"].words
    assert "long_domain" not in _found(kind="transactional", shop=ShopWords(link_length=25))


def test_a_code_that_nobody_names_is_told():
    assert "unnamed_coupon" in _found(coupon={"percent": "20", "days": 3})
    named = "{{ brand }}: {{ coupon }} {{ cart_url|short }}"
    assert not {"unnamed_coupon", "no_coupon"} & set(_found(named, coupon={"percent": "20"}))


def test_a_default_of_nobody_is_refused():
    assert _found(defaults={"nix": "x"})["unknown_default"].where == "defaults.nix"


def test_every_branch_is_measured():
    source = "{{ brand }} {% if first_name %}a{% elif last_name %}" + "b" * 160 + "{% endif %}"
    words = TemplateWords("transactional", {"en": source}, transliterate=True, max_parts=1)
    assert [f.code for f in lint(words, SHOP, Samples()).errors] == ["too_many_parts"]
