"""The bench's own processes: started as modules, spoken to by standard input and output, gone when
the bench goes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import urllib3

from hub.config import CHECKOUT


class Broken(RuntimeError):
    """A part of the bench failed; the words say which."""


def started(module: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    """That module as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", f"hub.local.bench.{module}", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=CHECKOUT,
        env={**os.environ, **environment},
    )


@contextmanager
def running(module: str, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """The same for as long as the block runs; once it is entered, its first line was written."""
    child = started(module, *arguments, **environment)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def first_line(child: subprocess.Popen[bytes]) -> str:
    """What a process says once it is ready. Raises Broken."""
    line = child.stdout.readline() if child.stdout else b""
    if not line:
        raise Broken("A process of the bench ended before it was ready; its words are above.")
    return line.decode().strip()


def say_go(child: subprocess.Popen[bytes]) -> None:
    """Let a process that waits for a line begin."""
    if child.stdin:
        child.stdin.write(b"go\n")
        child.stdin.flush()


def load(asked: Mapping[str, Any], tick: Callable[[], object]) -> dict[str, Any]:
    """Let the load generator do this; what it met. `tick` is called a few times a second."""
    child = started("load")
    given: bytes | None = json.dumps(asked).encode()
    while True:
        try:
            out, _ = child.communicate(given, timeout=0.25)
            break
        except subprocess.TimeoutExpired:
            given = None
            tick()
    if child.returncode:
        raise Broken("The load generator failed; its words are above.")
    met: dict[str, Any] = json.loads(out)
    return met


@contextmanager
def still(pids: Sequence[int]) -> Iterator[None]:
    """These processes stand still meanwhile."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@dataclass(frozen=True)
class Vendors:
    """The pretend vendors' own counts."""

    url: str
    _pool: urllib3.PoolManager

    def ask(self, what: str) -> Any:
        """counts, times or reset."""
        return self._pool.request("POST", f"{self.url}/{what}", body=b"", timeout=30).json()


@contextmanager
def vendors() -> Iterator[Vendors]:
    """The shop and the carrier, up."""
    with running("vendors") as child:
        yield Vendors(f"http://127.0.0.1:{first_line(child)}", urllib3.PoolManager())
