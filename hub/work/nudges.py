"""Nudges: a Celery task without payload wakes the next arrow. One that is lost costs nothing,
because the clock sweeps; so publishing never waits long and never raises."""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from celery import Celery
from kombu.entity import Exchange, Queue

from hub import crash
from hub.work.broker import OPTIONS, Broker
from hub.work.stretch import BUSY

log = logging.getLogger(__name__)

PAUSE = 0.02  # seconds between two nudges from one process

# Every arrow with its queue, in the order a busy worker serves them: what came in first, then
# transactional messages, then what carriers tell; marketing last.
ARROWS = (
    "open",
    "decide",
    "send_transactional",
    "settle",
    "clicks",
    "expire",
    "doubt",
    "mint",
    "attribute",
    "write_back",
    "tell",
    "complete",
    "pull",
    "look_after",
    "reconcile",
    "send_marketing",
)


def celery_app(redis_url: str) -> Celery:
    """Celery on any Redis-protocol server; the queues carry nudges, so nothing in them matters."""
    app = Celery("relais", broker=redis_url, set_as_current=True)
    app.amqp.Connection = Broker
    road = Exchange("relais", "direct")
    app.conf.update(
        task_queues=[Queue(name, road, routing_key=name) for name in ARROWS],
        task_routes={name: {"queue": name, "routing_key": name} for name in ARROWS},
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        enable_utc=True,
        timezone="UTC",
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=1.0,
        broker_connection_max_retries=None,  # a worker outlives any absence of the broker
        broker_transport_options=dict(OPTIONS),
        worker_prefetch_multiplier=1,
        # Cancels none of ours, which count as done when taken; unset it warns at each loss.
        worker_cancel_long_running_tasks_on_connection_loss=True,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
    )
    return app


@dataclass(frozen=True)
class Nudges:
    """Wakes arrows by name."""

    celery: Celery

    def __call__(self, *arrows: str) -> None:
        """Publish one nudge for each, but for those that have one waiting: whoever takes that one
        will see everything committed by now. An unreachable broker is logged, nothing more."""
        try:
            for arrow in self._asleep(arrows):
                self.celery.send_task(arrow, queue=arrow, retry=False, ignore_result=True)
        except Exception as error:
            log.warning("nudge.lost", extra={"arrows": arrows, "why": type(error).__name__})

    def _asleep(self, arrows: Sequence[str]) -> list[str]:
        """Those without a nudge in their queue (a list of its name), and with nobody at it who will
        look again."""
        if not arrows:
            return []
        crash.at("C6")
        with self.celery.pool.acquire(block=True) as connection:
            asked = connection.default_channel.client.pipeline(transaction=False)
            for arrow in arrows:
                asked.llen(arrow)
            asked.exists(BUSY)
            *waiting, busy = asked.execute()
        asleep = [arrow for arrow, n in zip(arrows, waiting, strict=True) if not n]
        return [arrow for arrow in asleep if not (busy and arrow == "open")]


@dataclass
class Bell:
    """Rings from inside a request without waiting for the broker: a thread of its own publishes,
    and many rings while it publishes, and shortly after, become one: what comes in together is
    best opened together."""

    nudges: Nudges
    _arrows: set[str] = field(default_factory=set)
    _rung: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _started: bool = False

    def ring(self, arrow: str) -> None:
        """Wake an arrow soon; returns at once."""
        with self._lock:
            self._arrows.add(arrow)
            if not self._started:
                self._started = True
                threading.Thread(target=self._publish, daemon=True, name="bell").start()
        self._rung.set()

    def _publish(self) -> None:
        while True:
            self._rung.wait()
            self._rung.clear()
            crash.at("C5")
            with self._lock:
                arrows, self._arrows = self._arrows, set()
            self.nudges(*sorted(arrows))
            time.sleep(PAUSE)
