"""Hearing: a worker that lives and takes no nudges is of no use. It ends itself, and whoever
supervises it starts another."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import redis
from celery import Celery, signals

log = logging.getLogger(__name__)

EVERY = 1.0  # seconds between two looks
LOOKS = 10  # in a row that find nudges waiting and nothing going on: then we are deaf
LONG = 120.0  # seconds after which one run is told of, and again after twice as many
GRACE = 5.0  # seconds in which a deaf worker may end in good order
_ANSWER = 2.0  # seconds; a broker that is away is no fault of ours


@dataclass
class _Run:
    arrow: str
    began: float
    told_at: float = LONG


@dataclass
class Hearing:
    """What a worker does, beside what waits for it. `waiting` says how many nudges do."""

    waiting: Callable[[], int]
    looks: int = LOOKS
    _running: dict[str, _Run] = field(default_factory=dict)
    _turns: int = 0  # runs begun
    _seen: int = 0
    _in_vain: int = 0

    def began(self, task_id: str, task: Any, **_: object) -> None:
        """A run begins."""
        self._turns += 1
        self._running[task_id] = _Run(task.name, time.monotonic())

    def ended(self, task_id: str, **_: object) -> None:
        """A run is over."""
        self._running.pop(task_id, None)

    @property
    def is_idle(self) -> bool:
        """Nothing runs. A long call to a carrier is a run."""
        return not self._running

    def is_deaf(self) -> bool:
        """Look once. Deaf is who has let nudges wait, and done nothing, at each of the last looks:
        an idle worker that listens is given a nudge before anyone can see it wait."""
        self._tell_of_long_runs()
        seen, self._seen = self._seen, self._turns
        if not self.is_idle or seen != self._turns or not self.waiting():
            self._in_vain = 0
        else:
            self._in_vain += 1
        return self._in_vain >= self.looks

    def _tell_of_long_runs(self) -> None:
        now = time.monotonic()
        for run in list(self._running.values()):
            if now - run.began >= run.told_at:
                run.told_at *= 2
                said = {"arrow": run.arrow, "seconds": round(now - run.began)}
                log.warning("worker.long_run", extra=said)


def watch(celery: Celery, redis_url: str, looks: int = LOOKS, every: float = EVERY) -> None:
    """Have the worker of this process watched from when it is ready."""
    signals.worker_ready.connect(lambda **_: _start(celery, redis_url, looks, every), weak=False)


def _start(celery: Celery, redis_url: str, looks: int, every: float) -> None:
    queues = list(celery.amqp.queues.consume_from)
    hearing = Hearing(counting(redis_url, queues), looks)
    signals.task_prerun.connect(hearing.began, weak=False)
    signals.task_postrun.connect(hearing.ended, weak=False)
    threading.Thread(target=_keep, args=(hearing, every), daemon=True, name="hearing").start()


def counting(redis_url: str, queues: Sequence[str]) -> Callable[[], int]:
    """Asks on a line of its own: the one that the nudges come by may be what is broken."""
    broker = redis.Redis.from_url(redis_url, socket_timeout=_ANSWER, socket_connect_timeout=_ANSWER)

    def count() -> int:
        asked = broker.pipeline(transaction=False)
        for queue in queues:
            asked.llen(queue)
        try:
            return sum(asked.execute())
        except redis.RedisError:
            return 0

    return count


def _keep(hearing: Hearing, every: float) -> None:
    while not hearing.is_deaf():
        time.sleep(every)
    log.error("worker.deaf", extra={"waiting": hearing.waiting(), "looks": hearing.looks})
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    while not hearing.is_idle:  # it may have heard one more at the last moment
        time.sleep(every)
    os._exit(1)
