"""The page of figures says what the rows come to, and how sure it is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.report.figures.keeping import keep
from hub.store.database import run

QUERIES = (
    "", "?period=7", "?period=month&by=channel", "?from=2020-01-01&to=2020-01-03", "?period=x",
    "?automation=nobody", "?channel=rcs&by=template", "?from=junk&to=2020-01-03&by=junk",
)  # fmt: skip


@pytest.fixture
def clock(clock):
    """Rows are named by the time; so that these tests' clock agrees with their names, it is now."""
    clock.now = datetime.now(UTC).replace(microsecond=0)
    return clock


@pytest.fixture
def counted(furnished, ground, clock):
    """The furnished workspace, counted."""
    clock.move(minutes=1)
    keep(ground)
    return furnished


def test_an_empty_workspace_is_told_what_will_stand_there(browser):
    page = browser("viewer").get("/figures")
    assert page.status_code == 200
    assert "No figures yet" in page.text
    assert "Picture" not in page.text


def test_what_was_walked_is_what_is_shown(counted, browser):
    text = browser("viewer").get("/figures?period=7").text
    assert "Messages sent" in text
    assert "Too few to say: fewer than 30." in text
    assert "The person withdrew consent" in text  # why one cart was not reminded
    assert "not measurable" in text or "Not measurable" in text


def test_each_number_leads_to_the_log_of_the_same_days(counted, browser, clock):
    seen = browser()
    text = seen.get("/figures?period=7&channel=sms").text
    first = (clock().astimezone(ZoneInfo("Europe/Paris")).date() - timedelta(days=6)).isoformat()
    assert f"/messages?channel=sms&amp;from={first}" in text
    assert "/figures.csv?period=7&amp;channel=sms&amp;by=automation" in text


def test_any_address_has_a_page_and_a_file(counted, browser):
    seen = browser()
    for query in QUERIES:
        assert (query, seen.get(f"/figures{query}").status_code) == (query, 200)
        assert (query, seen.get(f"/figures.csv{query}").status_code) == (query, 200)


def test_the_file_adds_up_to_the_page(counted, browser):
    found = browser().get("/figures.csv?period=7")
    head, *lines = found.data.decode("utf-8-sig").splitlines()
    assert head.startswith('"from","to","automation"')
    assert {line.split(",")[2] for line in lines} >= {'"order-confirmed"'}


def test_another_merchants_figures_are_not_there(counted, other_workspace, browser):
    assert "No figures yet" in browser("owner", other_workspace).get("/figures").text


def test_rates_of_many_have_an_interval_and_their_formula(counted, ground, browser):
    with ground.database.begin() as db:
        run(db, "UPDATE figures SET n = n * 1000")
    text = browser().get("/figures?period=7").text
    assert "messages delivered ÷ messages sent: 3,000 ÷ 3,000." in text
    assert "99.87% – 100%" in text or "99.9% – 100%" in text


def test_the_page_can_be_used_by_everybody(counted, ground, window, enter, look):
    with ground.database.begin() as db:
        run(db, "UPDATE figures SET n = n * 100")
    page = enter(window("de", 360, True), "/figures")
    page.wait_for_selector(".over-time .uplot")
    with page.expect_download() as saved:
        page.click("[data-picture]")
    assert saved.value.suggested_filename.endswith(".png")
    look(page)
