"""The page at /demo as a browser without JavaScript meets it."""

import re

import pytest

from hub.local.demo.page import build
from hub.local.demo.waiting import wait_for
from hub.local.demo.words import LANGUAGES, words


@pytest.fixture
def browser(town):
    client = build(town).test_client()
    client.environ_base["HTTP_HOST"] = "127.0.0.1:5000"
    return client


def press(browser, act, person="giulia"):
    return browser.post(f"/demo/act?person={person}", data={"act": act}, follow_redirects=True).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_every_language(browser, language):
    shown = browser.get(f"/demo?lang={language}").text
    assert f'<html lang="{language}">' in shown
    assert words(language)["abandon"] in shown


def test_an_order_is_on_the_phone_and_on_the_road(browser):
    assert "Giulia has placed an order." in press(browser, "order")

    def arrived():
        return "Maison Lune: grazie" in browser.get("/demo/phone?person=giulia").text

    assert wait_for(arrived, 20, every=0.2)
    road = wait_for(lambda: whole_road(browser), 20, every=0.2)
    assert 'class="station done"' in road
    assert "Order confirmation" in road


def whole_road(browser):
    shown = browser.get("/demo/road").text
    return shown if "Shop told" in shown and "station waiting" not in shown else ""


def test_a_cart_without_consent_says_why_nothing_goes(browser):
    press(browser, "abandon", "lucia")

    def refused():
        return "Not sent" in browser.get("/demo/road").text

    assert wait_for(refused, 20, every=0.2)
    assert "No message yet" in browser.get("/demo/phone?person=lucia").text


def test_nothing_to_refund_and_nothing_to_answer_is_said(browser):
    assert "has not ordered anything yet" in press(browser, "refund", "paul")
    assert "nothing to answer" in press(browser, "yes", "paul")


def test_a_road_that_was_chosen_stays(browser):
    press(browser, "order", "jonas")
    listed = wait_for(
        lambda: re.findall(r'href="/demo\?[^"]*road=([0-9a-f-]{36})', browser.get("/demo").text), 20
    )
    oldest = listed[-1]
    assert f"{oldest}-arrived" in browser.get(f"/demo/road?road={oldest}").text


def test_an_address_of_nonsense_shows_the_page_all_the_same(browser):
    shown = browser.get("/demo?person=nobody&lang=xx&road=zz&said=said_evil<script>")
    assert shown.status_code == 200
    assert "evil" not in shown.text


@pytest.mark.parametrize(
    ("name", "value"), [("Origin", "https://example.com"), ("Host", "example.com")]
)
def test_a_foreign_page_cannot_press_a_button(browser, name, value):
    answer = browser.post("/demo/act", data={"act": "order"}, headers={name: value})
    assert answer.status_code == 403


def test_a_button_that_is_not_there_is_refused(browser):
    assert browser.post("/demo/act", data={"act": "explode"}).status_code == 400


def test_nothing_foreign_may_load(browser):
    answer = browser.get("/demo")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert not re.search(r'(src|href)="https?:', answer.text)
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
