"""Uncertain sends, by what their carrier can prove: the five classes, with a carrier in memory."""

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from hub.contract.kit.toy import Toy
from hub.store import doubts
from hub.store.database import run

ZOE, LEA = "+33639980101", "+33639980102"
PROOFS = ("replay", "lookup", "list", "receipt", "nothing")


@pytest.mark.parametrize("proof", PROOFS)
def test_a_carriers_class_is_its_strongest_proof(proof, clock):
    carrier = Toy(clock).connector(proof).carrier
    assert carrier.proof == proof
    assert carrier.proofs[-1] == "nothing"


@pytest.mark.parametrize("proof", ["replay", "lookup", "list"])
def test_what_was_taken_is_proven_and_never_shown_twice(toys, write_to, proof):
    scene = toys(proof)
    write_to([ZOE], "Bonjour")
    scene.toy.plan = ["lost_after"]
    scene.sends()
    assert scene.all()[0]["state"] == "uncertain"
    assert scene.wait(seconds=6)["state"] == "sent"
    assert scene.all()[0]["carrier_message_id"] == "toy-1"
    assert len(scene.toy.inbox(ZOE)) == 1


@pytest.mark.parametrize("proof", ["receipt", "nothing"])
def test_what_cannot_be_asked_about_is_never_sent_again_by_itself(toys, write_to, proof):
    scene = toys(proof)
    write_to([ZOE], "Bonjour")
    scene.toy.plan = ["lost"]
    scene.sends()
    early = scene.wait(seconds=6)
    assert (early["final_at"] is None) == (proof == "receipt")
    late = scene.wait(minutes=15)
    assert late["state"] == "uncertain"
    assert late["final_at"] is not None
    assert "Settle it by hand" in late["sentence"]
    scene.wait(days=4)
    assert scene.toy.inbox(ZOE) == []
    assert len(scene.all()) == 1


def test_a_replay_gives_the_same_reference_once_more(toys, write_to):
    scene = toys("replay")
    write_to([ZOE], "Bonjour")
    scene.toy.plan = ["lost", "lost"]
    scene.sends()
    scene.wait(seconds=6)
    assert scene.wait(seconds=6)["state"] == "sent"
    assert len(scene.toy.inbox(ZOE)) == 1


def test_beyond_the_window_of_replay_nothing_is_given_again(toys, write_to):
    scene = toys("replay")
    write_to([ZOE], "Bonjour")
    scene.toy.plan = ["lost"]
    scene.sends()
    scene.ground.clock.move(minutes=49)
    assert scene.wait(seconds=1)["final_at"] is not None
    assert scene.toy.inbox(ZOE) == []


def test_a_lookup_must_miss_twice_before_the_message_goes_again(toys, write_to):
    scene = toys("lookup")
    write_to([ZOE], "Bonjour")
    scene.toy.plan = ["lost"]
    scene.sends()
    for _ in range(3):
        assert scene.wait(seconds=45)["state"] == "uncertain"
    scene.wait(seconds=60)
    message = scene.wait(seconds=0)
    assert message["state"] == "sent"
    assert message["tries"] == 2
    assert len(scene.toy.inbox(ZOE)) == 1


def test_the_connection_says_how_long_a_miss_is_not_believed(toys, write_to):
    scene = toys("lookup", settle_seconds="10")
    write_to([ZOE], "Bonjour")
    scene.toy.plan = ["lost"]
    scene.sends()
    for _ in range(4):
        scene.wait(seconds=10)
    assert scene.all()[0]["state"] == "sent"


@pytest.mark.parametrize("typed", ["soon", "-3", "", "0", "1e9", "٣"])
def test_a_delay_that_cannot_be_read_is_the_carriers_own(clock, typed):
    carrier = Toy(clock).connector("lookup").carrier
    assert carrier.settle_delay({"settle_seconds": typed}) == carrier.settle_after


def test_a_list_that_shows_two_alike_proves_nothing(toys, write_to):
    scene = toys("list")
    write_to([ZOE], "Bonjour")
    scene.toy.plan = ["lost_after"]
    scene.sends()
    scene.toy.send(None, [scene.toy.shows[0].outgoing])  # somebody else's, by the same account
    message = scene.wait(seconds=6)
    assert message["state"] == "uncertain"
    assert "several messages like it" in message["sentence"]


def test_a_line_of_the_list_settles_one_message_only(toys, write_to):
    scene = toys("list")
    write_to([ZOE, ZOE], "Bonjour")
    scene.toy.plan = ["lost_after", "lost"]
    scene.sends()
    scene.wait(seconds=6)
    scene.wait(minutes=2)
    for _ in range(4):
        scene.wait(minutes=1)
    states = sorted((m["state"], m["final_at"] is not None) for m in scene.all())
    assert states == [("sent", False), ("uncertain", True)]
    assert len(scene.toy.inbox(ZOE)) == 1


