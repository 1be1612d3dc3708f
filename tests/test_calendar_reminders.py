"""Reminders against the calendar itself: bookings made, moved, renamed and cancelled at random,
pushes lost and doubled, sync tokens forgotten, over the days on which clocks change. Whenever the
hub has come to rest, what waits is exactly what the calendar's present state asks for.

`HUB_HISTORIES` sets how many bookings live through it; some dozens do each time.
"""

import os
import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.local.cast import CAST
from hub.store.database import rows

PARIS = ZoneInfo("Europe/Paris")
BOOKINGS = min(int(os.environ.get("HUB_HISTORIES", "48")), 2000)
CHANGES_OF_CLOCKS = {
    "autumn": datetime(2026, 10, 22, 9, 0, tzinfo=UTC),
    "spring": datetime(2027, 3, 25, 9, 0, tzinfo=UTC),
}


def asked_for(calendar, events, now):
    """From the calendar alone: a day before on the wall clock, and three hours before."""
    wanted = []
    for event in events:
        held = calendar.event(event)
        if held["status"] == "cancelled":
            continue
        starts = datetime.fromisoformat(held["start"]["dateTime"]).astimezone(UTC)
        local = starts.astimezone(PARIS).replace(tzinfo=None)
        day_before = (local - timedelta(days=1)).replace(tzinfo=PARIS).astimezone(UTC)
        wanted += [due for due in (day_before, starts - timedelta(hours=3)) if due > now]
    return sorted(wanted)


def waiting(ground):
    with ground.database.begin() as db:
        found = rows(
            db,
            """SELECT m.due_at FROM messages m JOIN automations a ON a.id = m.automation_id
               WHERE m.state IN ('scheduled', 'held') AND a.slug = 'booking-reminder'""",
        )
    return sorted(m["due_at"] for m in found)


def stir(calendar, events, dice, clock):
    """One thing happens to one booking, or to the way its news travels."""
    event = dice.choice(events)
    gone = calendar.event(event)["status"] == "cancelled"
    minute = timedelta(minutes=dice.randrange(60, 8 * 1440, 15))
    match dice.randrange(9):
        case 0 if not gone:
            calendar.cancel(event)
        case 1 | 2 | 3 if not gone:
            calendar.move(event, clock() + minute)
        case 4 if not gone:
            calendar.rename(event, f"Coupe {dice.randrange(9)}")
        case 5 if gone:
            calendar.restore(event)
        case 6:
            calendar.lose_next(2)
        case 7:
            calendar.deliver_twice(dice.random() < 0.5)
        case 8:
            calendar.forget_tokens()


@pytest.mark.parametrize("season", CHANGES_OF_CLOCKS)
def test_what_waits_is_what_the_calendar_asks_for(installed, carrier, road, ground, clock, season):
    dice = random.Random(f"{season} 2026")
    clock.now = CHANGES_OF_CLOCKS[season]
    calendar = installed(CAST["calendar"]).simulator
    calendar.sign_in.lasts = 10**7
    road.walk()
    events = []
    for n in range(BOOKINGS):
        starts = clock() + timedelta(minutes=dice.randrange(30, 7 * 1440, 15))
        events.append(calendar.book(f"Coupe {n}", starts, phone=f"+3363998{n:04}"))
    for _ in range(8):
        for _ in range(BOOKINGS // 3):
            stir(calendar, events, dice, clock)
        clock.move(minutes=6)  # whatever was not pushed has been polled by then
        road.walk()
        clock.move(seconds=15)
        road.walk()
        assert waiting(ground) == asked_for(calendar, events, clock())
        clock.move(hours=dice.randrange(1, 14))
        road.walk()
    with ground.database.begin() as db:
        twice = rows(
            db,
            """SELECT once_key FROM messages WHERE state = 'delivered' AND once_key IS NOT NULL
               GROUP BY automation_id, once_key HAVING count(*) > 1""",
        )
    assert twice == []
