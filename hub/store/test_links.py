"""Tokens nobody guesses, and targets that lead where they say."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.store.links import digest, is_token, may_lead_to, new_token


def test_a_token_is_ten_characters_of_sixty_two_and_never_the_same():
    made = {new_token() for _ in range(2000)}
    assert len(made) == 2000
    assert all(re.fullmatch("[0-9A-Za-z]{10}", token) and is_token(token) for token in made)
    assert {letter for token in made for letter in token} == set(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    )
    assert len({digest(token) for token in made}) == 2000


GOOD = ["https://shop.example.com/cart/81?x=1#y", "http://example.com", "https://é.example/ü",
        "https://EXAMPLE.com:8443/a", "https://example.com./"]  # fmt: skip


@pytest.mark.parametrize("target", GOOD)
def test_a_plain_web_address_may_be_led_to(target):
    assert may_lead_to(target, ())


BAD = [
    "", "/path", "//evil.example", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x",
    "file:///etc/passwd", "ftp://example.com", "gopher://example.com", "https://", "https:///x",
    "http:\\\\evil.example", "https://a.example\\@evil.example", "https://a.example@evil.example",
    "https://a.example:80@evil.example", "https://example.com/\r\nSet-Cookie: a=b",
    "https://exa\tmple.com", " https://example.com", "https://example.com:port/", "https://[::1",
    "https://example.com/" + "a" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("target", BAD)
def test_anything_else_may_not(target):
    assert not may_lead_to(target, ())


@pytest.mark.parametrize(
    ("target", "fits"),
    [
        ("https://shop.example.com/x", True),
        ("https://SHOP.EXAMPLE.COM/x", True),
        ("https://a.shop.example.com./x", True),
        ("https://example.com/x", False),
        ("https://evilshop.example.com/x", False),
        ("https://shop.example.com.evil.example/x", False),
        ("https://evil.example/?shop.example.com", False),
        ("https://evil.example#shop.example.com", False),
        ("https://shop.example.com@evil.example/", False),
    ],
)
def test_allowed_domains_hold_for_themselves_and_what_lies_below(target, fits):
    assert may_lead_to(target, ["Shop.example.com"]) is fits


@given(st.text(max_size=80))
def test_any_text_is_judged_without_an_accident(text):
    assert may_lead_to(text, ["example.com"]) in (True, False)
    assert may_lead_to(f"https://{text}", ["example.com"]) in (True, False)
