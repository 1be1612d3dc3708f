"""The disk of a trial: full for a while, or slow to say that it has written."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_ROOMY = "8g"  # of memory, and only what is written is taken
_SPARE = 256 * 1024  # bytes by which a full one is not quite full: it may grow while we look
# PostgreSQL waits so long before each write it must be sure of, as a tired disk makes it wait.
_SLOW = "commit_delay = 100000\ncommit_siblings = 0\n"


class NoDisk(RuntimeError):
    """A disk of its own cannot be had here; the words say what to do."""


@contextmanager
def own_disk(folder: Path) -> Iterator[None]:
    """A disk of its own at this folder, in memory, that `fill` can fill. Raises NoDisk."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        raise NoDisk(
            "A disk that can be filled is mounted by root on Linux. Leave --disk-fulls out."
        )
    try:
        _mount(folder, "-t", "tmpfs", "-o", f"size={_ROOMY},mode=0755", "relais-chaos")
    except subprocess.CalledProcessError as problem:
        why = problem.stderr.decode(errors="replace").strip()
        raise NoDisk(f"No disk can be mounted here ({why}). Leave --disk-fulls out.") from None
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(folder: Path) -> None:
    """From now on there is no room on it. A disk grows while it is measured: a few tries."""
    for tries in range(10):
        stands = os.statvfs(folder)
        taken = (stands.f_blocks - stands.f_bfree) * stands.f_frsize
        with suppress(subprocess.CalledProcessError):
            _mount(folder, "-o", f"remount,size={taken + _SPARE * (tries + 1)}")
            return


def clear(folder: Path) -> None:
    """There is room again."""
    _mount(folder, "-o", f"remount,size={_ROOMY}")


def _mount(folder: Path, *how: str) -> None:
    subprocess.run(["mount", *how, str(folder)], check=True, capture_output=True)


def slow_down(cluster: Path, pid: int, *, slow: bool) -> None:
    """Each commit of this PostgreSQL waits a tenth of a second for its disk; or no longer."""
    (cluster / "postgresql.auto.conf").write_text(_SLOW if slow else "")
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGHUP)
