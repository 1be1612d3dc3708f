"""What a person says of an uncertain message: arrived, not arrived, send it again."""

import pytest

from hub.contract import Receipt
from hub.send.progress import apply
from hub.send.settled import settle_as
from hub.store import doubts, messages, settlements
from hub.store.database import rows

ZOE, LEA = "+33639980101", "+33639980102"


@pytest.fixture
def scene(toys, write_to):
    """Two messages in doubt, at a carrier that can prove nothing."""
    made = toys("nothing")
    write_to([ZOE, LEA], "Bonjour")
    made.toy.plan = ["lost_after", "lost"]
    made.sends()
    made.wait(seconds=6)
    return made


def settle(scene, verdict, which=0, workspace=None):
    chosen = scene.all()[which]
    with scene.ground.database.begin() as db:
        now = scene.ground.clock()
        return settle_as(
            db, verdict, [chosen["id"]], workspace or chosen["workspace_id"], "Zoé", now
        )


@pytest.mark.parametrize(
    ("verdict", "state"),
    [("arrived", "sent"), ("not_arrived", "failed"), ("sent_again", "uncertain")],
)
def test_each_verdict_is_kept_with_who_gave_it(scene, token_of, verdict, state):
    assert [row["state"] for row in settle(scene, verdict)] == [state]
    message = scene.all()[0]
    assert (message["state"], message["settled_as"]) == (state, verdict)
    with scene.ground.database.begin() as db:
        kept = settlements.of_message(db, message["id"])
        left = doubts.listed(db, message["workspace_id"], None, 10)
    assert (kept["verdict"], kept["by_whom"]) == (verdict, "Zoé")
    assert [m["phone"] for m in left] == [token_of(LEA)]


def test_what_is_settled_once_is_settled(scene):
    assert len(settle(scene, "sent_again")) == 1
    for verdict in ("arrived", "not_arrived", "sent_again"):
        assert settle(scene, verdict) == []
    scene.sends()
    assert len(scene.all()) == 3


def test_another_workspace_settles_nothing(scene, other_workspace):
    assert settle(scene, "arrived", workspace=other_workspace) == []
    assert scene.all()[0]["state"] == "uncertain"


def test_a_message_sent_again_is_one_more_with_its_own_price(scene, token_of):
    settle(scene, "sent_again", 1)
    scene.sends()
    _, old, new = scene.all()
    assert (new["state"], new["resends"]) == ("sent", old["id"])
    assert new["phone"] == old["phone"] == token_of(LEA)
    assert len(scene.toy.inbox(LEA)) == 1
    with scene.ground.database.begin() as db:
        paid = rows(db, "SELECT message_id FROM costs WHERE state = 'reserved'")
    assert {r["message_id"] for r in paid} == {m["id"] for m in scene.all()}


def test_an_old_message_that_arrives_after_all_takes_back_what_still_waits(scene):
    settle(scene, "sent_again")
    now, old = scene.ground.clock(), scene.all()[0]
    with scene.ground.database.begin() as db:
        locked = messages.lock(db, [old["id"]])
        apply(db, [(Receipt("toy-1", str(old["id"]), "delivered"), locked[old["id"]])], now)
    scene.sends()
    assert [m["state"] for m in scene.all()] == ["delivered", "uncertain", "cancelled"]
    assert len(scene.toy.inbox(ZOE)) == 1


def test_a_receipt_may_still_say_better_than_a_person(scene):
    settle(scene, "not_arrived")
    now, old = scene.ground.clock(), scene.all()[0]
    with scene.ground.database.begin() as db:
        locked = messages.lock(db, [old["id"]])
        apply(db, [(Receipt("toy-1", "", "delivered"), locked[old["id"]])], now)
    assert scene.all()[0]["state"] == "delivered"


def test_delivered_never_goes_back(scene):
    old = scene.all()[0]["id"]
    for state in ("delivered", "failed", "sent", "expired"):
        with scene.ground.database.begin() as db:
            locked = messages.lock(db, [old])
            apply(db, [(Receipt("toy-1", "", state), locked[old])], scene.ground.clock())
        assert scene.all()[0]["state"] == "delivered"
