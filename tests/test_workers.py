"""Workers together, and workers that die: whoever claims, each message goes out once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from hub.send.doubt import mark_abandoned
from hub.store import backlog, sending
from hub.store.database import row, rows
from hub.work.liveness import LOCK_CLASS, Proof

ZOE = "+33639980123"


def place(shop, **more):
    given = {"first_name": "Zoé", "phone": "06 39 98 01 23", "country": "FR", "consent": True}
    return shop.simulator.place_order(**{**given, **more})


def claim_and_die(ground, carrier, owner=77):
    """What a worker leaves behind that died before, or after, the carrier heard of it."""
    now = ground.clock()
    with ground.database.begin() as db:
        claimed = sending.claim(db, "transactional", now, 10)
        ready = [
            {
                "id": m["id"],
                "channel": "sms",
                "body": "Bonjour",
                "encoding": "GSM7",
                "parts": 1,
                "sender": "",
                "carrier_id": carrier.connection_id,
            }
            for m in claimed
        ]
        sending.start_sending(db, ready, owner, now, now + timedelta(seconds=60))
    return [m["id"] for m in claimed]


def states(ground):
    with ground.database.begin() as db:
        return [r["state"] for r in rows(db, "SELECT state FROM messages ORDER BY id")]


def walk_until_planned(road, shop):
    shop.simulator.flush()
    for arrow in ("open", "decide"):
        getattr(road.pipeline, arrow)()


def test_four_workers_at_once_send_each_message_once(shop, carrier, road):
    road.walk()
    for n in range(80):
        place(shop, phone=f"06 39 98 {n // 100:02d} {n % 100:02d}")
    shop.simulator.flush()
    barrier = threading.Barrier(4)

    def work(_):
        barrier.wait()
        for _round in range(6):
            for arrow in ("open", "decide", "send_transactional", "settle", "write_back"):
                getattr(road.pipeline, arrow)()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    road.walk()
    assert sorted(carrier.simulator.all_carried().values()) == [1] * 80


def test_a_living_workers_message_is_not_taken_from_it(shop, carrier, road, ground, clock):
    road.walk()
    place(shop)
    walk_until_planned(road, shop)
    proof = Proof(ground.settings.database_url)
    claim_and_die(ground, carrier, owner=proof.prove())
    clock.move(minutes=5)
    assert mark_abandoned(ground, LOCK_CLASS) == 0
    assert states(ground) == ["sending"]
    proof.close()


def test_a_dead_workers_message_is_uncertain_then_proven_unsent_then_sent_once(
    shop, carrier, road, ground, clock
):
    road.walk()
    place(shop)
    walk_until_planned(road, shop)
    claim_and_die(ground, carrier)
    clock.move(seconds=59)
    assert mark_abandoned(ground, LOCK_CLASS) == 0
    clock.move(seconds=2)
    assert mark_abandoned(ground, LOCK_CLASS) == 1
    assert states(ground) == ["uncertain"]
    for _ in range(6):
        clock.move(minutes=5)
        road.walk()
    assert states(ground) == ["delivered"]
    assert len(carrier.simulator.inbox(ZOE)) == 1


def test_an_acceptance_that_comes_late_wins_over_the_doubt(shop, carrier, road, ground, clock):
    road.walk()
    place(shop)
    walk_until_planned(road, shop)
    [message] = claim_and_die(ground, carrier)
    clock.move(seconds=61)
    mark_abandoned(ground, LOCK_CLASS)
    late = {
        "id": message,
        "fence": 1,
        "n": 1,
        "state": "sent",
        "reason": "",
        "sentence": "",
        "carrier_message_id": "carrier-1",
        "due_at": None,
        "outcome": "accepted",
        "price": None,
        "currency": None,
    }
    with ground.database.begin() as db:
        sending.finish_sending(db, [late], clock())
    assert states(ground) == ["sent"]


def test_a_fence_that_no_longer_stands_cannot_put_a_message_back(
    shop, carrier, road, ground, clock
):
    road.walk()
    place(shop)
    walk_until_planned(road, shop)
    [message] = claim_and_die(ground, carrier)
    back = {
        "id": message,
        "fence": 0,
        "n": 1,
        "state": "scheduled",
        "reason": "",
        "sentence": "",
        "carrier_message_id": None,
        "due_at": None,
        "outcome": "given_back",
        "price": None,
        "currency": None,
    }
    with ground.database.begin() as db:
        sending.finish_sending(db, [back], clock())
    assert states(ground) == ["sending"]


def test_the_database_itself_refuses_a_state_that_goes_back(shop, carrier, road, ground):
    import pytest
    from sqlalchemy.exc import DBAPIError

    road.walk()
    place(shop)
    road.walk()
    assert states(ground) == ["delivered"]
    with pytest.raises(DBAPIError), ground.database.begin() as db:
        rows(db, "UPDATE messages SET state = 'scheduled' RETURNING id")


def test_a_lost_nudge_costs_nothing(shop, carrier, road, ground):
    road.walk()
    place(shop)
    shop.simulator.flush()
    with ground.database.begin() as db:
        assert "open" in backlog.due(db, ground.clock())
    road.walk()
    with ground.database.begin() as db:
        assert backlog.due(db, ground.clock()) == []
        assert row(db, "SELECT count(*) AS n FROM messages")["n"] == 1
