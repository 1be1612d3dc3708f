"""`hub explain` and `hub replay` on a real database."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from hub.contract import utc_now
from hub.local.testing import HandClock, Installed, Road
from hub.store import intakes
from hub.store.database import row
from hub.store.ground import Ground

NUMBER = "+33639980123"


def test_explain_tells_every_station_and_check(hub: Any, sent: UUID):
    told = hub("explain", str(sent))
    assert told.exit_code == 0
    for words in ("●", "arrived", "delivered", "done", "Is the automation switched on?", "│"):
        assert words in told.output
    assert NUMBER not in told.output
    assert "+33*******23" in told.output


def test_explain_takes_the_beginning_of_an_id_and_can_be_brief(hub: Any, sent: UUID):
    told = hub("explain", str(sent)[:34], "--brief")
    assert told.exit_code == 0
    assert "Is the automation switched on?" not in told.output


def test_explain_lists_what_a_short_beginning_could_mean(hub: Any, sent: UUID):
    told = hub("explain", str(sent)[:8])
    assert told.exit_code == 1
    assert f"message {sent}" in told.output


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("0191", "too short"),
        ("ffffffff-ffff", "begins with"),
        ("order number 12", "begins with"),
    ],
)
def test_explain_says_that_it_knows_nothing_of_an_id(hub: Any, id: str, words: str):
    told = hub("explain", id)
    assert told.exit_code == 1
    assert words in told.output


def _opened(ground: Ground) -> Any:
    with ground.database.begin() as db:
        return row(db, "SELECT id FROM intakes WHERE state = 'opened' AND road = 'events'")


def test_replay_opens_an_intake_again_and_sends_nothing_twice(
    hub: Any, sent: UUID, road: Road, ground: Ground, carrier: Installed, clock: HandClock
):
    intake = _opened(ground)["id"]
    told = hub("replay", str(intake))
    assert told.exit_code == 0
    assert "stay as they are" in told.output
    assert _opened(ground) is None
    clock.now = utc_now() + timedelta(minutes=1)
    road.walk()
    assert hub("explain", str(intake)).exit_code == 0
    with ground.database.begin() as db:
        again = intakes.get(db, intake)
    assert again
    assert (again["state"], again["reason"]) == ("ignored", "Nothing new: all of it was known.")
    assert len(carrier.simulator.inbox(NUMBER)) == 1


def test_replay_of_what_is_not_there_says_so(hub: Any, sent: UUID):
    told = hub("replay", str(sent))
    assert (told.exit_code, "There is no intake" in told.output) == (1, True)
