"""Receipts that are later than receipts ever are: the carrier is asked, and its answer counts."""

import pytest

from hub.send.silent import LEAST, LONGEST, USUAL, ask_silent, patience
from hub.store.database import row, run

ZOE, LEA = "+33639980101", "+33639980102"


@pytest.mark.parametrize(
    ("told", "p99", "seconds"),
    [(0, 0.0, USUAL), (49, 5.0, USUAL), (50, 5.0, LEAST), (50, 7000.0, 7000.0),
     (50, 1e9, LONGEST)],
)  # fmt: skip
def test_a_receipt_is_waited_for_as_long_as_they_take(told, p99, seconds):
    assert patience(told, p99) == seconds


@pytest.fixture
def scene(toys, write_to):
    made = toys("lookup")
    write_to([ZOE, LEA], "Bonjour")
    made.sends()
    ask_silent(made.ground)
    return made


def silence(scene):
    with scene.ground.database.begin() as db:
        return row(db, "SELECT * FROM silences")


def test_a_lost_receipt_is_asked_for_once_it_is_late(scene, clock):
    scene.toy.end(ZOE, "delivered")
    clock.move(minutes=55)
    assert ask_silent(scene.ground) == 0
    clock.move(minutes=6)
    assert ask_silent(scene.ground) == 1
    assert [m["state"] for m in scene.all()] == ["delivered", "sent"]
    assert silence(scene)["silent"] == 1
    assert scene.toy.asked["status"] == 2


def test_a_carrier_is_asked_under_its_own_id_though_rows_hide_the_number_in_it(
    toys, write_to, clock, token_of
):
    made = toys("lookup")
    made.toy.numbered = True
    write_to([ZOE, LEA], "Bonjour")
    made.sends()
    ask_silent(made.ground)
    with made.ground.database.begin() as db:
        run(db, "UPDATE messages SET carrier_message_id = NULL WHERE phone = :p", p=token_of(LEA))
    made.toy.end(ZOE, "delivered")
    made.toy.end(LEA, "failed")
    clock.move(hours=2)
    assert ask_silent(made.ground) == 2
    assert (made.toy.asked["status"], made.toy.asked["find"]) == (1, 1)
    names = [m["carrier_message_id"] for m in made.all()]
    assert names == [f"{token_of(ZOE)}-1", f"{token_of(LEA)}-2"]


def test_each_message_is_asked_about_once(scene, clock):
    clock.move(hours=2)
    for _ in range(3):
        ask_silent(scene.ground)
        clock.move(minutes=5)
    assert scene.toy.asked["status"] == 2
    assert silence(scene)["silent"] == 0  # it has never told the end of any: nothing is missing


def test_a_failure_told_late_is_a_failure(scene, clock):
    scene.toy.end(LEA, "failed")
    clock.move(hours=2)
    ask_silent(scene.ground)
    assert [m["state"] for m in scene.all()] == ["sent", "failed"]


def test_a_carrier_that_is_away_costs_nothing(scene, clock):
    scene.toy.away = True
    clock.move(hours=2)
    assert ask_silent(scene.ground) == 0
    assert {m["state"] for m in scene.all()} == {"sent"}
