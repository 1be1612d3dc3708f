"""The road of a message that nobody knows whether it arrived, and of the one sent again for it."""

import pytest

from hub.report.road import road_of
from hub.store import doubts, settlements
from hub.store.database import rows, run

ZOE = "+33639980101"


@pytest.fixture
def doubtful(ground, workspace, write_to):
    write_to([ZOE], "Bonjour")
    with ground.database.begin() as db:
        run(db, "UPDATE messages SET state = 'uncertain', tries = 1, sending_at = due_at")
        [row] = rows(db, "SELECT id FROM messages")
    return row["id"]


def station(ground, id):
    with ground.database.begin() as db:
        road = road_of(db, id, now=ground.clock())
    return next(s for s in road.stations if s.name == "sent"), road


def settle(ground, id, verdict):
    with ground.database.begin() as db:
        changed = settlements.mark(db, [id], None, verdict, "Uncertain.", ground.clock())
        settlements.keep(db, changed, "Zoé", ground.clock())
        return settlements.resend(db, [id], ground.clock(), "Sent again.")


def test_what_is_final_says_that_a_person_settles_it(ground, doubtful):
    with ground.database.begin() as db:
        doubts.close(db, doubtful, "receipt", "Uncertain: settle it by hand.", ground.clock())
    sent, _ = station(ground, doubtful)
    assert (sent.state, sent.sentence) == ("stopped", "Uncertain: settle it by hand.")


def test_a_settled_arrival_names_who_settled_it(ground, doubtful):
    settle(ground, doubtful, "arrived")
    sent, road = station(ground, doubtful)
    assert (road.state, sent.state) == ("sent", "done")
    assert "Zoé settled that it arrived" in sent.sentence


def test_the_old_and_the_new_message_name_each_other(ground, doubtful):
    [new] = settle(ground, doubtful, "sent_again")
    sent, _ = station(ground, doubtful)
    assert f"The new one is message {new['id']}." in sent.sentence
    with ground.database.begin() as db:
        run(db, "UPDATE messages SET body = 'Bonjour' WHERE id = :id", id=new["id"])
    _, road = station(ground, new["id"])
    written = next(s for s in road.stations if s.name == "written")
    assert ("Sent again for", f"message {doubtful}") in written.details
