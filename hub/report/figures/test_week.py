"""Home's three figures: this week, beside the week before."""

from datetime import UTC, datetime
from decimal import Decimal

from hub.report.figures.keeping import keep
from hub.report.figures.week import week
from hub.store.database import run

NOW = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)


def _week(ground, workspace):
    with ground.database.begin(workspace) as db:
        return week(db, workspace, NOW, "Europe/Paris", "EUR")


def test_a_week_has_seven_days_and_fourteen_points(history, ground, workspace, clock):
    for day in (3, 4, 4, 10):
        one = history.plan(datetime(2026, 6, day, 8, 0, tzinfo=UTC), "delivered")
    history.plan(NOW, "failed")
    history.order(one, "click", "64.90", NOW)
    clock.move(minutes=1)
    keep(ground)
    found = _week(ground, workspace)
    assert (found.sent, found.sent_before) == (4, 1)
    assert (found.delivered.count, found.delivered.base) == (3, 4)
    assert (found.kind, found.currency, found.brought) == ("money", "EUR", Decimal("64.90"))
    assert len(found.daily) == len(found.daily_brought) == 14


def test_where_nothing_is_sold_seats_are_counted(history, ground, workspace, clock):
    event = history.arrive(NOW, "booking.created")
    with ground.database.begin() as db:
        run(
            db,
            """INSERT INTO bookings (workspace_id, connection_id, subject, event_id, occurred_at,
                   starts_at, state, answer)
               VALUES (:w, :c, 'booking:1', :e, :now, :now, 'booked', 'confirmed')""",
            w=workspace,
            c=history.carrier,
            e=event,
            now=NOW,
        )
    found = _week(ground, workspace)
    assert (found.kind, found.brought, found.brought_before) == ("seats", 1, 0)
