"""One supervised hub: the engines where none are given, the web, the workers, the clock. Whatever
dies is started again; when the supervisor goes, they all go."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

import psycopg
import requests

from hub import config
from hub.config import CHECKOUT, Settings
from hub.local.engines import EngineError, Engines, own
from hub.local.forking import Forked, Forker
from hub.local.keeping.damaged import refuse_lost
from hub.store.database import connect, refuse_unsafe
from hub.store.schema import migrate
from hub.work.liveness import LOCK_CLASS

Say = Callable[[str], None]

Part = subprocess.Popen[bytes] | Forked
_ITSELF = ("hub.cli",)
# The web cannot be forked: its driver must be imported after the sockets are patched. macOS' own
# libraries do not stand a fork.
_FORKED = ("worker", "clock", "sandbox") if sys.platform == "linux" else ()
# A pool of memory for each thread is a pool of holes; and what a batch needed is given back.
_FRUGAL = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "2097152",
    "MALLOC_MMAP_THRESHOLD_": "262144",
}

# What a part is started with beside the settings, asked at each start of it.
Extras = Callable[[str], Mapping[str, str]]

SANDBOX = "sandbox"
PATIENCE = 30.0  # seconds until a part must have started
GENTLE = 10.0  # seconds a part has to finish what it holds


class CannotStart(RuntimeError):
    """A part of the hub did not come up; the words say which and where to look."""


def _nothing(name: str) -> Mapping[str, str]:
    return {}


@dataclass
class Supervisor:
    """The running parts, by name: web, worker-1…, clock, and the embedded postgres and valkey.

    `program` is the module that a part runs, with what comes before the part's own name.
    """

    settings: Settings
    say: Say
    engines: Engines | None = None
    program: tuple[str, ...] = _ITSELF
    extras: Extras = _nothing
    _children: dict[str, Part] = field(default_factory=dict)
    _forker: Forker | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopped: bool = False

    def names(self) -> tuple[str, ...]:
        """Every part that can die."""
        embedded = ("postgres", "valkey") if self.engines else ()
        return (*self._children, *embedded)

    def pid(self, name: str) -> int:
        """The process of a part; 0 while it is down."""
        if self.engines and name in ("postgres", "valkey"):
            return getattr(self.engines, name).pid or 0
        child = self._children[name]
        return child.pid if child.poll() is None else 0

    @property
    def forker(self) -> int:
        """The process that parts are forked from; 0 where there is none."""
        return self._forker.process.pid if self._forker and self._forker.stands else 0

    def kill(self, name: str) -> None:
        """kill -9, without a word of warning: the part and everything it started."""
        pid = self.pid(name)
        if not pid:
            return
        with suppress(ProcessLookupError):
            if name in self._children:
                os.killpg(pid, signal.SIGKILL)
            else:
                os.kill(pid, signal.SIGKILL)

    def tend(self) -> tuple[str, ...]:
        """Start again whatever died; what was started."""
        with self._lock:
            if self._stopped:
                return ()
            if self.engines and self._revive(self.engines):
                return ("postgres or valkey",)
            self._see_to_the_sandbox()
            dead = [name for name, child in self._children.items() if child.poll() is not None]
            for name in dead:
                self._children[name] = self._spawn(name)
            return tuple(dead)

    def _see_to_the_sandbox(self) -> None:
        """It is there while somebody wants it, and ends by itself: most hubs never need its
        memory."""
        wanted, child = self.settings.sandbox_wish.exists(), self._children.get(SANDBOX)
        if wanted and child is None:
            self.start(SANDBOX)
        elif child is not None and not wanted and child.poll() is not None:
            del self._children[SANDBOX]

    def _revive(self, engines: Engines) -> bool:
        try:
            revived = engines.restart_if_dead()
        except EngineError as problem:
            self.say(f"{problem} It is tried again.")
            return False
        if revived:
            self._follow(engines)
        return revived

    def _follow(self, engines: Engines) -> None:
        """An engine whose port another program took has moved: the parts must hear of it."""
        now = engines.addresses
        moved = replace(self.settings, database_url=now.database_url, redis_url=now.redis_url)
        if moved != self.settings:
            self.settings = moved
            for child in self._children.values():
                child.terminate()

    def start(self, name: str) -> None:
        """Start one part."""
        self._children[name] = self._spawn(name)

    def _spawn(self, name: str) -> Part:
        command, extras = name.partition("-")[0], self.extras(name)
        environment = {**os.environ, **_FRUGAL, **self.settings.environment(), **extras}
        if command in _FORKED and self.program == _ITSELF and not extras:
            return self._fork(command, environment)
        return subprocess.Popen(
            [sys.executable, "-m", *self.program, command],
            env={**environment, "HUB_PARENT": str(os.getpid())},
            cwd=CHECKOUT,
            start_new_session=True,  # Ctrl-C is the supervisor's to hear
            stdin=subprocess.DEVNULL,
            stdout=2,  # what a part says belongs to the log
        )

    def _fork(self, command: str, environment: Mapping[str, str]) -> Forked:
        if self._forker is None or not self._forker.stands:
            self._forker = Forker.start(environment)
        return self._forker.fork(command, environment)

    def stop(self) -> None:
        """Let every part finish what it holds, then the engines."""
        with self._lock:
            self._stopped = True
            for child in self._children.values():
                child.terminate()
            deadline = time.monotonic() + GENTLE
            for child in self._children.values():
                self._wait_or_kill(child, deadline)
            if self._forker:
                self._forker.stop()
        if self.engines:
            self.engines.stop()

    @staticmethod
    def _wait_or_kill(child: Part, deadline: float) -> None:
        try:
            child.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start(
    settings: Settings,
    say: Say,
    program: tuple[str, ...] = _ITSELF,
    extras: Extras = _nothing,
) -> Supervisor:
    """Everything a hub needs, up and ready. Raises CannotStart, FolderInUse, UnsafeDatabase."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.sandbox_wish.unlink(missing_ok=True)  # of a hub that was killed
    engines = None
    if not (settings.database_url and settings.redis_url):
        engines = own(settings.data_dir, say)
        settings = replace(
            settings,
            database_url=settings.database_url or engines.addresses.database_url,
            redis_url=settings.redis_url or engines.addresses.redis_url,
        )
    supervisor = Supervisor(settings, say, engines, program, extras)
    try:
        _prepare(settings, say)
        workers = [f"worker-{n + 1}" for n in range(settings.worker_processes)]
        for name in ("web", *workers, "clock"):
            supervisor.start(name)
        _wait_until_ready(supervisor)
    except BaseException:
        supervisor.stop()
        raise
    say(f"Relais is up: {settings.address}")
    return supervisor


