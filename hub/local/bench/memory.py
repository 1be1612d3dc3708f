"""What processes weigh (their own memory, and their share of what they have in common), and how
busy they have been."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

_PROC = Path("/proc")


def weight(roots: Iterable[int]) -> float:
    """MB of these processes and all that they started. Linux: PSS; elsewhere: resident size, which
    counts what is shared once for each."""
    return sum(map(_weighed, _family(set(roots)))) / 1024


def weight_alone(pid: int) -> float:
    """MB of this one process, without what it started."""
    return _weighed(pid) / 1024


def _weighed(pid: int) -> float:
    return _pss(pid) if sys.platform == "linux" else _resident(pid)


def busy(roots: Iterable[int]) -> float:
    """Seconds of processor time that these processes and all they started have used; 0 where the
    system does not tell."""
    tick = os.sysconf("SC_CLK_TCK")
    return sum(sum(_ticks(pid)) for pid in _family(set(roots))) / tick


def _ticks(pid: int) -> tuple[int, ...]:
    """Its own, and those of its children that have ended."""
    try:
        told = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return ()
    return tuple(map(int, told.rpartition(")")[2].split()[11:15]))


def _family(roots: set[int]) -> set[int]:
    children: dict[int, set[int]] = {}
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)
    for line in listed.stdout.splitlines():
        pid, parent = map(int, line.split())
        children.setdefault(parent, set()).add(pid)
    found, todo = set[int](), set(roots)
    while todo:
        found |= todo
        todo = set[int]().union(*(children.get(pid, set()) for pid in todo)) - found
    return found


def _pss(pid: int) -> float:
    """In KB; 0 for a process that is gone or not ours."""
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return float(next((line.split()[1] for line in lines if line.startswith("Pss:")), 0))


def _resident(pid: int) -> float:
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True)
    return float(told.stdout.strip() or 0)
