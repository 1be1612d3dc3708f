"""The bookings board: each day in the workspace's zone, by how its bookings stand."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.store.database import jsonb, run
from hub.web.pages.bookings import days

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def book(ground, furnished):
    """`book([(start, answer, state, zone, title), …])`: bookings of the furnished person."""

    def some(wanted):
        told = [
            {"workspace_id": furnished.workspace_id, "phone": furnished.ids["phone"],
             "connection_id": furnished.ids["connection_id"], "subject": f"booking:{n}",
             "event_id": furnished.ids["event_id"], "starts_at": start, "answer": answer,
             "state": state, "zone": zone, "title": title, "at": ground.clock()}
            for n, (start, answer, state, zone, title) in enumerate(wanted)
        ]  # fmt: skip
        with ground.database.begin() as db:
            run(
                db,
                """INSERT INTO bookings (workspace_id, connection_id, subject, event_id,
                       occurred_at, phone, title, starts_at, zone, state, answer, answered_at)
                   SELECT workspace_id, connection_id, subject, event_id, at, phone, title,
                       starts_at, zone, state, answer, CASE WHEN answer <> '' THEN at END
                   FROM jsonb_to_recordset(:told) AS t(workspace_id uuid, connection_id uuid,
                       subject text, event_id uuid, at timestamptz, phone text, title text,
                       starts_at timestamptz, zone text, state text, answer text)""",
                told=jsonb(told),
            )

    return some


def test_a_day_shows_each_booking_where_it_stands(browser, ground, book):
    today = ground.clock().astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
    late = today + timedelta(hours=23, minutes=45)
    book([
        (today + timedelta(hours=9), "confirmed", "booked", "Europe/Paris", "Cut"),
        (today + timedelta(hours=10), "", "booked", "America/New_York", "Colour"),
        (today + timedelta(hours=11), "postponed", "booked", "", "Beard"),
        (today + timedelta(hours=12), "declined", "booked", "", "Wash"),
        (late, "", "cancelled", "Nowhere/Land", "Care"),
        (late + timedelta(minutes=30), "", "booked", "", "Tomorrow's"),
    ])  # fmt: skip
    desk = browser("viewer")
    page = desk.get("/bookings").text
    assert "5 bookings" in page
    order = ["To move", "Beard", "Not answered yet", "Colour", "Confirmed", "Cut", "Freed", "Wash"]
    assert [page.index(words, page.index("booking-group")) for words in order] == sorted(
        page.index(words, page.index("booking-group")) for words in order
    )
    assert "Cancelled in the calendar" in page
    assert "04:00 in New York" in page
    assert "23:45" in page
    assert "Tomorrow&#39;s" not in page
    after = desk.get(f"/bookings?day={(today + timedelta(days=1)).date()}").text
    assert "Tomorrow&#39;s" in after
    assert "1 booking" in after
    assert desk.get("/bookings?day=soon&after=junk").status_code == 200


def test_a_day_is_as_long_as_its_clocks_make_it():
    starts, ends = days.edges([date(2026, 3, 29)], PARIS)
    assert ends - starts == timedelta(hours=23)
    starts, ends = days.edges([date(2026, 10, 25)], PARIS)
    assert ends - starts == timedelta(hours=25)
    assert starts == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert days.week_of(date(2026, 10, 25))[0] == date(2026, 10, 19)


def test_an_empty_board_teaches(browser):
    page = browser().get("/bookings").text
    assert "Connect a calendar" in page
    assert "No booking on this day" in page
