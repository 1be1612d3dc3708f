"""What a carrier counts against what the hub counts: one in a thousand, midnight left aside."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from hub.contract import Outgoing, Phone
from hub.contract.kit.toy import Toy
from hub.report.reconcile import totals
from hub.report.reconcile.totals import MOST, drift
from hub.store import connections, health, tallies
from hub.store.database import run

PHONES = [f"+3363998{n:04d}" for n in range(8)]


@pytest.mark.parametrize(
    ("ours", "theirs", "edge", "drifts"),
    [
        (0, 0, 0, False),
        (1000, 1000, 0, False),
        (1000, 1001, 0, False),
        (1000, 1002, 0, True),
        (1002, 1000, 0, True),
        (1000, 1010, 10, False),
        (0, 3, 0, True),
    ],
)
def test_one_in_a_thousand_is_let_pass(ours, theirs, edge, drifts):
    assert (drift(Decimal(ours), Decimal(theirs), Decimal(edge)) > MOST) == drifts


@pytest.fixture
def toy(clock):
    return Toy(clock)


@pytest.fixture
def day(ground, workspace, write_to, toy, clock):
    """Eight messages given to a toy at noon, and the hub the day after."""
    there = replace(ground, connectors={"toy": toy.connector("receipt")})
    with ground.database.begin() as db:
        made = connections.add(
            db, ground.vault, workspace_id=workspace, connector="toy", settings={}, secrets={}
        )
        connections.activate(db, made, vendor_state={}, poll_due_at=None, check_due_at=None)
    ids = write_to(PHONES, "Bonjour")
    toy.send(None, [Outgoing(i, Phone(p, "FR"), "x", "GSM7", False) for i, p in
                    zip(ids, PHONES, strict=True)])  # fmt: skip
    with ground.database.begin() as db:
        values = {"carrier": made, "now": clock()}
        run(db, """UPDATE messages SET state = 'sent', tries = 1, carrier_id = :carrier,
            sent_at = :now""", **values)  # fmt: skip
        run(db, """INSERT INTO attempts (message_id, n, carrier_id, owner, started_at, outcome)
            SELECT id, 1, :carrier, 1, :now, 'accepted' FROM messages""", **values)  # fmt: skip
        run(db, """INSERT INTO costs (message_id, n, workspace_id, connection_id, channel, country,
            parts, micros, currency, state, day, at) SELECT id, 1, workspace_id, :carrier, 'sms',
            'FR', 1, 50000, 'EUR', 'reserved', CAST(:now AS timestamptz)::date, :now
            FROM messages""", **values)  # fmt: skip
    clock.move(days=1)
    return there, made


def test_a_day_that_agrees_is_asked_about_once(day, toy):
    there, _ = day
    assert totals.look(there) == []
    assert totals.look(there) == []
    assert toy.asked["counted"] == 1


def test_a_message_too_many_at_the_carrier_is_shown(day, toy, clock):
    there, made = day
    clock.move(days=-1)
    toy.send(None, [Outgoing("stranger", Phone(PHONES[0], "FR"), "x", "GSM7", False)])
    clock.move(days=1)
    [finding] = totals.look(there)
    assert "counted 9 messages, the hub 8" in finding.words
    with there.database.begin() as db:
        assert "counted 9" in health.notes(db, made)[0]["words"]
    clock.move(days=4)
    assert totals.look(there) == []


def test_the_same_number_at_another_price_is_shown(day, clock):
    there, _ = day
    with there.database.begin() as db:
        run(db, "UPDATE costs SET micros = 60000")
    assert [one.found for one in totals.look(there)] == [1]


def test_a_price_in_another_currency_says_nothing(day):
    there, _ = day
    with there.database.begin() as db:
        run(db, "UPDATE costs SET micros = 60000, currency = 'USD'")
    assert totals.look(there) == []


def test_a_carrier_that_is_away_is_asked_again(day, toy):
    there, _ = day
    toy.away = True
    assert totals.look(there) == []
    toy.away = False
    totals.look(there)
    with there.database.begin() as db:
        [tally] = tallies.since(db, there.clock().date() - timedelta(days=2))
    assert (tally["ours"], tally["theirs"], tally["edge"]) == (8, 8, 0)
