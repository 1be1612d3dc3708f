"""Doing what the plan says: killing, stopping for longer than a lease, taking the database away,
putting a clock wrong, filling the disk."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import redis

from hub.local.chaos import disk
from hub.local.chaos.arming import Arming
from hub.local.chaos.clocks import Clocks
from hub.local.chaos.plan import JUMPED, SHORT, Step
from hub.local.chaos.recovery import Recovery
from hub.local.supervise import Supervisor

_PATIENCE = 20.0  # seconds for a victim to be up again before it can be hit
_TICK = 0.05
_OF_A_PART = ("kill", "pause", "jump")


@dataclass
class Faults:
    """The plan at work; `done` counts what happened by kind and place, `is_over` says that nothing
    more will."""

    hub: Supervisor
    plan: Sequence[Step]
    recovery: Recovery
    most_paused: int = 1  # at once: somebody must go on
    done: Counter[str] = field(default_factory=Counter)
    is_over: bool = False
    _paused: set[str] = field(default_factory=set)
    _timers: list[threading.Timer] = field(default_factory=list)

    def run(self, share: Callable[[], float], stop: threading.Event) -> None:
        """Each step once its share of the load is accepted, until all are done or it is over."""
        for step in self.plan:
            while share() < step.share and not stop.wait(_TICK):
                pass
            while step.what == "pause" and len(self._paused) >= self.most_paused:
                time.sleep(_TICK)
            if stop.is_set() or not self._is_up(step.place, stop):
                break
            self._do(step)
        for timer in self._timers:
            timer.join()
        self.is_over = True

    def move_on(self, arming: Arming, turn: int) -> None:
        """A part that does not come to the point it is armed with is killed, so that another point
        has its turn; so is any part, where points wait that nobody is armed with."""
        waiting = arming.stalled() or [name for name in self.hub.names() if arming.wants(name)]
        if waiting:
            self.hub.kill(waiting[turn % len(waiting)])

    def _is_up(self, place: str, stop: threading.Event) -> bool:
        until = time.monotonic() + _PATIENCE
        while not self.hub.pid(place) or place in self._paused:
            if stop.wait(_TICK) or time.monotonic() > until:
                return not stop.is_set()
        return True

    def _do(self, step: Step) -> None:
        self.recovery.fault(step.place, time.monotonic())
        match step.what:
            case "kill" | "kill valkey":
                self.hub.kill(step.place)
            case "stop postgres":
                self._signal("postgres", signal.SIGQUIT)  # immediate: no check-point, no goodbye
            case "flush valkey":
                self._flush()
            case "pause":
                self._pause(step.place, step.seconds)
            case "jump":
                self._jump(step.place, step.seconds)
            case "full disk":
                disk.fill(self.hub.settings.data_dir)
                self._later(SHORT, disk.clear, self.hub.settings.data_dir)
            case "slow disk":
                self._write_slowly(slow=True)
                self._later(SHORT, self._write_slowly)
        self.done[f"{step.what} {step.place}" if step.what in _OF_A_PART else step.what] += 1

    def _pause(self, place: str, seconds: float) -> None:
        pid = self.hub.pid(place)
        self._signal(place, signal.SIGSTOP)
        self._paused.add(place)
        self._later(seconds, self._go_on, place, pid)

    def _go_on(self, place: str, pid: int) -> None:
        if self.hub.pid(place) == pid:
            self._signal(place, signal.SIGCONT)
        self._paused.discard(place)

    def _jump(self, place: str, seconds: float) -> None:
        """A clock is put wrong, and some seconds later right again."""
        clocks = Clocks(self.hub.settings.data_dir)
        clocks.put(place, seconds)
        self._later(JUMPED, clocks.put, place, 0.0)

    def _write_slowly(self, *, slow: bool = False) -> None:
        disk.slow_down(self.hub.settings.data_dir / "engines" / "postgres",
                       self.hub.pid("postgres"), slow=slow)  # fmt: skip

    def _later(self, seconds: float, act: Callable[..., None], *given: Any) -> None:
        timer = threading.Timer(seconds, act, given)
        timer.start()
        self._timers.append(timer)

    def _signal(self, place: str, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.hub.pid(place), number)

    def _flush(self) -> None:
        with (
            suppress(redis.RedisError),
            redis.Redis.from_url(self.hub.settings.redis_url, socket_timeout=2) as client,
        ):
            client.flushall()


def tend(hub: Supervisor, stop: threading.Event, trouble: list[str]) -> None:
    """Start again whatever died, until told to stop."""
    while not stop.wait(_TICK):
        try:
            hub.tend()
        except Exception as error:
            trouble.append(f"{type(error).__name__}: {error}")