def _prepare(settings: Settings, say: Say) -> None:
    database = connect(settings.database_url, pool=1)
    try:
        refuse_unsafe(database)
        refuse_lost(database, settings.data_dir)
        before, after = migrate(database, partial(config.master_key, settings))
        if before != after:
            say(f"The database has its schema (step {after}).")
    finally:
        database.engine.dispose()


def _wait_until_ready(supervisor: Supervisor) -> None:
    settings = supervisor.settings
    supervisor.say("Starting the web, the workers and the clock…")
    deadline = time.monotonic() + PATIENCE
    waiting = {"web", "workers"}
    while waiting:
        if "web" in waiting and _answers(settings):
            waiting.discard("web")
        if "workers" in waiting and _proofs(settings) >= settings.worker_processes:
            waiting.discard("workers")
        dead = [n for n in supervisor.names() if not supervisor.pid(n)]
        if dead or time.monotonic() > deadline:
            what = (
                f"{dead[0]} stopped" if dead else f"the {' and the '.join(waiting)} did not answer"
            )
            raise CannotStart(
                f"The hub could not start: {what}. Its own words are above; «hub doctor» says more."
            )
        time.sleep(0.05)


def _answers(settings: Settings) -> bool:
    try:
        url = f"http://{settings.host}:{settings.port}/healthz"
        return requests.get(url, timeout=2).status_code < 500
    except requests.RequestException:
        return False


def _proofs(settings: Settings) -> int:
    """How many workers hold their proof of life."""
    with psycopg.connect(settings.database_url, autocommit=True) as db:
        found = db.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted "
            "AND classid::bigint = %s AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())",
            (LOCK_CLASS,),
        ).fetchone()
    return int(found[0]) if found else 0
