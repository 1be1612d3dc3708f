"""`hub account`: an operator lets people in, and helps who cannot come in."""

from typing import Any

import pytest

from hub.accounts import entering, first, second
from hub.accounts.entering import Caller, Wrong
from hub.store import sessions, users
from hub.store.ground import Ground

HOME = Caller()
OLD, NEW = "correct horse battery", "another fine sentence"


@pytest.fixture
def lea(hub: Any, workspace: Any) -> str:
    """An owner's address."""
    told = hub("account", "add", "Lea@example.com", str(workspace), "--password", OLD)
    assert told.exit_code == 0, told.output
    return "lea@example.com"


def test_somebody_is_let_in_and_listed(hub: Any, ground: Ground, lea: str):
    assert entering.enter(ground, lea, OLD, HOME).token
    listed = hub("account", "list").output
    assert lea in listed
    assert "Maison Lune (owner)" in listed


def test_who_forgot_the_password_gets_a_new_one_and_is_signed_out_everywhere(
    hub: Any, ground: Ground, lea: str
):
    token = entering.enter(ground, lea, OLD, HOME).token
    assert "signed out everywhere" in hub("account", "reset", lea, "--password", NEW).output
    with ground.database.begin() as db:
        assert sessions.of_token(db, token, ground.clock()) is None
    with pytest.raises(Wrong):
        entering.enter(ground, lea, OLD, HOME)
    assert entering.enter(ground, lea, NEW, HOME).token


def test_who_lost_phone_and_recovery_codes_comes_in_without_them(
    hub: Any, ground: Ground, lea: str
):
    with ground.database.begin() as db:
        user = users.by_email(db, lea)
        assert user
        users.keep_totp(db, ground.vault, user["id"], second.new_secret(), [])
    assert entering.enter(ground, lea, OLD, HOME).needs_code
    hub("account", "reset", lea, "--password", NEW)
    assert entering.enter(ground, lea, NEW, HOME).needs_code
    hub("account", "reset", lea, "--password", NEW, "--drop-second-factor")
    assert not entering.enter(ground, lea, NEW, HOME).needs_code


def test_a_closed_account_opens_nothing_until_it_is_opened_again(
    hub: Any, ground: Ground, lea: str, workspace: Any
):
    hub("account", "add", "tom@example.com", str(workspace), "--password", OLD, "--role", "viewer")
    assert "nowhere" in hub("account", "close", "tom@example.com").output
    with pytest.raises(Wrong):
        entering.enter(ground, "tom@example.com", OLD, HOME)
    assert "again" in hub("account", "close", "tom@example.com", "--open").output
    assert entering.enter(ground, "tom@example.com", OLD, HOME).token


def test_the_only_owner_of_a_workspace_is_not_closed(hub: Any, lea: str):
    told = hub("account", "close", lea)
    assert told.exit_code == 1
    assert "only owner of «Maison Lune»" in told.output


def test_the_operator_finds_the_page_for_the_first_account_while_there_is_none(
    hub: Any, ground: Ground, workspace: Any
):
    told = hub("account", "first").output
    assert f"/welcome?code={first.code_of(ground)}" in told
    hub("account", "add", "lea@example.com", str(workspace), "--password", OLD)
    assert "already" in hub("account", "first").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["reset", "nobody@example.com", "--password", NEW], "Nobody has the address"),
        (["reset", "lea@example.com", "--password", "short"], "12 characters"),
        (["reset", "lea@example.com", "--password", "lea@example.com"], "own name or address"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(hub: Any, lea: str, words: list[str], said: str):
    told = hub("account", *words)
    assert told.exit_code == 1
    assert said in told.output
