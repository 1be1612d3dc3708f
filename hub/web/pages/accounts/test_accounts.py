"""One's own account, through its pages."""

import re
from datetime import timedelta

import pyotp
import pytest

from hub.store import users
from hub.store.database import rows

PASSWORD = "correct horse battery"


@pytest.fixture
def lea(browser):
    return browser("owner")


@pytest.fixture
def late(clock):
    """The password was given long ago."""
    return lambda: clock.move(minutes=20)


def test_a_new_password_signs_the_other_browsers_out(lea, browser):
    other = browser("owner")
    page = lea.post(
        "/account/password", on="/account", password="wrong", new="a long sentence of mine"
    )
    assert page.status_code == 422
    assert "not your password" in page.text
    page = lea.post("/account/password", password=PASSWORD, new="short")
    assert "12 characters or more" in page.text
    page = lea.post("/account/password", password=PASSWORD, new="a long sentence of mine")
    assert "1 other browser was signed out" in page.text
    assert other.get("/account").status_code == 303


def test_the_second_factor_is_shared_proven_and_renewed(lea, clock, ground, workspace):
    page = lea.get("/account/second")
    assert "<svg" in page.text
    secret = re.search(r'name="secret" value="(\w+)"', page.text)[1]
    wrong = lea.post("/account/second", secret=secret, code="000000")
    assert wrong.status_code == 422
    assert f'value="{secret}"' in wrong.text
    page = lea.post("/account/second", secret=secret, code=pyotp.TOTP(secret).at(clock.now))
    codes = re.findall(r"<li>(\w{4}-\w{4}-\w{4})</li>", page.text)
    assert len(set(codes)) == 10
    again = lea.post("/account/recovery", on="/account")
    assert set(re.findall(r"<li>(\w{4}-\w{4}-\w{4})</li>", again.text)).isdisjoint(codes)
    assert "10 recovery codes are left" in lea.get("/account").text
    assert "by your password alone" in lea.post("/account/second/off", on="/account").text


def test_what_a_form_brings_back_as_a_secret_is_not_believed(lea):
    page = lea.post("/account/second", on="/account/second", secret="<b>", code="000000")
    assert page.status_code == 422
    assert "<b>" not in page.text


def test_what_is_about_keys_asks_for_the_password_again(lea, late):
    late()
    answer = lea.get("/account/second")
    assert answer.headers["Location"] == "/confirm?next=/account/second"
    lea.post("/confirm", on=answer.headers["Location"], next="/account/second", password="no")
    assert lea.page.status_code == 422
    lea.post("/confirm", next="/account/second", password=PASSWORD)
    assert lea.page.request.path == "/account/second"


def test_one_browser_or_all_others_are_signed_out(lea, browser, ground):
    one, two = browser("owner"), browser("owner")
    ids = re.findall(r"/account/sessions/([\w-]+)/end", lea.get("/account").text)
    assert len(ids) == 2
    lea.post(f"/account/sessions/{ids[0]}/end")
    assert "That browser is signed out" in lea.page.text
    lea.post("/account/sessions/end")
    assert [b.get("/account").status_code for b in (one, two)] == [303, 303]
    assert lea.get("/account").status_code == 200


def test_a_workspace_is_changed_only_to_one_of_ones_own(lea, ground, other_workspace, clock):
    assert lea.post(f"/workspaces/{other_workspace}", on="/workspaces").status_code == 404
    with ground.database.begin() as db:
        (user,) = rows(db, "SELECT id FROM users")
        users.join(db, other_workspace, user["id"], "viewer", clock())
    lea.post(f"/workspaces/{other_workspace}", on="/workspaces")
    assert "Other" in lea.page.text


def test_an_owner_opens_another_workspace_with_ready_made_things(lea, browser):
    form = {"shop": "Maison Soleil", "country": "IT", "zone": "Europe/Rome"}
    lea.post("/workspaces", on="/workspaces", **{**form, "zone": "Mars/Base"})
    assert "no such time zone" in lea.page.text
    lea.post("/workspaces", **form)
    assert "Maison Soleil" in lea.page.text
    assert browser("admin").post("/workspaces", on="/account", **form).status_code == 403


def test_an_idle_session_opens_nothing(lea, clock):
    clock.now += timedelta(days=3)
    assert lea.get("/account").headers["Location"].startswith("/sign-in")
