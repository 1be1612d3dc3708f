"""Real workers: one whose broker dies under a nudge hears on, one that is deaf ends itself."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.config import CHECKOUT
from hub.local.engines import valkey
from hub.local.engines.engine import Engine
from hub.local.engines.ports import free_ports
from hub.local.engines.privileges import engine_account
from hub.local.engines.programs import valkey_program
from hub.work.nudges import Nudges, celery_app

# Its first nudge takes the broker with it, so that nobody hears that it is done; or it holds the
# thread that listens for ever, and then wakes another arrow.
_WORKER = """
import os, signal, sys, threading, time
from kombu.asynchronous import get_event_loop
from hub import config
from hub.work import hearing
from hub.work.nudges import celery_app

url, broker, deaf = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "deaf"
config.log_to_stderr("WARNING")
celery = celery_app(url)
held = threading.Event()

def hold():
    held.set()
    time.sleep(3600)

@celery.task(name="open", acks_late=True)
def fatal():
    if not deaf:
        os.kill(broker, signal.SIGKILL)
        return
    get_event_loop().call_soon(hold)
    held.wait()
    celery.send_task("decide", queue="decide")

@celery.task(name="decide")
def heard():
    print("heard", flush=True)

hearing.GRACE = 0.2
hearing.watch(celery, url, looks=4, every=0.1)
celery.Worker(pool="threads", concurrency=1, without_gossip=True, without_mingle=True,
              without_heartbeat=True, loglevel="WARNING", quiet=True).start()
"""
Start = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def broker(engines: object, engines_folder: Path, tmp_path: Path) -> Iterator[Engine]:
    """A Valkey of this test's own."""
    made = engines_folder / "data" / "engines"
    account = engine_account(made, made.parent)
    recipe = valkey.recipe(valkey_program(made), "k", account, 0, tmp_path / "valkey.log")
    ports = free_ports()
    engine = Engine(recipe, next(ports), ports)
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def start(broker: Engine) -> Iterator[Start]:
    """Starts a worker, with a nudge for it."""
    running: list[subprocess.Popen[str]] = []
    url = _url(broker)

    def begin(how: str) -> "subprocess.Popen[str]":
        Nudges(celery_app(url))("open")
        running.append(
            subprocess.Popen(
                [sys.executable, "-c", _WORKER, url, str(broker.pid), how],
                env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
        return running[0]

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def _url(broker: Engine) -> str:
    return f"redis://:k@127.0.0.1:{broker.port}/0"


def test_a_worker_hears_on_where_the_broker_never_heard_that_a_nudge_was_done(
    start: Start, broker: Engine
) -> None:
    worker, until = start("whole"), time.monotonic() + 30
    while not broker.restart_if_dead() and time.monotonic() < until:
        time.sleep(0.02)
    Nudges(celery_app(_url(broker)))("decide")
    assert "heard\n" in iter(worker.stdout.readline, "")


def test_a_deaf_worker_says_so_and_ends_itself(start: Start) -> None:
    said, _ = start("deaf").communicate(timeout=30)
    assert "worker.deaf" in said
    assert "heard" not in said
