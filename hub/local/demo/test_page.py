"""The page at /demo as a browser without JavaScript meets it."""

import re

import pytest

from hub.local.demo.browsing import AGENTS
from hub.local.demo.buttons import SYSTEMS
from hub.local.demo.installing import connect
from hub.local.demo.page import build
from hub.local.demo.street import PARTS, Neighbour
from hub.local.demo.waiting import wait_for
from hub.local.demo.words import LANGUAGES, words


@pytest.fixture
def browser(town):
    client = build(town).test_client()
    client.environ_base["HTTP_HOST"] = "127.0.0.1:5000"
    return client


def press(browser, act, person="giulia", system="shop"):
    address = f"/demo/act?person={person}&system={system}"
    return browser.post(address, data={"act": act}, follow_redirects=True).text


def comes(browser, words, path):
    """Until the part of the page at `path` says so."""
    shown = lambda: (text := browser.get(path).text) and all(w in text for w in words) and text  # noqa: E731
    assert wait_for(shown, 40, every=0.3), browser.get(path).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_every_language(browser, language):
    shown = browser.get(f"/demo?lang={language}").text
    assert f'<html lang="{language}">' in shown
    assert words(language)["abandon"] in shown


@pytest.mark.parametrize("system", PARTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_system_has_its_page_in_every_language(browser, system, language):
    shown = browser.get(f"/demo?lang={language}&system={system}")
    assert shown.status_code == 200
    for act in SYSTEMS[system]:
        assert f'value="{act}"' in shown.text
    assert words(language)[f"record_{system}"].replace("'", "&#39;") in shown.text


def test_a_workflow_of_three_goes_on_once_each_text_is_delivered(browser):
    press(browser, "crm_tick", "jonas", "crm")
    assert "Three contacts are in the workflow" in press(browser, "crm_enrol", "jonas", "crm")
    comes(
        browser,
        ["relais_result", "delivered", "SMS delivered."],
        "/demo/record?system=crm&person=jonas",
    )
    assert browser.get("/demo/record?system=crm&person=jonas").text.count(">delivered</td>") == 3


def test_a_flow_over_twenty_records_gets_twenty_results(browser):
    assert "over 20 records" in press(browser, "sales_flow", "emma", "sales")
    comes(
        browser,
        ["<dt>delivered</dt><dd>20</dd>", "Completed"],
        "/demo/record?system=sales&person=emma",
    )


def test_a_booking_is_confirmed_moved_and_cancelled_with_its_reminders(browser):
    record = "/demo/record?system=calendar&person=giulia&lang=en"
    assert "No booking yet" in browser.get(record).text
    assert "Book for tomorrow first" in press(browser, "cal_move", "giulia", "calendar")
    press(browser, "cal_book", "giulia", "calendar")
    comes(browser, ["Haircut", "Booking reminder", "relaisStatus"], record)
    press(browser, "yes", "giulia", "calendar")
    comes(browser, ["✓ Haircut", "10 Basil", "<dd>confirmed</dd>"], record)
    press(browser, "cal_move", "giulia", "calendar")
    comes(browser, ["Booking reminder"], record)
    press(browser, "cal_cancel", "giulia", "calendar")
    gone = lambda: "Booking reminder" not in browser.get(record).text  # noqa: E731
    assert wait_for(gone, 40, every=0.3)


def test_a_row_keeps_its_result_while_the_sheet_is_sorted(browser):
    assert "has no row yet" in press(browser, "sheet_change", "emma", "sheet")
    press(browser, "sheet_add", "emma", "sheet")
    press(browser, "sheet_sort", "emma", "sheet")
    comes(browser, ["Emma", "Relais status", "delivered"], "/demo/record?system=sheet")


def test_a_consent_that_is_taken_away_shows_as_needs_sign_in_until_it_is_given_again(browser):
    assert "does not let the hub in" in press(browser, "consent_away")
    shown = browser.get("/demo/health?lang=en").text
    assert "needs sign-in" in shown
    assert 'value="consent_back"' in shown
    assert "Signed in to the CRM again" in press(browser, "consent_back")
    assert "needs sign-in" not in browser.get("/demo/health?lang=en").text


def wish_of(browser, name):
    shown = browser.get("/demo/people?lang=en").text
    return re.search(rf"<strong>{name}.*?<span>([^<]+)</span></a>", shown, re.DOTALL)[1]


def test_a_wish_that_is_changed_in_the_crm_or_by_stop_is_known_of_the_person(browser):
    for act, wish in (("crm_untick", "did not agree to offers"), ("crm_tick", "agreed to offers")):
        press(browser, act, "emma", "crm")
        assert wait_for(lambda wish=wish: wish_of(browser, "Emma") == wish, 40, every=0.3)
    press(browser, "order", "jonas")
    assert wait_for(lambda: "bubble theirs" in browser.get("/demo/phone?person=jonas").text, 40)
    press(browser, "stop", "jonas")
    assert wait_for(lambda: wish_of(browser, "Jonas") == "said STOP", 40, every=0.3)


def test_each_connection_can_be_checked(browser):
    for part in PARTS:
        assert "It was checked just now" in press(browser, f"check_{part}")
    assert browser.get("/demo/health?lang=en").text.count("healthy") >= len(PARTS)


def test_a_system_that_cannot_be_connected_is_left_out_with_its_reason(town):
    there = town.street.others["sheet"]
    gone = Neighbour("sheet", there.title, there.connector, there.simulator, "http://127.0.0.1:9")
    said = []
    connect(town.api, town.ground, gone, said.append)
    there.simulator.settings(there.url)
    assert not gone.is_open
    assert gone.problem in said[-1]
    assert "left out" in said[-1]


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
    return shown if "Told back" in shown and "station waiting" not in shown else ""


def test_a_cart_without_consent_says_why_nothing_goes(browser):
    press(browser, "abandon", "lucia")

    def refused():
        return "Not sent" in browser.get("/demo/road").text

    assert wait_for(refused, 20, every=0.2)
    assert "No message yet" in browser.get("/demo/phone?person=lucia").text


def test_a_cart_is_a_carousel_whose_buttons_work(browser):
    press(browser, "abandon", "lea")
    comes(browser, ['class="carousel"', "Linen shirt", "LUNE-"], "/demo/phone?person=lea")
    shown = browser.get("/demo/phone?person=lea&lang=en").text
    assert "a verified sender" in shown
    assert 'aria-label="Card 2 of 2"' in shown
    picture = re.search(r'src="(/demo/picture/[^"]+)"', shown)[1]
    assert browser.get(picture).data.startswith(b"\x89PNG")
    opened = browser.get(link_of(shown), headers={"User-Agent": AGENTS["phone"]})
    assert "/checkout-link/" in opened.headers["Location"]
    help_ = re.search(r'value="(tap:[^"]+)"', shown)[1]
    assert "Léa has answered" in press(browser, help_, "lea")
    comes(browser, ["bubble mine"], "/demo/phone?person=lea")
    assert "ordered with the code" in press(browser, "order_code", "lea")
    comes(browser, ["its code was used"], "/demo/record?system=shop&person=lea")


def link_of(shown):
    return re.search(r'href="(/demo/l/[^"]+)"', shown)[1]


def test_the_same_cart_is_an_sms_whose_link_opens_a_page_with_pictures_of_this_town(browser):
    press(browser, "abandon", "marc")
    comes(browser, ['href="/demo/l/'], "/demo/phone?person=marc")
    link = link_of(browser.get("/demo/phone?person=marc").text)
    opened = browser.get(link, headers={"User-Agent": AGENTS["phone"]})
    assert "Linen shirt" in opened.text
    assert 'src="/demo/picture/' in opened.text
    assert not re.search(r'(src|href)="https?:', opened.text)
    assert "style-src 'sha256-" in opened.headers["Content-Security-Policy"]
    assert browser.get(f"{link}/go").status_code == 302
    comes(browser, ["Opened"], "/demo/road?lang=en")


def test_a_tap_on_what_no_phone_shows_is_said(browser):
    assert "That did not work" in press(browser, "tap:forged", "emma")


def test_nothing_to_refund_and_nothing_to_answer_is_said(browser):
    assert "has not ordered anything yet" in press(browser, "refund", "paul")
    assert "nothing to answer" in press(browser, "yes", "paul")
    assert "names a code yet" in press(browser, "order_code", "paul")


def test_a_road_that_was_chosen_stays(browser):
    press(browser, "order", "jonas")
    listed = wait_for(
        lambda: re.findall(r'href="/demo\?[^"]*road=([0-9a-f-]{36})', browser.get("/demo").text), 20
    )
    oldest = listed[-1]
    assert f"{oldest}-arrived" in browser.get(f"/demo/road?road={oldest}").text


def test_an_address_of_nonsense_shows_the_page_all_the_same(browser):
    shown = browser.get("/demo?person=nobody&system=barn&lang=xx&road=zz&said=said_evil<script>")
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
