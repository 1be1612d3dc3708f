"""The entrance as a browser without JavaScript meets it."""

import re

import pyotp
import pytest

from hub.accounts import first, second, team
from hub.store import users
from hub.store.database import row

PASSWORD = "correct horse battery"
FORM = {"email": "lea@example.com", "name": "Léa", "password": PASSWORD, "shop": "Maison Lune",
        "country": "FR", "zone": "Europe/Paris"}  # fmt: skip


@pytest.fixture
def browser(stranger):
    return stranger()


@pytest.fixture
def lea(stranger, ground):
    """The owner's browser, signed in."""
    browser = stranger()
    browser.post("/welcome", on="/welcome", code=first.code_of(ground), **FORM)
    assert browser.page.status_code == 200, browser.page.text
    return browser


def test_a_fresh_hub_asks_who_sets_it_up(browser):
    assert browser.get("/").headers["Location"] == "/welcome"
    assert browser.get("/sign-in").headers["Location"] == "/welcome"


def test_the_first_owner_comes_in_and_nobody_else_is_welcome(lea, stranger, ground):
    assert "Maison Lune" in lea.page.text
    assert "test numbers only" in lea.page.text
    mallory = stranger()
    assert mallory.get("/welcome").headers["Location"] == "/"
    assert mallory.get("/").headers["Location"] == "/sign-in"
    again = {**FORM, "email": "mallory@example.com"}
    mallory.get("/sign-in")
    mallory.post("/welcome", code=first.code_of(ground), **again)
    assert "has its owner already" in mallory.page.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "0000-0000-0000"}, "not the code"),
        ({"password": "short"}, "12 characters or more"),
        ({"zone": "Mars/Base"}, "no such time zone"),
        ({"email": "nobody"}, "not an e-mail address"),
        ({"shop": " "}, "Fill this in"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_stays(browser, ground, wrong, said):
    form = {**FORM, "code": first.code_of(ground), **wrong}
    browser.post("/welcome", on="/welcome", **form)
    assert browser.page.status_code == 422
    assert said in browser.page.text
    assert 'aria-invalid="true"' in browser.page.text
    assert 'value="Léa"' in browser.page.text
    assert PASSWORD not in browser.page.text


def test_without_a_time_zone_the_countrys_own_is_taken(browser, ground):
    browser.post("/welcome", on="/welcome", **FORM | {"code": first.code_of(ground), "zone": ""})
    assert browser.page.status_code == 200
    with ground.database.begin() as db:
        assert row(db, "SELECT zone FROM workspaces")["zone"] == "Europe/Paris"


def test_a_browser_comes_in_by_password_and_goes_where_it_wanted(lea, stranger):
    other = stranger()
    wanted = other.get("/?week=3").headers["Location"]
    assert wanted == "/sign-in"
    other.post("/sign-in", on="/sign-in?next=/%3Fweek%3D3", next="/?week=3",
               email="LEA@example.com", password=PASSWORD)  # fmt: skip
    assert other.page.request.full_path == "/?week=3"


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_to_another_site_after_signing_in(lea, stranger, elsewhere):
    other = stranger()
    other.post("/sign-in", on="/sign-in", next=elsewhere, email="lea@example.com",
               password=PASSWORD)  # fmt: skip
    assert other.page.request.path == "/"


def test_a_wrong_password_is_not_told_from_an_unknown_address(lea, stranger):
    said = []
    for email in ("lea@example.com", "nobody@example.com"):
        other = stranger()
        page = other.post("/sign-in", on="/sign-in", email=email, password="wrong")
        assert page.status_code == 422
        said.append(re.search(r'role="alert">([^<]+)<', page.text)[1])
    assert len(set(said)) == 1


def test_too_many_tries_must_wait_and_are_told_how_long(lea, stranger):
    other = stranger()
    for _ in range(5):
        other.post("/sign-in", on="/sign-in", email="lea@example.com", password="wrong")
    page = other.post("/sign-in", on="/sign-in", email="lea@example.com", password=PASSWORD)
    assert page.status_code == 429
    assert "Try again in 16 seconds" in page.text


def test_with_a_second_factor_no_page_opens_before_the_code(lea, stranger, ground, clock):
    secret = second.new_secret()
    with ground.database.begin() as db:
        user = users.by_email(db, "lea@example.com")
        users.keep_totp(db, ground.vault, user["id"], secret, [])
    other = stranger()
    other.post("/sign-in", on="/sign-in", email="lea@example.com", password=PASSWORD)
    assert other.page.request.path == "/sign-in/code"
    assert other.get("/").headers["Location"] == "/sign-in/code"
    other.post("/sign-in/code", on="/sign-in/code", code="000000")
    assert other.page.status_code == 422
    other.post("/sign-in/code", on="/sign-in/code", code=pyotp.TOTP(secret).at(clock.now))
    assert other.page.request.path == "/"


def test_signing_out_ends_the_session_itself(lea, ground):
    cookie = lea.client.get_cookie("relais_session").value
    lea.post("/sign-out", on="/")
    assert "signed out" in lea.page.text
    lea.client.set_cookie("relais_session", cookie)
    assert lea.get("/").headers["Location"] == "/sign-in"


def test_a_form_without_its_mark_or_from_another_site_changes_nothing(lea, ground):
    lea.get("/")
    assert lea.client.post("/choose", data={"theme": "dark"}).status_code == 403
    mark = re.search(r'name="mark" value="(\w+)"', lea.page.text)[1]
    data = {"mark": mark, "theme": "dark"}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert lea.client.post("/choose", data=data, headers=headers).status_code == 403
    with ground.database.begin() as db:
        assert row(db, "SELECT theme FROM users")["theme"] == ""
    assert lea.client.post("/choose", data=data).status_code == 303
    with ground.database.begin() as db:
        assert row(db, "SELECT theme FROM users")["theme"] == "dark"


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(lea):
    cookie = lea.client.get_cookie("relais_session")
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_an_invitation_lets_one_person_into_the_team(lea, stranger, ground):
    seat = _seat(ground, lea)
    with ground.database.begin() as db:
        link = team.invite(db, seat, "tom@example.com", "editor", ground.clock())
    tom = stranger()
    assert "Léa invites you as tom@example.com" in tom.get(f"/join/{link}").text
    tom.post(f"/join/{link}", name="Tom", password="another fine sentence")
    assert "You are in the team" in tom.page.text
    assert stranger().get(f"/join/{link}").status_code == 410


def _seat(ground, browser):
    from hub.store import sessions

    token = browser.client.get_cookie("relais_session").value
    with ground.database.begin() as db:
        return sessions.of_token(db, token, ground.clock())


def test_no_page_may_run_what_it_does_not_bring(lea):
    said = lea.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in said
    assert "unsafe" not in said
    nonce = re.search(r"nonce-([\w-]+)'", said)[1]
    scripts = re.findall(r"<script[^>]*>", lea.page.text)
    assert scripts
    assert all(f'nonce="{nonce}"' in tag and "src=" in tag for tag in scripts)
    assert nonce not in lea.get("/").headers["Content-Security-Policy"]
