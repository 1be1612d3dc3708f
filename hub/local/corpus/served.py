"""The hub's web part in a process of its own, exactly as `hub web` runs it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from hub.config import CHECKOUT, Settings
from hub.local.corpus.wire import exchange
from hub.local.engines.ports import free_ports

_PATIENCE = 30.0  # seconds


@dataclass(frozen=True)
class Served:
    """Where it listens, its process and what it logged."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def host(self) -> str:
        """As a Host header names it."""
        return f"127.0.0.1:{self.port}"

    def memory(self) -> int:
        """The most memory that one of its processes ever had, in bytes; 0 where no one counts."""
        return max((_peak(number) for number in self._family()), default=0)

    def _family(self) -> Iterator[int]:
        yield self.process.pid
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        if children.exists():
            yield from map(int, children.read_text().split())


@contextmanager
def served(settings: Settings, folder: Path) -> Iterator[Served]:
    """Runs until the block ends; `settings` name the engines."""
    port = next(free_ports())
    environment = {**os.environ, **replace(settings, port=port).environment()}
    log = folder / "web.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "hub.cli", "web"],
            env=environment, cwd=CHECKOUT, stdout=file, stderr=file,
        )  # fmt: skip
    try:
        _wait(port, process)
        yield Served(port, process, log)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    asked = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            if exchange(port, asked.encode()).status == 200:
                return
        except ConnectionRefusedError:
            pass
        time.sleep(0.1)
    raise RuntimeError("The web part did not come up; its log says why.")


def _peak(number: int) -> int:
    try:
        said = Path(f"/proc/{number}/status").read_text()
    except OSError:
        return 0
    return next((int(x.split()[1]) * 1024 for x in said.splitlines() if x[:6] == "VmHWM:"), 0)
