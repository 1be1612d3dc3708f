"""Parts forked from one process: they run, end as they end, and never outlive it."""

import os
import signal
import socket
import subprocess
import time

import pytest

from hub.local.forking import CannotFork, Forker


@pytest.fixture(scope="module")
def forker():
    made = Forker.start({**os.environ, "HUB_MASTER_KEY": "00" * 32})
    yield made
    made.stop()


@pytest.fixture
def endless(forker):
    """`endless()` is a part that waits for a database which never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/none"
        given = {**os.environ, "HUB_DATABASE_URL": address, "HUB_REDIS_URL": "redis://127.0.0.1:1"}
        yield lambda its=forker: its.fork("clock", given)


def test_a_part_that_ends_says_how(forker):
    assert forker.fork("--version", os.environ).wait(20) == 0
    assert forker.fork("nothing-of-the-kind", os.environ).wait(20) == 2


def test_a_part_that_is_killed_is_known_to_be_dead_and_takes_no_other_along(endless):
    one, other = endless(), endless()
    os.kill(one.pid, signal.SIGKILL)
    assert one.wait(20) == -signal.SIGKILL
    os.killpg(other.pid, 0)
    other.terminate()
    other.wait(20)


def test_no_part_outlives_the_process_it_was_forked_from(endless):
    mortal = Forker.start({**os.environ, "HUB_MASTER_KEY": "00" * 32})
    part = endless(mortal)
    mortal.process.kill()
    assert part.wait(20) == -signal.SIGKILL
    with pytest.raises(CannotFork):
        mortal.fork("clock", os.environ)
    mortal.stop()


def test_waiting_for_one_that_runs_ends_in_time(endless):
    part = endless()
    began = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired):
        part.wait(0.1)
    assert time.monotonic() - began < 10
    part.terminate()
