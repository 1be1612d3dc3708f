"""Values come from strangers: they become one plain line, or are refused by name."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.compose.language import (
    MissingVariable,
    RenderError,
    UnfitValue,
    render,
)


@pytest.mark.parametrize(
    "value",
    ["{{ brand }}", "{% if brand %}x{% endif %}", "{{7*7}}", "{# x #}", "${7*7}", "<b>&amp;</b>"],
)
def test_a_value_is_never_expanded_or_escaped(value, say):
    assert say("[{{ first_name }}]", first_name=value) == f"[{value}]"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a\nb\r\nc\td", "a b c d"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("\u202eevil\u202c", "evil"),
        ("a\u200bb\ufeff", "ab"),
        ("a\u2028b", "a b"),
        ("a\ud800b", "a\ufffdb"),
        ("e\u0301", "é"),
        ("10\u00a0000", "10 000"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        (1043, "1043"),
        (Decimal("1E+3"), "1000"),
        ("x" * 1_000_000, "x" * 500),
        ("\x00" * 1_000_000 + "x", None),
    ],
)
def test_strangers_values_become_one_plain_line(value, shown, say):
    if shown is None:
        with pytest.raises(MissingVariable):
            say("{{ first_name }}", first_name=value)
    else:
        assert say("{{ first_name }}", first_name=value) == shown


@pytest.mark.parametrize(
    ("source", "name", "value"),
    [
        ("{{ first_name }}", "first_name", ["a"]),
        ("{{ first_name }}", "first_name", {"a": 1}),
        ("{{ first_name }}", "first_name", True),
        ("{{ first_name }}", "first_name", b"bytes"),
        ("{{ first_name }}", "first_name", float("nan")),
        ("{{ item_count }}", "item_count", "many"),
        ("{{ item_count }}", "item_count", True),
        ("{{ item_count }}", "item_count", "NaN"),
        ("{{ item_count }}", "item_count", float("inf")),
        ("{{ item_count }}", "item_count", "1e999999999"),
        ("{{ item_count }}", "item_count", "1e-999999999"),
        pytest.param("{{ item_count }}", "item_count", 10**5000, id="endless"),
        ("{% if item_count > 1 %}x{% endif %}a", "item_count", "many"),
        ("{% if item_count %}x{% endif %}a", "item_count", []),
        ("{{ order_total }}", "order_total", "64.90"),
        ("{{ order_total }}", "order_total", 64.9),
        ("{{ order_total }}", "order_total", {"amount": "64.90"}),
        ("{{ order_total }}", "order_total", {"amount": None, "currency": "EUR"}),
        ("{{ order_total }}", "order_total", {"amount": "1e99", "currency": "EUR"}),
        ("{{ order_total }}", "order_total", {"amount": "0." + "1" * 99, "currency": "EUR"}),
        ("{{ order_total }}", "order_total", {"amount": "1", "currency": "EURO"}),
        ("{{ starts_at }}", "starts_at", "2026-08-13T12:30:00"),
        ("{{ starts_at }}", "starts_at", "0000-00-00"),
        ("{{ starts_at }}", "starts_at", "9999-12-31T23:59:59-23:59"),
        ("{{ starts_at }}", "starts_at", "tomorrow"),
        ("{{ starts_at }}", "starts_at", 1786624200),
        ("{{ starts_at|time }}", "starts_at", "2026-08-13"),
        ("{{ cart_url }}", "cart_url", "javascript:alert(1)"),
        ("{{ cart_url }}", "cart_url", "data:text/html,x"),
        ("{{ cart_url }}", "cart_url", "https://a.example/ b"),
        ("{{ cart_url }}", "cart_url", "https://a.example/" + "x" * 600),
        ("{{ cart_url }}", "cart_url", 7),
        ("{% for item in items %}x{% endfor %}", "items", {"a": 1}),
        ("{% for item in items %}x{% endfor %}", "items", "text"),
        ("{{ items|first }}", "items", "text"),
    ],
)
def test_a_value_of_another_kind_is_refused_by_name(source, name, value, say):
    with pytest.raises(UnfitValue) as unfit:
        say(source, **{name: value})
    assert unfit.value.name == name
    assert unfit.value.words.startswith(f"The value of «{name}» ")


@pytest.mark.parametrize(
    "address",
    [
        "https://rls.example/c/1",
        "http://127.0.0.1:5000/c/1",
        "http://localhost:8080/x",
        "rls.example/c/1",
        "HTTPS://RLS.EXAMPLE",
    ],
)
def test_a_web_address_is_shown_whole(address, say):
    assert say("{{ cart_url }}", cart_url=address) == address


def test_a_zone_that_does_not_exist_is_said(say):
    with pytest.raises(UnfitValue, match="«Mars/Olympus», which is not a time zone"):
        say("{{ starts_at }}", zone="Mars/Olympus")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_NAMES = ("first_name", "order_total", "item_count", "starts_at", "cart_url", "items", "tags")
_EVERYTHING = (
    "{{ first_name }}{{ order_total }}{{ item_count }}{{ starts_at|date }}{{ cart_url }}"
    "{% for item in items %}{{ item.name }}{{ item.total }}{% endfor %}{{ tags|first|upper }}"
    "{% if item_count > 1 or order_total == 3 or is_new %}x{% endif %}"
)


@given(strange=st.dictionaries(st.sampled_from(_NAMES), anything))
def test_whatever_the_values_there_is_a_text_or_a_reason(strange, check, values):
    template = check(_EVERYTHING)
    try:
        words = render(template, values | strange, language="fr", zone="Europe/Paris").text
    except RenderError as refused:
        words = refused.words
    assert words.strip() == words != ""
    words.encode("utf-8")
