"""The first carrier dies in the middle of many sends: the second takes over what is proven not
sent, what is in doubt is listed and settles, nobody gets two and nobody gets none.

HUB_SENDS sets how many; the suite sends a few hundred.
"""

import os
from collections import Counter
from functools import partial

import pytest

from hub.automations.judge import judge
from hub.connections import install
from hub.contract.kit.simulator import serve
from hub.send.dispatch import send_due
from hub.store.database import rows

MANY = int(os.environ.get("HUB_SENDS", "400"))


@pytest.fixture
def two_carriers(ground, workspace, found, cast, clock, road):
    """Two accounts at the same carrier, each with its own oracle; the first is preferred."""
    made = []
    for name in ("first", "second"):
        simulator = type(found.simulator(cast["phones"]))(clock=clock)
        served = serve(simulator)
        chosen = {"settle_seconds": "1", "per_second": "100000", "agent": ""}
        settings = {**simulator.settings(served.url), **chosen}
        started = install.start(ground, workspace, cast["phones"], settings, simulator.secrets())
        made.append((name, simulator, served, started.connection_id))
        road.simulators.append(simulator)
    road.walk()
    yield made
    for _, _, served, _ in made:
        served.stop()


def states(ground):
    with ground.database.begin() as db:
        return Counter(r["state"] for r in rows(db, "SELECT state FROM messages"))


def test_a_carrier_that_dies_in_the_middle_costs_nobody_a_message_and_doubles_none(
    ground, two_carriers, road, clock, write_to
):
    (_, first, served, _), (_, second, _, _) = two_carriers
    numbers = [f"+3363998{n:04d}" for n in range(MANY)]
    wanted = write_to(numbers, "Bonjour {{ first_name }}, votre commande est en route.")
    sent = partial(
        send_due, ground, "transactional", road.pipeline.proof, judge, limit=max(MANY // 20, 1)
    )
    for _ in range(6):
        sent()
    first.faults.at_random(1.0, seed=11)  # dying: some are taken and nobody hears of it
    for _ in range(4):
        sent()
    served.stop()
    while sent():
        clock.move(seconds=5)
    doubtful = uncertain(ground)
    assert doubtful
    assert all("does not send it again without proof" in one["sentence"] for one in doubtful)
    first.faults.clear()
    assert first.flush(120)
    assert second.flush(120)
    with serve(first, port=served.server.server_port):
        for _ in range(30):
            clock.move(minutes=2)
            road.walk()
    carried = first.all_carried() + second.all_carried()
    assert Counter(carried[one] for one in wanted) == {1: MANY}
    assert set(states(ground)) <= {"sent", "delivered"}
    assert sum(second.all_carried().values()) > MANY // 4


def uncertain(ground):
    with ground.database.begin() as db:
        return rows(db, "SELECT id, sentence FROM messages WHERE state = 'uncertain'")
