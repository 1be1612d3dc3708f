"""Weights move and come back; circuits open, are tried and close; a banner says so."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from hub.send import breaker
from hub.send.breaker import banners, note
from hub.store import connections, health, marks, routes
from hub.store.database import Row
from hub.store.ground import Ground


class Watched:
    """A carrier whose batches are noted; `mark` is how it stands."""

    def __init__(self, ground: Ground, id: UUID) -> None:
        self.ground, self.id = ground, id
        with ground.database.begin() as db:
            self.row: Row = connections.by_ids(db, [id])[id]

    def batch(self, outcome: str = "accepted", of: int = 10, among: int = 0, took: float = 0.1):
        """`of` such answers among so many that were accepted."""
        said = Counter({outcome: of, "accepted": among} if among else {outcome: of})
        with self.ground.database.begin() as db:
            note(db, self.row, "sms", said.elements(), took, self.ground.clock())

    @property
    def mark(self) -> Row:
        with self.ground.database.begin() as db:
            return marks.of_connections(db, [self.id])[self.id, "sms"]


@pytest.fixture
def watched(ground: Ground, add_carrier: Any) -> Watched:
    return Watched(ground, add_carrier("First"))


def _open(watched: Watched, outcome: str = "not_reached"):
    for _ in range(breaker.PATIENCE):
        watched.batch(outcome)


def test_a_weight_goes_down_with_errors_and_comes_back_step_by_step(watched: Watched):
    watched.batch()
    assert watched.mark["share"] == 1
    watched.batch("unknown")
    watched.batch("unknown")
    assert watched.mark["share"] == pytest.approx(0.25)
    watched.batch("unknown", of=2, among=8)
    assert watched.mark["share"] == pytest.approx(0.225)
    shares = []
    for _ in range(9):
        watched.batch()
        shares.append(watched.mark["share"])
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(0.325)
    assert shares[-1] == 1


def test_it_never_goes_to_nothing(watched: Watched):
    for _ in range(20):
        watched.batch("unknown")
    assert watched.mark["share"] == pytest.approx(breaker.LEAST_SHARE)


def test_slowness_counts_half_and_opens_no_circuit(watched: Watched):
    for _ in range(4):
        watched.batch(took=breaker.SLOW + 1)
    assert watched.mark["share"] == pytest.approx(0.75**4)
    assert watched.mark["open_until"] is None
    assert watched.mark["seconds"] > 1


def test_refused_messages_are_not_the_carriers_fault(watched: Watched):
    for _ in range(5):
        watched.batch("refused")
    assert (watched.mark["share"], watched.mark["open_until"]) == (1, None)


def test_what_was_given_back_says_nothing(ground: Ground, watched: Watched):
    watched.batch("given_back")
    with ground.database.begin() as db:
        assert marks.of_connections(db, [watched.id]) == {}


@pytest.mark.parametrize("outcome", ["not_reached", "unknown", "auth_lost"])
def test_repeated_errors_open_the_circuit_for_a_while(
    watched: Watched, clock: Any, outcome: str, ground: Ground
):
    watched.batch(outcome)
    watched.batch(outcome)
    assert watched.mark["open_until"] is None
    watched.batch(outcome)
    assert watched.mark["open_until"] == clock() + timedelta(seconds=breaker.FIRST)
    with ground.database.begin() as db:
        assert "left alone until 10:00 UTC" in health.notes(db, watched.id)[0]["words"]


def test_one_good_batch_between_errors_keeps_it_closed(watched: Watched):
    for _ in range(4):
        watched.batch("unknown")
        watched.batch("unknown")
        watched.batch()
    assert watched.mark["open_until"] is None


def test_answers_to_calls_made_before_change_nothing_of_an_open_circuit(watched: Watched):
    _open(watched)
    until = watched.mark["open_until"]
    for _ in range(4):
        watched.batch("not_reached")
    watched.batch()
    assert (watched.mark["open_until"], watched.mark["trips"]) == (until, 1)


def test_on_trial_one_bad_batch_opens_it_for_twice_as_long(watched: Watched, clock: Any):
    _open(watched)
    for trip, seconds in enumerate((10, 20, 40, 60, 60), start=2):
        clock.move(seconds=400)
        watched.batch("not_reached", of=1)
        assert watched.mark["open_until"] == clock() + timedelta(seconds=seconds)
        assert watched.mark["trips"] == trip


def test_on_trial_one_good_batch_closes_it_and_the_past_is_forgotten_later(
    watched: Watched, clock: Any
):
    _open(watched)
    clock.move(seconds=11)
    watched.batch(of=1)
    assert (watched.mark["open_until"], watched.mark["trips"]) == (None, 1)
    assert watched.mark["share"] == pytest.approx(0.225)
    for _ in range(8):
        watched.batch(of=1)
    assert (watched.mark["share"], watched.mark["trips"]) == (1, 0)


def test_a_banner_tells_who_fails_and_who_takes_over(
    ground: Ground, workspace: UUID, other_workspace: UUID, watched: Watched, add_carrier: Any
):
    clock: Any = ground.clock
    with ground.database.begin() as db:
        assert banners(db, workspace, clock()) == []
    _open(watched)
    second = add_carrier("Second")
    with ground.database.begin() as db:
        [alone] = banners(db, workspace, clock())
        assert alone == (
            "First is failing: it cannot be reached. SMS messages wait, unless another carrier "
            "takes them. It is tried again at 10:00 UTC."
        )
        line = {"channel": "sms", "country": "", "weight": 100}
        routes.replace(
            db,
            workspace,
            [
                {**line, "position": n, "connection_id": str(id)}
                for n, id in enumerate((watched.id, second))
            ],
        )
        clock.move(seconds=30)
        [helped] = banners(db, None, clock())
        assert "SMS messages go through Second. It is being tried again." in helped
        assert banners(db, other_workspace, clock()) == []
