"""Parts of a hub forked from one process that has everything imported: they start at once, and
what they have in common is in memory once."""

import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from hub import config, registry
from hub.config import CHECKOUT
from hub.local import thrift

_PATIENCE = 30.0  # seconds until everything must be imported
_GLANCE = 0.1  # seconds between two looks at who has ended


# What the parts import before they do anything, the connectors apart.
_OF_THE_PARTS = (
    "hub.app",
    "hub.cli.serve",
    "hub.local.attached",
    "hub.work.clock",
    "hub.work.hearing",
    "hub.work.pipeline",
    "billiard.pool",
    "celery.app.amqp",
    "celery.app.control",
    "celery.app.log",
    "celery.apps.worker",
    "celery.backends.base",
    "celery.concurrency.thread",
    "celery.events.receiver",
    "celery.fixups.django",
    "celery.worker.autoscale",
    "celery.worker.consumer",
    "celery.worker.strategy",
    "holidays",
    "kombu.pidbox",
    "kombu.transport.redis",
    "sqlalchemy.dialects.postgresql.psycopg",
)


class CannotFork(RuntimeError):
    """The process to fork from is gone; what it said is in the log."""


@dataclass
class Forked:
    """A part, with as much of Popen as a supervisor needs."""

    pid: int
    forker: "Forker"

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        return self.forker.ended(self.pid)

    def terminate(self) -> None:
        """Ask it to finish."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises subprocess.TimeoutExpired."""
        deadline = time.monotonic() + (_PATIENCE if timeout is None else timeout)
        while (status := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or _PATIENCE)
            time.sleep(0.02)
        return status


@dataclass
class Forker:
    """The process that is forked, and who of its children has ended. It goes when we do."""

    process: subprocess.Popen[bytes]
    line: socket.socket
    _said: bytes = b""
    _ended: dict[int, int] = field(default_factory=dict)
    _forked: list[int] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @classmethod
    def start(cls, environment: Mapping[str, str]) -> "Forker":
        """Start it, with the settings of the hub; it imports while we go on."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "hub.local.forking"],
                env=dict(environment),
                cwd=CHECKOUT,
                stdin=theirs.fileno(),
                stdout=2,  # what a part says belongs to the log
                start_new_session=True,  # Ctrl-C is the supervisor's to hear
            )
        return cls(process, ours)

    def fork(self, command: str, environment: Mapping[str, str]) -> Forked:
        """One more part. Raises CannotFork."""
        deadline = time.monotonic() + _PATIENCE
        with self._lock:
            try:
                self.line.sendall(json.dumps([command, dict(environment)]).encode() + b"\n")
            except OSError:
                raise CannotFork("The process to fork from is gone.") from None
            while not self._forked:
                if not self._hear(_GLANCE) or time.monotonic() > deadline:
                    raise CannotFork("The process to fork from does not answer.")
            return Forked(self._forked.pop(), self)

    def ended(self, pid: int) -> int | None:
        """How a part ended; None while it runs. Without their parent none of them stays."""
        with self._lock:
            while self._hear(0) and pid not in self._ended and self._more():
                pass
            if not self.stands and pid not in self._ended:
                self._ended[pid] = -signal.SIGKILL
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(pid, signal.SIGKILL)
            return self._ended.get(pid)

    @property
    def stands(self) -> bool:
        """Whether it can be asked."""
        return self.process.poll() is None

    def stop(self) -> None:
        """Let it go."""
        self.line.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _more(self) -> bool:
        return bool(select.select([self.line], [], [], 0)[0])

    def _hear(self, patience: float) -> bool:
        """Read what it says; False once it has gone."""
        if not select.select([self.line], [], [], patience)[0]:
            return True
        try:
            heard = self.line.recv(65536)
        except OSError:
            return False
        *lines, self._said = (self._said + heard).split(b"\n")
        for words in lines:
            what, pid, status = json.loads(words)
            if what == "forked":
                self._forked.append(pid)
            else:
                self._ended[pid] = status
        return bool(heard)


def _serve(line: socket.socket) -> None:
    """Fork as asked, tell who has ended, until nobody listens any more."""
    said = b""
    while True:
        ready = select.select([line], [], [], _GLANCE)[0]
        heard = line.recv(65536) if ready else b""
        if ready and not heard:
            return
        *asked, said = (said + heard).split(b"\n")
        for words in asked:
            command, environment = json.loads(words)
            pid = os.fork()
            if pid == 0:
                _become(line, command, environment)
            _tell(line, "forked", pid, 0)
        for pid, status in _who_ended():
            _tell(line, "ended", pid, status)


def _who_ended() -> Iterator[tuple[int, int]]:
    with suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            yield pid, os.waitstatus_to_exitcode(status)


def _tell(line: socket.socket, what: str, pid: int, status: int) -> None:
    line.sendall(json.dumps([what, pid, status]).encode() + b"\n")


def _become(line: socket.socket, command: str, environment: Mapping[str, str]) -> None:
    """The child's own life; it never comes back."""
    code = 1
    try:
        line.close()
        os.setsid()
        with open(os.devnull) as nothing:
            os.dup2(nothing.fileno(), 0)
        os.environ.clear()
        os.environ.update(environment, HUB_PARENT=str(os.getppid()))
        # By its name: the command stands above this room.
        importlib.import_module("hub.cli").main([command], prog_name="hub")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stderr.flush()
        os._exit(code)


def _main() -> None:
    for module in _OF_THE_PARTS:
        importlib.import_module(module)
    registry.load(Path(config.read().connectors))
    gc.collect()
    thrift.give_back()
    gc.freeze()  # a collection would touch, and so copy, every page
    with socket.socket(fileno=os.dup(0)) as line:
        _serve(line)


if __name__ == "__main__":
    _main()
