"""Passwords, codes and roles by themselves: what may be chosen, what is read, who may what."""

from contextlib import suppress
from itertools import pairwise

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.accounts import passwords, second
from hub.accounts.roles import MAY, ROLES, may, may_give
from hub.contract import utc_now


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "short"),
        ("x" * 300, "long"),
        ("aaaaaaaaaaaaaaa", "guessable"),
        ("abcabcabcabcabc", "guessable"),
        ("123456789012", "guessable"),
        ("MyPassword2026", "guessable"),
        ("lea@example.com", "personal"),
    ],
)
def test_a_password_that_can_be_guessed_is_refused(password, why):
    with pytest.raises(passwords.BadPassword, match=why):
        passwords.check_new(password, "lea@example.com", "Léa Martin")


@given(st.text(max_size=300))
def test_any_text_is_tried_as_a_password_without_a_stumble(text):
    assert not passwords.fits(None, text[:20])
    with suppress(passwords.BadPassword):
        passwords.check_new(text, "lea@example.com")


@given(st.text(max_size=40))
def test_any_text_is_tried_as_a_code_without_a_stumble(text):
    assert second.step_of(pyotp.random_base32(), text, utc_now()) is None or text.strip().isdigit()
    assert len(second.hash_of(text)) == 32


def test_each_role_may_what_those_below_it_may():
    below = [MAY[role] for role in reversed(ROLES)]
    assert all(less < more for less, more in pairwise(below))
    assert not may(None, "see")
    assert not may("", "see")


def test_nobody_gives_a_role_above_their_own():
    given_by = {giver: [r for r in ROLES if may_give(giver, r)] for giver in ROLES}
    assert given_by == {
        "owner": list(ROLES), "admin": ["editor", "viewer"], "editor": [], "viewer": [],
    }  # fmt: skip
