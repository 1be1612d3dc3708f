"""Receipts that come before their message is known are kept, and read again when it is."""

from datetime import timedelta

import pytest

from hub.send.orphans import KEPT, forget_orphans, match_orphans
from hub.send.settle import settle_batch
from hub.store import doubts, intakes
from hub.store.database import rows, run
from hub.store.numbers import tokened

ZOE, LEA = "+33639980101", "+33639980102"


@pytest.fixture(params=["plain", "numbered"])
def scene(toys, write_to, workspace, request):
    """Two messages whose answers were lost, and the receipts of both, under the carrier's ids;
    some carriers' hold the number."""
    made = toys("nothing")
    write_to([ZOE, LEA], "Bonjour")
    made.toy.plan = ["lost_after", "lost_after"]
    made.toy.numbered = request.param == "numbered"
    made.sends()
    told = f"{made.toy.shows[0].id} delivered\n{made.toy.shows[1].id} failed"
    raw = intakes.Raw(
        workspace, made.carrier_id, "carrier", "hook", "one", "POST", {}, {}, told.encode(),
        made.ground.clock(),
    )  # fmt: skip
    with made.ground.database.cursor() as cursor:
        intakes.keep(cursor, made.ground.vault, [raw])
    assert settle_batch(made.ground) == 1
    return made


def known(scene, place):
    """The answer to one of them is known after all."""
    message = scene.all()[place]
    with scene.ground.database.begin() as db:
        name, vault = scene.toy.shows[place].id, scene.ground.vault
        name = tokened(vault, message["workspace_id"], name)
        doubts.found(db, message["id"], "sent", name, scene.ground.clock())


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


def test_what_was_forgotten_meanwhile_is_not_read_again(scene):
    known(scene, 0)
    with scene.ground.database.begin() as db:
        run(db, "UPDATE intakes SET sealed = ''")
    assert match_orphans(scene.ground) == 0
    with scene.ground.database.begin() as db:
        assert len(rows(db, "SELECT 1 FROM receipts")) == 2


def test_a_receipt_of_nobodys_is_kept_for_seven_days(scene, clock):
    assert forget_orphans(scene.ground) == 0
    clock.now += KEPT + timedelta(seconds=1)
    known(scene, 0)
    assert match_orphans(scene.ground) == 0
    assert forget_orphans(scene.ground) == 2
    with scene.ground.database.begin() as db:
        assert rows(db, "SELECT 1 FROM receipts") == []
