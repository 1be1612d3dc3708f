"""Money on the road: set aside before a message goes, given back where it did not, a limit never
passed; the carrier's pace and the next day's room."""

from collections import Counter

import pytest

from hub.store import prices, spend
from hub.store.database import rows

PRICE = 50_000  # millionths: five cents


@pytest.fixture
def priced(ground, workspace, carrier, road):
    """A part costs five cents; `limit(cents)` is what may be spent in a day."""
    road.walk()
    line = {
        "connection_id": str(carrier.connection_id), "channel": "sms", "country": "",
        "micros": PRICE, "currency": "EUR",
    }  # fmt: skip
    with ground.database.begin() as db:
        prices.replace(db, workspace, [line])

    def limit(cents):
        cap = {"scope": "workspace", "key": "", "period": "day", "micros": cents * 10_000}
        with ground.database.begin() as db:
            spend.replace_caps(db, workspace, [cap])

    return limit


def told(ground):
    with ground.database.begin() as db:
        found = rows(db, "SELECT state, reason FROM messages")
    return Counter((m["state"], m["reason"]) for m in found)


def spent(ground):
    with ground.database.begin() as db:
        (line,) = rows(db, "SELECT micros FROM spend WHERE scope = 'workspace' AND period = 'day'")
        (costs,) = rows(db, "SELECT sum(micros) AS n FROM costs WHERE state <> 'released'")
    return line["micros"], int(costs["n"] or 0)


def numbers(count):
    return [f"+3363998010{n}" for n in range(count)]


def test_what_would_pass_the_limit_waits_for_the_next_day(priced, road, ground, clock, write_to):
    priced(cents=17)
    write_to(numbers(5), "Bonjour {{ first_name }}")
    road.walk()
    assert told(ground) == {("delivered", ""): 3, ("held", "spend_cap"): 2}
    clock.move(days=1)
    road.walk()
    assert told(ground) == {("delivered", ""): 5}


def test_what_the_carrier_never_had_costs_nothing(priced, carrier, road, ground, clock, write_to):
    carrier.simulator.faults.plan("429", times=1)
    write_to(numbers(2), "Bonjour {{ first_name }}")
    road.pipeline.send_transactional()
    assert told(ground) == {("scheduled", "throttled"): 2}
    assert spent(ground) == (0, 0)
    clock.move(minutes=2)
    road.walk()
    first, ledger = spent(ground)
    assert first == ledger > 0


def test_what_waits_its_turn_keeps_no_money(priced, carrier, road, ground, write_to):
    with ground.database.begin() as db:
        rows(
            db,
            """UPDATE connections SET settings = settings || '{"per_second": "2"}'
               WHERE id = :id RETURNING id""",
            id=carrier.connection_id,
        )
    write_to(numbers(5), "Bonjour {{ first_name }}")
    road.pipeline.send_transactional()
    assert told(ground) == {("sent", ""): 2, ("held", "paced"): 3}
    line, ledger = spent(ground)
    assert line == ledger == 2 * PRICE
    with ground.database.begin() as db:
        assert len(rows(db, "SELECT * FROM attempts")) == 2
