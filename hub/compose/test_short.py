"""«short» makes links of addresses, each with its label, and nothing else may touch them."""

import pytest

from hub.compose.language import TemplateError, render

CART = "https://rls.example/c/4fT9aLq2Zx"


def _shortened(check, values, source, **changed):
    asked = []

    def shorten(address, label):
        asked.append((address, label))
        return f"https://s.example/{len(asked)}"

    text = render(
        check(source), values | changed, language="en", zone="Europe/Paris", shorten=shorten
    ).text
    return text, asked


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ("{{ cart_url|short }}", (CART, "cart_url")),
        ('{{ cart_url|short("support") }}', (CART, "support")),
        ('{{ "https://a.example/x?y=1"|short }}', ("https://a.example/x?y=1", "link")),
        ('{{ "https://a.example/x"|short("support") }}', ("https://a.example/x", "support")),
    ],
)
def test_an_address_becomes_a_short_one_with_its_label(check, values, source, asked):
    assert _shortened(check, values, source) == ("https://s.example/1", [asked])


def test_two_links_are_told_apart(check, values):
    text, asked = _shortened(check, values, '{{ cart_url|short }} {{ cart_url|short("support") }}')
    assert text == "https://s.example/1 https://s.example/2"
    assert [label for _, label in asked] == ["cart_url", "support"]


def test_the_default_of_a_link_is_made_short_too(check, values):
    source = '{{ cart_url|short|default("https://shop.example.com") }}'
    text, asked = _shortened(check, values, source, cart_url=None)
    assert (text, asked) == ("https://s.example/1", [("https://shop.example.com", "cart_url")])
    words = '{{ cart_url|short|default("our shop") }}'
    assert _shortened(check, values, words, cart_url=None) == ("our shop", [])


def test_nobody_to_shorten_leaves_the_address(say):
    assert say("{{ cart_url|short }}") == CART
    assert say('{{ "https://a.example/x"|short }}') == "https://a.example/x"


def test_a_branch_that_is_not_taken_mints_nothing(check, values):
    _, asked = _shortened(check, values, "a{% if not brand %}{{ cart_url|short }}{% endif %}")
    assert asked == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ brand|short }}", "«brand» is no address"),
        ("{{ cart_url|upper|short }}", "is no address"),
        ("{{ cart_url|short|upper }}", "«upper» would change the link"),
        ("{{ cart_url|short|truncate_gsm(9) }}", "would change the link"),
        ("{{ cart_url|short|short }}", "is no address"),
        ('{{ "http://a.example/"|short }}', "begins with https://"),
        ('{{ "javascript:alert(1)"|short }}', "begins with https://"),
        ('{{ "https://"|short }}', "begins with https://"),
        ("{{ 7|short }}", "begins with https://"),
        ('{{ "https://a.example/" }}', "A constant cannot be shown"),
        ('{{ "https://a.example/"|upper }}', "A constant cannot be shown"),
        ("{{ cart_url|short(7) }}", "takes nothing in brackets|takes a text in brackets"),
        ("{% if cart_url|short %}a{% endif %}", "A filter cannot be used"),
    ],
)
def test_short_stands_only_on_addresses(check, source, words):
    with pytest.raises(TemplateError, match=words):
        check(source)
