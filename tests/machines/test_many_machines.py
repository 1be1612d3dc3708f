"""A hub on two machines, one of which loses its cable to PostgreSQL, then one of which stands
still: the other ticks on, and each message goes out once."""

import signal

import pytest

from hub.contract import utc_now
from hub.local.cast import CAST
from hub.store import routes

from .conftest import until

NUMBERS = [f"+336399801{n:02d}" for n in range(12)]

pytestmark = pytest.mark.netns


@pytest.fixture
def clock():
    """The true one: other processes have no other."""
    return utc_now


@pytest.fixture
def carriers(installed, ground, workspace):
    """Two accounts that share the work: one part of what is claimed waits for the other's call."""
    chosen = {"agent": "", "settle_seconds": "1"}
    made = [installed(CAST["phones"], settings=chosen, secrets={"rcs_key": ""}) for _ in range(2)]
    shares = [
        {"channel": "sms", "country": "", "position": 1, "weight": 50, "connection_id": id_}
        for id_ in (one.connection_id for one in made)
    ]
    with ground.database.begin() as db:
        routes.replace(db, workspace, shares)
    return made


def carried(carriers):
    return [number for one in carriers for number in one.simulator.all_carried().values()]


def a_call_has_begun(carriers):
    return any(one.simulator.faults.met for one in carriers)


def port_of(url):
    return int(url.partition("@")[2].rpartition(":")[2].split("/")[0] or 0)


def test_a_machine_that_is_cut_off_stops_and_the_other_does_its_work_once(
    machines, near, settings, road, carriers, write_to
):
    cut, other = machines
    near(port_of(settings.redis_url), *(int(one.url.rpartition(":")[2]) for one in carriers))
    road.walk()
    first = cut.run(settings, "clock")
    until(lambda: cut.said("clock", "clock.ticking"))
    second = other.run(settings, "clock")
    cut.run(settings, "worker")
    until(lambda: cut.said("worker", "worker.proof"))
    for one in carriers:
        one.simulator.faults.plan("slow", on="messages", seconds=0.8)
    write_to(NUMBERS, "Bonjour")
    until(lambda: a_call_has_begun(carriers))
    cut.cut()
    until(lambda: other.said("clock", "clock.ticking"))
    assert len(carried(carriers)) < len(NUMBERS)
    other.run(settings, "worker")
    until(lambda: len(carried(carriers)) == len(NUMBERS))

    cut.mend()
    until(lambda: cut.said("clock", "clock.waits") + cut.said("clock", "clock.turn_lost"))
    second.send_signal(signal.SIGSTOP)
    until(lambda: cut.said("clock", "clock.ticking") == 2)
    second.send_signal(signal.SIGCONT)
    until(lambda: other.said("clock", "clock.waits") + other.said("clock", "clock.turn_lost"))
    road.walk()
    assert carried(carriers) == [1] * len(NUMBERS)
    assert first.poll() is second.poll() is None
