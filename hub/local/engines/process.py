"""Processes by their number: start one that outlives no owner, recognise our own, end it."""

import contextlib
import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hub.local.engines.folder import give_to_owner

# Linux ends a child when the *thread* that started it ends: this one lives as long as the process.
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine-starter")
_LARGEST_LOG = 8 * 1024 * 1024
_TICK = 0.02
# glibc keeps what a large batch once needed, in each connection's process for good; so it gives
# back what is above this. Other allocators do not read it.
_FRUGAL = {"MALLOC_TRIM_THRESHOLD_": "1048576", "MALLOC_MMAP_THRESHOLD_": "262144"}
Stops = tuple[tuple[signal.Signals, float], ...]


def environment() -> dict[str, str]:
    """What an engine sees: nothing of the caller's PG*, language or preload settings."""
    kept = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", **_FRUGAL}
    if "LD_LIBRARY_PATH" in os.environ:
        kept["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    return kept


def start(command: list[str], log: Path, settings: str) -> "subprocess.Popen[bytes]":
    """Start `command` in its own session (Ctrl-C is the owner's alone), `settings` on its input."""
    return _starter.submit(_start, command, log, settings).result()


def _start(command: list[str], log: Path, settings: str) -> "subprocess.Popen[bytes]":
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))
    with log.open("ab") as output:
        give_to_owner(output.fileno(), log.parent)
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=environment(),
            start_new_session=True,
        )
    with contextlib.suppress(BrokenPipeError), process.stdin as entrance:  # type: ignore[union-attr]
        entrance.write(settings.encode())
    return process


def stop(process: "subprocess.Popen[bytes]", stops: Stops) -> None:
    """End our child: each signal with its patience in seconds, kill at the last."""
    for number, patience in (*stops, (signal.SIGKILL, 10.0)):
        if process.poll() is not None:
            return
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)


def stop_left_over(pid: int, words: tuple[str, ...], stops: Stops) -> None:
    """End a process that an earlier owner left, once its command line shows all `words`."""
    for number, patience in (*stops, (signal.SIGKILL, 10.0)):
        if not is_ours(pid, words):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + patience
        while is_ours(pid, words) and time.monotonic() < deadline:
            time.sleep(_TICK)


def is_ours(pid: int, words: tuple[str, ...]) -> bool:
    """True when `pid` runs and its command line shows all `words` (numbers are used again)."""
    command = _command_of(pid)
    return bool(command) and all(word in command for word in words)


def exists(pid: int) -> bool:
    """True when any process, anyone's, has this number."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _command_of(pid: int) -> str:
    if pid <= 0:
        return ""
    if Path("/proc/self/cmdline").exists():
        with contextlib.suppress(OSError):
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
            return raw.replace(b"\0", b" ").decode(errors="surrogateescape")
        return ""
    shown = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout
