"""Receipts that come before their message is known are kept, and read again when it is."""

from datetime import timedelta

import pytest

from hub.send.orphans import KEPT, forget_orphans, match_orphans
from hub.send.settle import settle_batch
from hub.store import doubts
from hub.store.database import new_id, rows, run

ZOE, LEA = "+33639980101", "+33639980102"


@pytest.fixture
def scene(toys, write_to, workspace):
    """Two messages whose answers were lost, and the receipts of both, under the carrier's ids."""
    made = toys("nothing")
    write_to([ZOE, LEA], "Bonjour")
    made.toy.plan = ["lost_after", "lost_after"]
    made.sends()
    with made.ground.database.begin() as db:
        run(
            db,
            """INSERT INTO intakes (id, workspace_id, connection_id, road, source, dedupe_key,
                   method, headers, query, body, received_at, due_at)
               VALUES (:id, :shop, :carrier, 'carrier', 'hook', 'one', 'POST', '{}', '{}',
                   :body, :now, :now)""",
            id=new_id(), shop=workspace, carrier=made.carrier_id, now=made.ground.clock(),
            body=b"toy-1 delivered\ntoy-2 failed",
        )  # fmt: skip
    assert settle_batch(made.ground) == 1
    return made


def known(scene, place):
    """The answer to one of them is known after all."""
    message = scene.all()[place]
    with scene.ground.database.begin() as db:
        now = scene.ground.clock()
        doubts.found(db, message["id"], "sent", f"toy-{place + 1}", now)


def states(scene):
    return [m["state"] for m in scene.all()]


def test_a_receipt_finds_its_message_once_that_is_known(scene, clock):
    assert states(scene) == ["uncertain", "uncertain"]
    clock.move(hours=1)
    assert match_orphans(scene.ground) == 0
    known(scene, 0)
    assert match_orphans(scene.ground) == 1
    assert settle_batch(scene.ground) == 1
    assert states(scene) == ["delivered", "uncertain"]
    known(scene, 1)
    assert match_orphans(scene.ground) == 1
    assert settle_batch(scene.ground) == 1
    assert states(scene) == ["delivered", "failed"]
    assert match_orphans(scene.ground) == 0


def test_a_receipt_of_nobodys_is_kept_for_seven_days(scene, clock):
    assert forget_orphans(scene.ground) == 0
    clock.now += KEPT + timedelta(seconds=1)
    known(scene, 0)
    assert match_orphans(scene.ground) == 0
    assert forget_orphans(scene.ground) == 2
    with scene.ground.database.begin() as db:
        assert rows(db, "SELECT 1 FROM receipts") == []
