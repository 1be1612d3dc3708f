"""The mutants by name, each with the trial in small that gives it away."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import orjson
from rich.console import Console

from hub.config import CHECKOUT
from hub.local.chaos.plan import Wanted
from hub.local.chaos.trial import Trial

_AT_ONCE = 2  # a hub each


def _small(mutant: str, expects: str, **more: Any) -> Trial:
    return Trial(**{"events": 600, "patience": 12.0, **more, "mutant": mutant, "expects": expects})


TABLE: Mapping[str, Trial] = {
    one.mutant: one
    for one in (
        _small("retry-on-timeout", "double", rate=150.0, mishaps=0.3),
        _small("nudge-before-commit", "lost", rate=150.0),
        _small("answer-before-commit", "lost", rate=100.0, wanted=Wanted(kills=8)),
        _small("no-fence", "double", rate=30.0, wanted=Wanted(pauses=6, lasts=(20.0,)),
               mishaps=0.0, workers=3, lag=0.2, settle=1, patience=25.0),
        _small("delivery-id-dedupe", "lost", rate=150.0),
        _small("cursor-before-commit", "lost", rate=60.0, points=("C29",) * 2),
        _small("lookup-miss-trusted-at-once", "double", rate=60.0, points=("C18",) * 6, lag=12.0,
               settle=20, spread=30.0),
        # PostgreSQL refuses the step back, so the receipts are never settled, nor what follows.
        _small("dlr-backwards", "write-backs missing", rate=150.0),
    )
}  # fmt: skip


class NoSuchMutant(KeyError):
    """No mutant of that name; the argument names those there are."""

    def __str__(self) -> str:
        return str(self.args[0])


def trial_of(name: str) -> Trial:
    """The trial that gives this mutant away. Raises NoSuchMutant."""
    if name not in TABLE:
        raise NoSuchMutant(f"There is no mutant «{name}». There are: {', '.join(TABLE)}.")
    return TABLE[name]


def run_all(console: Console, tell: Callable[[Mapping[str, Any]], None]) -> bool:
    """Every mutant in small, two at a time; whether each was caught."""
    caught: dict[str, str] = {}
    console.print(f"{len(TABLE)} mutants, each in a hub of its own, {_AT_ONCE} at a time…")
    with (
        console.status("The first two are running…") as status,
        ThreadPoolExecutor(_AT_ONCE) as hands,
    ):
        running = {hands.submit(_play, name): name for name in TABLE}
        for done in as_completed(running):
            name, report = running[done], done.result()
            caught[name] = report.get("caught", "")
            console.print(_told(name, report), markup=False, soft_wrap=True)
            status.update(f"{len(TABLE) - len(caught)} are left…")
    tell({"caught": caught, "right": all(caught.values())})
    return all(caught.values())


def _play(name: str) -> Mapping[str, Any]:
    """One mutant in a process of its own; what it reported."""
    command = [sys.executable, "-m", "hub.cli", "chaos", "--mutant", name, "--json"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, check=False)
    lines = done.stdout.strip().splitlines()
    if not lines:
        return {"problem": done.stderr.decode(errors="replace")[-1000:]}
    found: Mapping[str, Any] = orjson.loads(lines[-1])
    return found


def _told(name: str, report: Mapping[str, Any]) -> str:
    if report.get("caught"):
        return f"✓ {name}, caught: {report['caught']} ({report['seconds']} s)"
    words = report.get("problem") or f"nothing was wrong with it in {report['seconds']} s"
    return f"✗ {name} was NOT caught: {words}"
