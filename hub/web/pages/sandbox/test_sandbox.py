"""The sandbox's pages: in and out, with the role one has; a phone, a clock, and starting over."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from hub.connections import sandbox
from hub.store import connections, sandboxes
from hub.store.database import row
from hub.web.pages.sandbox.ways import span_of

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def settings(settings, doorstep):
    where = urlsplit(doorstep.url)
    return replace(settings, host=where.hostname, port=where.port, allow_private="")


@pytest.fixture
def inside(browser):
    """`inside(role)`: a browser in the sandbox."""

    def one(role="owner"):
        made = browser(role)
        made.post("/sandbox/switch", on="/sandbox")
        return made

    return one


def until(found):
    """Until it is there; the test's own time limit ends what never comes."""
    while not (there := found()):
        threading.Event().wait(0.02)
    return there


def test_an_order_reaches_the_phone_and_its_road_is_drawn(inside, played):
    them = inside()
    assert "nothing reaches a real phone" in them.page.text
    them.post("/sandbox/act", person="marc", system="shop", name="order")
    said = until(lambda: "bubble theirs" in (t := them.get("/sandbox?person=marc").text) and t)
    assert 'class="road"' in said
    them.post("/sandbox/act", person="marc", system="shop", answer="STOP")
    until(lambda: "bubble mine" in them.get("/sandbox?person=marc").text)


def test_every_system_is_one_click_away_and_starting_over_begins_at_nothing(
    inside, played, ground, workspace, cast
):
    them = inside()
    them.post("/sandbox/connect", system="crm", slug=cast["crm"])
    assert "Win a deal" in them.page.text
    with ground.database.begin() as db:
        old = sandboxes.of(db, workspace)
        assert len(connections.listed(db, old)) == 3
        assert connections.listed(db, workspace) == []
    them.post("/sandbox/clock", step="45m")
    with ground.database.begin() as db:
        ahead = "SELECT clock_ahead FROM workspaces WHERE id = :id"
        assert row(db, ahead, id=old)["clock_ahead"] == timedelta(minutes=45)
    them.post("/sandbox/hours", hours="kept")
    assert "Keeps sending hours here" in them.page.text
    them.post("/sandbox/again")
    assert "Your templates and automations are kept" in them.page.text
    with ground.database.begin() as db:
        new = sandboxes.of(db, workspace)
        assert new != old
        assert row(db, ahead, id=new)["clock_ahead"] == timedelta(0)
        assert connections.listed(db, old) == []


def test_a_viewer_looks_on_and_presses_nothing(inside, browser, played):
    viewer = browser("viewer")
    assert "Ask an editor" in viewer.get("/sandbox").text
    inside("editor")
    viewer.post("/sandbox/switch", on="/sandbox")
    assert "The last road" in viewer.page.text
    assert "Start over" not in viewer.page.text
    assert viewer.post("/sandbox/act", name="order").status_code == 403
    viewer.post("/sandbox/switch")
    assert "nothing reaches a real phone" not in viewer.page.text


def test_without_the_process_the_page_says_what_happens(inside, ground):
    them = inside()
    assert "The pretend systems are being opened" in them.page.text
    assert ground.settings.sandbox_wish.exists()
    assert them.get("/sandbox/live").status_code == 200


def test_a_real_workspace_is_never_played_in(browser, played, ground, workspace, cast):
    them = browser()
    them.get("/sandbox")
    assert them.post("/sandbox/act", name="order").status_code == 404
    with pytest.raises(sandbox.Refused):
        sandbox.connect(ground, workspace, cast["shop"])


def test_evening_is_the_next_and_morning_is_tomorrows():
    noon = datetime(2026, 10, 24, 10, tzinfo=UTC)  # that night the clocks go back
    assert span_of("evening", noon, PARIS) == timedelta(hours=10, minutes=30)
    assert span_of("morning", noon, PARIS) == timedelta(hours=22)


def test_the_sandbox_lives_in_a_browser(window, enter, inside, played, look):
    inside().post("/sandbox/act", person="lea", system="shop", name="order")
    page = enter(window(width=360), "/sandbox")
    page.get_by_role("main").get_by_role("button", name="Open the sandbox").click()
    page.locator(".slot-phone .bubble").first.wait_for()
    page.get_by_role("button", name="STOP").click()
    page.locator(".bubble.mine").wait_for()
    look(page)
