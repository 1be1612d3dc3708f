"""Money under attack: eight worker processes at once, Redis alive or dead, thousands of messages to
one range of numbers. Not a cent over the limit, and what a limit keeps says why."""

from pathlib import Path

import pytest

from hub.contract import utc_now
from hub.local.stage import errands
from hub.store import prices, spend, workspaces
from hub.store.database import row, rows

PRICE, MOST = 50_000, 137  # micros a message; what the limit allows
NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture(scope="module")
def zygote():
    """A process that has imported the hub, and forks one for each errand."""
    with errands(Path(__file__).parent / "dying.py") as go:
        yield go


@pytest.fixture
def race(zygote, settings, clock):
    """`race(redis)`: eight processes send what is due; how each ended. They live in real time, as
    their pace does."""
    clock.now = utc_now()

    def go(redis=""):
        environment = {**settings.environment(), "HUB_CRASH_AT": ""}
        environment |= {"HUB_REDIS_URL": redis} if redis else {}
        return zygote({"what": "race", "workers": 8, "environment": environment, "now": ""})

    return go


@pytest.fixture
def pumped(race, ground, workspace, installed, cast, road, write_to):
    """`pumped(n)`: that many messages wait, all to one range of numbers, each to pay for."""
    carrier = installed(
        cast["phones"],
        settings={"agent": "", "per_second": "1000"},
        secrets={"rcs_key": ""},
    )
    road.walk()
    line = {
        "connection_id": str(carrier.connection_id), "channel": "sms", "country": "",
        "micros": PRICE, "currency": "EUR",
    }  # fmt: skip
    with ground.database.begin() as db:
        prices.replace(db, workspace, [line])

    def plan(count):
        write_to([f"+33639980{n % 1000:03d}" for n in range(count)], "Bonjour {{ first_name }}")
        return carrier.simulator

    return plan


def limit(ground, workspace, micros):
    with ground.database.begin() as db:
        cap = {"scope": "prefix", "key": "", "period": "day", "micros": micros}
        spend.replace_caps(db, workspace, [cap])


def spent(ground):
    with ground.database.begin() as db:
        told = row(db, "SELECT micros, messages FROM spend WHERE scope = 'prefix'")
        paid = row(db, "SELECT sum(micros) AS n FROM costs WHERE state <> 'released'")
    return told["micros"], told["messages"], int(paid["n"])


def kept(ground):
    with ground.database.begin() as db:
        found = rows(db, "SELECT reason FROM messages WHERE state = 'held'")
    return [m["reason"] for m in found]


@pytest.mark.parametrize(("redis", "count"), [("", 2000), (NOBODY, 500)], ids=["Redis", "no Redis"])
def test_thousands_of_messages_to_one_range_cost_what_the_limit_says_and_no_more(
    redis, count, pumped, race, ground, workspace
):
    limit(ground, workspace, MOST * PRICE + PRICE - 1)
    phones = pumped(count)
    assert race(redis)["ends"] == [0] * 8
    assert spent(ground) == (MOST * PRICE, MOST, MOST * PRICE)
    assert sorted(phones.all_carried().values()) == [1] * MOST
    assert kept(ground) == ["spend_cap"] * (count - MOST)


def test_so_many_messages_a_day_and_not_one_more(pumped, race, ground, workspace):
    with ground.database.begin() as db:
        workspaces.change(db, workspace, rules={"messages_per_day": MOST})
    phones = pumped(400)
    assert race()["ends"] == [0] * 8
    assert sum(phones.all_carried().values()) == MOST
    assert kept(ground) == ["message_cap"] * (400 - MOST)


def test_what_is_paused_by_hand_stays_until_it_is_resumed(pumped, race, ground, workspace):
    with ground.database.begin() as db:
        assert workspaces.pause(db, None, "all") == [workspace]
    phones = pumped(40)
    assert race()["ends"] == [0] * 8
    assert (kept(ground), phones.all_carried()) == (["paused"] * 40, {})
    with ground.database.begin() as db:
        workspaces.pause(db, workspace, None)
        assert spend.wake(db, workspace, utc_now()) == 40
    assert race()["ends"] == [0] * 8
    assert sorted(phones.all_carried().values()) == [1] * 40


def test_a_sixth_message_in_an_hour_does_not_reach_the_same_person(
    shop, carrier, road, ground, clock
):
    road.walk()
    given = {"first_name": "Zoé", "phone": "06 39 98 01 23", "country": "FR", "consent": True}
    for _ in range(7):
        shop.simulator.place_order(**given)
        road.walk()
    assert len(carrier.simulator.inbox("+33639980123")) == 5
    with ground.database.begin() as db:
        no = rows(db, "SELECT reason FROM decisions WHERE action = 'skip'")
    assert [d["reason"] for d in no].count("cap") == 2
    clock.move(minutes=61)
    shop.simulator.place_order(**given)
    road.walk()
    assert len(carrier.simulator.inbox("+33639980123")) == 6
