"""A trial from beginning to end: the stage is set, the load runs, parts die, all is counted."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from hub.local.chaos import faults, judge, plan
from hub.local.chaos.arming import Arming
from hub.local.chaos.clocks import PROGRAM as CLOCKED
from hub.local.chaos.clocks import Clocks
from hub.local.chaos.disk import own_disk
from hub.local.chaos.oracle import Script
from hub.local.chaos.places import folder_of
from hub.local.chaos.recovery import Recovery
from hub.local.chaos.rewriting import rewrite
from hub.local.chaos.stage import Setting, Stage, open_stage
from hub.local.chaos.trial import Report, Trial
from hub.local.chaos.underway import TICK, Running, Show

_SETTLED_FOR = 2.0  # seconds of quiet that are believed
_BURST = 60  # more orders at a time, until every named point has been met
_IN_VAIN = 10  # bursts in which nobody died, until the points that are left count as not met


def run(trial: Trial, show: Show, say: Callable[[str], None], keep: Path | None = None) -> Report:
    """Play the trial; `show` is told how it stands several times a second. Raises what
    `supervise.start` raises."""
    began = time.monotonic()
    with ExitStack() as stack:
        folder = stack.enter_context(folder_of(keep))
        if trial.wanted.disk_fulls:
            stack.enter_context(own_disk(folder))
        arming, clocks = Arming.of(trial.points, folder), Clocks(folder)

        def extras(name: str) -> Mapping[str, str]:
            armed = arming.environment(name)
            return {**armed, **clocks.environment(name)} if trial.wanted.clock_jumps else armed

        script = Script(
            trial.seed, trial.carrier_class, trial.mishaps,
            lag=trial.lag, settle=trial.settle, spread=trial.spread,
        )  # fmt: skip
        setting = Setting(script, trial.workers, _program(trial), extras, rcs=trial.rcs)
        stage = stack.enter_context(open_stage(setting, folder, say))
        recovery = Recovery()
        running = Running(trial, stage, show, _faults(trial, stage, recovery), arming, recovery)
        with _beside(running):
            seconds = _drive_all(running)
            _wait_until_settled(running)
        return _report(running, seconds, time.monotonic() - began)


def _program(trial: Trial) -> tuple[str, ...]:
    """What each part of the hub runs as."""
    if trial.mutant:
        return ("hub.local.chaos.patched", f"mutants.{trial.mutant}", "--")
    return CLOCKED if trial.wanted.clock_jumps else ("hub.cli",)


def _faults(trial: Trial, stage: Stage, recovery: Recovery) -> faults.Faults:
    steps = plan.steps(trial.wanted, trial.workers, trial.seed)
    return faults.Faults(stage.hub, steps, recovery, most_paused=trial.workers - 1)


@contextmanager
def _beside(running: Running) -> Iterator[None]:
    """What goes on at the same time: parts are started again, and killed, and a rule is edited."""
    stop = threading.Event()
    works: list[Callable[[], None]] = [
        lambda: faults.tend(running.stage.hub, stop, running.trouble),
        lambda: running.plan.run(running.share, stop),
        lambda: rewrite(running.stage, stop),
    ]
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=30)


def _drive_all(running: Running) -> float:
    """The load, and a little more of it for as long as a named point has not been met."""
    began = time.monotonic()
    running.drive(running.trial.events, running.trial.pace)
    seconds = time.monotonic() - began
    in_vain, turn = 0, 0
    while running.arming.left and not running.trial.mutant and in_vain < _IN_VAIN:
        before, turn = running.arming.hit.total(), turn + 1
        running.plan.move_on(running.arming, turn)
        running.drive(_BURST, float(_BURST))
        in_vain = 0 if running.arming.hit.total() > before else in_vain + 1
    return seconds


def _wait_until_settled(running: Running) -> None:
    """Until nothing moves any more, or nothing has moved for so long that nothing will."""
    running.stage.oracle.ask("calm")
    seen: Any = None
    asked = False
    moved = quiet_since = time.monotonic()
    while not running.is_caught and time.monotonic() - moved < running.trial.patience:
        time.sleep(max(TICK * 2, running.orders / 200_000))  # counting many rows costs the hub
        running.look("waiting until all is quiet")
        try:
            if not asked:
                judge.ask_for_poll(running.stage)
                asked = True
            now = judge.waiting(running.stage)
        except SQLAlchemyError:  # the plan may have stopped PostgreSQL a moment ago
            continue
        stands = (now, running.oracle["having"], running.oracle["notes"])
        if stands != seen:
            seen, moved = stands, time.monotonic()
        if not _is_over(running, now):
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > _SETTLED_FOR:
            return


def _is_over(running: Running, now: Mapping[str, Any]) -> bool:
    settled = running.trial.doubt_may_stay or not now["uncertain"]
    return settled and running.plan.is_over and judge.is_quiet(now, running.orders, running.oracle)


def _report(running: Running, load_seconds: float, seconds: float) -> Report:
    return Report(
        trial=running.trial,
        verdict=judge.verdict(running.stage, running.orders),
        orders=running.orders,
        done=dict(running.plan.done),
        points_hit=dict(running.arming.hit),
        points_left=[] if running.trial.mutant else running.arming.left,
        accept_ms=running.latency.figures(),
        repeats=running.repeats,
        refused=running.refused,
        recovery=running.recovery.figures(),
        load_seconds=round(load_seconds, 1),
        seconds=round(seconds, 1),
        mishaps=running.oracle.get("mishaps", {}),
        no_rcs=running.oracle.get("no_rcs", 0),
        trouble=list(running.trouble),
    )