@pytest.mark.parametrize("proof", ["lookup", "list"])
def test_an_id_that_holds_the_number_is_kept_without_it(toys, write_to, token_of, proof):
    scene = toys(proof)
    scene.toy.numbered = True
    write_to([ZOE, ZOE], "Bonjour")
    scene.toy.plan = ["lost_after", "lost"]
    scene.sends()
    scene.wait(seconds=6)
    scene.wait(minutes=2)
    kept = [m["carrier_message_id"] for m in scene.all() if m["state"] == "sent"]
    assert kept[0] == f"{token_of(ZOE)}-1"
    assert len(scene.toy.inbox(ZOE)) == len(kept)


def test_a_list_is_not_asked_for_a_number_that_was_erased(toys, write_to):
    scene = toys("list")
    write_to([ZOE], "Bonjour")
    scene.toy.plan = ["lost_after"]
    scene.sends()
    with scene.ground.database.begin() as db:
        run(db, "DELETE FROM numbers")
    assert scene.wait(seconds=6)["final_at"] is None
    assert scene.wait(minutes=15)["final_at"] is not None
    assert not scene.toy.asked["listed"]
    assert len(scene.toy.inbox(ZOE)) == 1


def test_a_carrier_that_is_away_is_asked_for_three_days(toys, write_to):
    scene = toys("lookup")
    write_to([ZOE], "Bonjour")
    scene.toy.plan, scene.toy.away = ["lost"], True
    scene.sends()
    assert scene.wait(hours=71)["final_at"] is None
    assert scene.wait(hours=2)["final_at"] is not None
    assert scene.toy.asked["find"] == 2


def test_a_policy_sends_a_new_message_that_names_the_old(toys, write_to, policy):
    scene = toys("receipt")
    policy(write_to([ZOE], "Bonjour"), 30)
    scene.toy.plan = ["lost_after"]
    scene.sends()
    scene.wait(minutes=15)
    assert len(scene.all()) == 1
    for _ in range(3):
        scene.wait(minutes=8)
    old, new = scene.all()
    assert (old["state"], old["settled_as"]) == ("uncertain", "sent_again")
    assert new["resends"] == old["id"]
    assert new["state"] == "sent"
    assert len(scene.toy.inbox(ZOE)) == 2


def test_a_policy_never_acts_on_what_is_proven(toys, write_to, policy):
    scene = toys("lookup")
    policy(write_to([ZOE], "Bonjour"), 1)
    scene.toy.plan = ["lost_after"]
    scene.sends()
    for _ in range(5):
        scene.wait(minutes=5)
    assert len(scene.all()) == 1
    assert len(scene.toy.inbox(ZOE)) == 1


def test_a_refusal_is_no_doubt(toys, write_to):
    scene = toys("nothing")
    write_to([ZOE], "Bonjour")
    scene.toy.plan = ["refused"]
    scene.sends()
    assert scene.all()[0]["state"] == "failed"


def test_a_misbehaving_message_holds_up_no_other(toys, write_to, monkeypatch):
    scene = toys("lookup")
    write_to([ZOE, LEA], "Bonjour")
    scene.toy.plan = ["lost_after", "lost_after"]
    scene.sends()
    first, kept = scene.all()[0]["id"], doubts.found

    def found(db, message_id, *rest):
        if message_id == first:
            raise RuntimeError("nonsense")
        return kept(db, message_id, *rest)

    monkeypatch.setattr(doubts, "found", found)
    scene.wait(seconds=6)
    assert sorted(m["state"] for m in scene.all()) == ["sent", "uncertain"]


def test_no_other_doubt_is_tried_once_the_database_is_gone(toys, write_to, monkeypatch):
    scene, tried = toys("lookup"), []
    write_to([ZOE, LEA], "Bonjour")
    scene.toy.plan = ["lost_after", "lost_after"]
    scene.sends()

    def gone(db, message_id, *rest):
        tried.append(message_id)
        raise OperationalError("", None, psycopg.OperationalError("gone"))

    monkeypatch.setattr(doubts, "found", gone)
    with pytest.raises(OperationalError):
        scene.wait(seconds=6)
    assert len(tried) == 1


def test_not_even_a_mistake_of_ours_moves_a_state_backward(toys, write_to):
    scene = toys("nothing")
    write_to([ZOE], "Bonjour")
    scene.sends()
    with scene.ground.database.begin() as db, pytest.raises(DBAPIError, match="from sent to held"):
        run(db, "UPDATE messages SET state = 'held'")
