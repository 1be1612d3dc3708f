"""A day that was counted bit by bit is the day counted whole, whatever happened when."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import psycopg
import pytest

from hub.report.figures.days import bounds, period_of
from hub.report.figures.keeping import keep
from hub.store.database import rows, run

# The night of 25 October 2026 is an hour longer in Paris; that of 29 March an hour shorter.
AUTUMN = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
ANSWERS = (("send", ""), ("skip", "cap"), ("skip", "no_consent"))
STATES = ("sent", "delivered", "read", "failed", "uncertain", "scheduled", "held", "cancelled")


def _live(history, chance, at):
    """Something happens to the merchant's messages."""
    if not history.sent or chance.random() < 0.3:
        one = history.plan(at, chance.choice(STATES), chance.choice(("sms", "rcs")))
        if one["sending_at"]:
            history.cost(one, 45_000)
        return
    one = chance.choice(history.sent)
    chance.choice(
        (
            lambda: _settle(history, chance, one, at),
            lambda: history.click(one, at),
            lambda: history.reply(one, chance.choice(("stop", "yes", "other")), at),
            lambda: history.order(one, chance.choice(("code", "click", "cart")), "12.30", at),
            lambda: history.answer(at, *chance.choice(ANSWERS)),
            lambda: history.arrive(at, chance.choice(("order.created", "cart.abandoned"))),
        )
    )()


def _settle(history, chance, one, at):
    if one["state"] in ("sent", "uncertain"):
        history.settle(one, chance.choice(("delivered", "failed")), at)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_counted_bit_by_bit_is_what_the_rows_come_to(history, ground, clock, seed):
    chance = Random(seed)
    clock.now = AUTUMN
    for _ in range(60):
        _live(history, chance, clock.move(minutes=chance.randrange(1, 90)))
        if chance.random() < 0.3:
            keep(ground)
    clock.move(minutes=1)
    keep(ground)
    assert history.kept() == history.meant()


def test_counting_again_changes_nothing(history, ground, clock):
    clock.now = AUTUMN
    for hour in range(8):
        history.plan(AUTUMN + timedelta(hours=hour), "delivered")
    clock.move(hours=9)
    keep(ground)
    first = history.kept()
    with ground.database.begin() as db:
        run(db, "UPDATE figure_days SET due_at = :now", now=clock())
    assert keep(ground) >= 2
    assert history.kept() == first == history.meant()


def test_a_late_order_counts_on_the_day_its_message_went(history, ground, clock):
    clock.now = AUTUMN
    one = history.plan(AUTUMN, "delivered")
    keep(ground)
    history.order(one, "click", "64.90", clock.move(days=5))
    clock.move(minutes=1)
    keep(ground)
    with ground.database.begin() as db:
        (found,) = rows(db, "SELECT day, n, amount FROM figures WHERE what = 'revenue'")
    assert (str(found["day"]), found["n"], str(found["amount"])) == ("2026-10-24", 1, "64.90")


def test_a_message_before_the_first_of_two_midnights_is_of_the_day_before(history, ground, clock):
    clock.now = AUTUMN
    history.plan(datetime(2026, 10, 24, 21, 59, tzinfo=UTC), "delivered")
    history.plan(datetime(2026, 10, 25, 22, 59, tzinfo=UTC), "delivered")
    clock.move(days=2)
    keep(ground)
    assert {key[0]: n for key, n in history.kept().items() if key[1] == "sent"} == {
        date(2026, 10, 24): 1,
        date(2026, 10, 25): 1,
    }


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 10, 25), "Europe/Paris", 25),
        (date(2026, 3, 29), "Europe/Paris", 23),
        (date(2026, 6, 10), "Europe/Paris", 24),
        (date(2026, 9, 6), "America/Santiago", 23),  # its midnight is not there
        (date(2026, 10, 4), "Australia/Lord_Howe", 23.5),
        (date(2026, 6, 10), "Nowhere/Land", 24),
    ],
)
def test_a_day_is_as_long_as_its_clocks_make_it(day, zone, hours):
    since, until = bounds(day, zone)
    assert until - since == timedelta(hours=hours)


def test_another_zone_has_its_days_counted_anew(history, ground, clock):
    clock.now = AUTUMN
    history.plan(datetime(2026, 10, 24, 23, 30, tzinfo=UTC), "delivered")
    clock.move(days=1)
    keep(ground)
    with ground.database.begin() as db:
        run(db, "UPDATE workspaces SET zone = 'America/New_York'")
    clock.move(minutes=1)
    keep(ground)
    assert {str(key[0]) for key in history.kept()} == {"2026-10-24"}


def test_a_day_that_cannot_be_counted_is_tried_again_later(history, ground, clock, settings):
    clock.now = AUTUMN
    history.plan(AUTUMN, "delivered")
    clock.move(minutes=1)
    with psycopg.connect(settings.database_url, autocommit=True) as owner:
        owner.execute("ALTER TABLE figures ADD CONSTRAINT none CHECK (n < 0)")
        keep(ground)
        owner.execute("ALTER TABLE figures DROP CONSTRAINT none")
    assert history.kept() == {}
    clock.move(minutes=50)
    keep(ground)
    assert history.kept() == {}
    clock.move(minutes=11)
    keep(ground)
    assert history.kept() == history.meant()


def test_nothing_happened_means_nothing_is_counted(ground, workspace):
    assert keep(ground) == 0
    assert keep(ground) == 0


@pytest.mark.parametrize(
    ("name", "first", "before"),
    [
        ("7", "2026-10-19", ("2026-10-12", "2026-10-18")),
        ("30", "2026-09-26", ("2026-08-27", "2026-09-25")),
        ("month", "2026-10-01", ("2026-09-01", "2026-09-25")),
        ("nonsense", "2026-09-26", ("2026-08-27", "2026-09-25")),
    ],
)
def test_each_period_has_one_as_long_before_it(name, first, before):
    period = period_of(name, date(2026, 10, 25))
    assert str(period.first) == first
    assert (str(period.before_first), str(period.before_last)) == before


def test_a_chosen_period_ends_today_at_the_latest():
    period = period_of("custom", date(2026, 10, 25), "2026-12-31", "2026-10-01")
    assert (str(period.first), str(period.last)) == ("2026-10-01", "2026-10-25")
    assert period_of("custom", date(2026, 10, 25), "never", "").length == 30
