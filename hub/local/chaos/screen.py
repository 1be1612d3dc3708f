"""What a person sees of a trial: a line that lives while it runs, a table at its end."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from hub.local.chaos.trial import Report

Show = Callable[[str, Mapping[str, Any]], None]

_EVERY = 5.0  # seconds between lines, where there is no terminal


@contextmanager
def living(console: Console, title: str) -> Iterator[Show]:
    """A line that is drawn anew several times a second; in a log, one line every few seconds."""
    began = time.monotonic()
    told = [began - _EVERY]

    def line(phase: str, seen: Mapping[str, Any]) -> str:
        return (
            f"{time.monotonic() - began:6.1f} s  {title}: {phase} · {seen['accepted']} of "
            f"{seen['orders']} orders accepted · {seen['having']} sent · double {seen['double']} · "
            f"{seen['faults']} faults, {seen['points']} at named points"
        )

    if not console.is_terminal:

        def print_line(phase: str, seen: Mapping[str, Any]) -> None:
            if time.monotonic() - told[0] >= _EVERY:
                told[0] = time.monotonic()
                console.print(line(phase, seen), markup=False, highlight=False, soft_wrap=True)

        yield print_line
        return
    with Live(Text(f"{title}: setting the stage…"), console=console, transient=True) as live:
        yield lambda phase, seen: live.update(Text(line(phase, seen)))


def table(report: Report) -> Table:
    """The figures of a trial."""
    drawn = Table("Counted", "", title=_title(report), pad_edge=False)
    drawn.add_row("orders", str(report.orders))
    drawn.add_row("faults", _listed(report.done))
    if report.points_hit:
        drawn.add_row("died at named points", _listed(report.points_hit))
    if report.points_left:
        drawn.add_row("points not met", ", ".join(report.points_left), style="red")
    for name, n in report.faults().items():
        drawn.add_row(name, str(n), style="red" if n else "")
    if report.verdict.shown:
        drawn.add_row("in doubt, and shown", str(report.verdict.shown))
    times = report.accept_ms
    accept = f"p50 {times['p50']} ms, p99 {times['p99']} ms, max {times['max']} ms"
    drawn.add_row("accept, from when it was due", accept)
    drawn.add_row("deliveries repeated", str(report.repeats))
    for name, took in report.recovery.items():
        drawn.add_row(name, f"median {took['median']} s, worst {took['worst']} s ({took['n']})")
    drawn.add_row("vendors' calls gone wrong", _listed(report.mishaps))
    if report.trial.rcs:
        drawn.add_row("phones without RCS, an SMS instead", str(report.no_rcs))
    drawn.add_row("time", f"{report.load_seconds} s of load, {report.seconds} s in all")
    drawn.add_row("orders a second", f"{report.orders / max(report.seconds, 0.001):.0f}")
    drawn.add_row("seed", str(report.trial.seed))
    return drawn


def _title(report: Report) -> str:
    return f"With the mutant {report.trial.mutant}" if report.trial.mutant else "After the chaos"


def _listed(counts: Mapping[str, int]) -> str:
    each = ", ".join(f"{name} {n}" for name, n in sorted(counts.items()))
    return f"{sum(counts.values())} ({each})" if counts else "none"


def last_words(console: Console, report: Report) -> None:
    """The verdict in one line, and which orders are missing."""
    for words in report.trouble[:5]:
        console.print(f"A restart was tried again. {words}", markup=False)
    if report.verdict.which:
        missing = ", ".join(map(str, report.verdict.which))
        console.print(f"Orders without a message: {missing}", markup=False, style="red")
    if report.trial.mutant:
        words = f"caught: {report.caught}" if report.caught else "NOT caught"
        console.print(f"{report.trial.mutant} {words}", markup=False)
    elif report.is_right:
        console.print("✓ Nothing lost, nothing sent twice, every result told once.")
    else:
        console.print("✗ It does not hold. Play it again with the same seed.", style="red")
