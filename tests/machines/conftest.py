"""Two machines beside this one, as network namespaces. Each reaches PostgreSQL over a cable that
can be cut; the broker and the carriers answer on its own loopback, whatever becomes of that."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from hub.config import CHECKOUT, Settings
from hub.local.engines import ports, postgres, process
from hub.local.engines.proving import as_nobody
from hub.store import schema
from hub.store.database import connect

RELAY = Path(__file__).with_name("relay.py")
_PASSWORD = "machines"
_PLAIN = {
    "unix_socket_directories": "",
    "dynamic_shared_memory_type": "mmap",
    "fsync": "on",
    "log_error_verbosity": "terse",
}


def pytest_configure(config):
    config.addinivalue_line("markers", "netns: makes two machines of network namespaces")


@dataclass
class Machine:
    """A namespace with a cable; what runs there runs as an ordinary user."""

    name: str
    here: str  # this end's address on the cable
    logs: Path
    started: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def cut(self) -> None:
        """The cable is out: nothing is told to either side."""
        _ip("link", "set", f"{self.name}v", "down")

    def mend(self) -> None:
        _ip("link", "set", f"{self.name}v", "up")

    def run(self, settings: Settings, *part: str) -> "subprocess.Popen[bytes]":
        """`hub <part>` there, with its log in a file of its own."""
        address = settings.database_url.replace("127.0.0.1", self.here)
        there = replace(settings, database_url=address, data=str(self.logs))
        line = as_nobody([sys.executable, "-m", "hub.cli", *part])
        return self.start(line, there.environment(), part[0])

    def start(
        self, line: list[str], environment: Mapping[str, str], log: str
    ) -> "subprocess.Popen[bytes]":
        with (self.logs / f"{self.name}-{log}.log").open("ab") as out:
            self.started.append(
                subprocess.Popen(
                    ["ip", "netns", "exec", self.name, *line],
                    env={**os.environ, "PYTHONPATH": str(CHECKOUT), **environment},
                    cwd=CHECKOUT, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                )
            )  # fmt: skip
        return self.started[-1]

    def said(self, log: str, words: str) -> int:
        """How often its log holds these words."""
        return (self.logs / f"{self.name}-{log}.log").read_text("utf-8").count(words)


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    """Two of them, with their cables in."""
    mark = os.getpid() % 4000
    with ExitStack() as stack:
        yield (
            stack.enter_context(_machine(f"rl{mark}a", f"10.213.{mark % 250}", 1, tmp_path)),
            stack.enter_context(_machine(f"rl{mark}b", f"10.213.{mark % 250}", 5, tmp_path)),
        )


@contextmanager
def _machine(name: str, net: str, first: int, logs: Path) -> Iterator[Machine]:
    made = Machine(name, f"{net}.{first}", logs)
    _ip("netns", "add", name)
    try:
        _ip("link", "add", f"{name}v", "type", "veth", "peer", "name", "cable", "netns", name)
        _ip("addr", "add", f"{made.here}/30", "dev", f"{name}v")
        made.mend()
        _ip("-n", name, "addr", "add", f"{net}.{first + 1}/30", "dev", "cable")
        for link in ("cable", "lo"):
            _ip("-n", name, "link", "set", link, "up")
        yield made
    finally:
        for one in made.started:
            one.kill()
            one.wait()
        _ip("netns", "del", name)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def settings(settings: Settings, machines: tuple[Machine, Machine], tmp_path: Path):
    """The usual, on a PostgreSQL that the machines' cables lead to; a short lease."""
    place = tmp_path / "engines"
    place.mkdir()
    cluster = postgres.find_cluster(place)
    postgres.make(cluster, _PASSWORD, lambda words: None, known=False)
    doors = cluster.data / "pg_hba.conf"
    doors.write_text(f"{doors.read_text()}host all relais 10.213.0.0/16 scram-sha-256\n")
    port = next(ports.free_ports())
    heard = ",".join(["127.0.0.1", *(machine.here for machine in machines)])
    chosen = {**_PLAIN, "listen_addresses": heard, "port": str(port)}
    options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
    line = cluster.command("postgres", "-D", str(cluster.data), *options)
    server = process.start(line, place / "postgres.log", "")
    url = f"postgresql://relais:{_PASSWORD}@127.0.0.1:{port}/relais"
    try:
        until(lambda: postgres._answers(port, _PASSWORD))
        database = connect(url, pool=1)
        schema.migrate(database)
        database.engine.dispose()
        yield replace(settings, database_url=url, lease=3.0, carrier_deadline=0.9)
    finally:
        process.stop(server, postgres._STOPS)


@pytest.fixture
def near(machines: tuple[Machine, Machine]) -> Iterator[Callable[..., None]]:
    """`near(port, …)`: what answers there on this machine answers there on each of them too."""
    meeting = Path(tempfile.mkdtemp(prefix="relais-"))  # a socket's path ends at 107 bytes
    meeting.chmod(0o755)
    here: list[subprocess.Popen[bytes]] = []

    def offer(*wanted: int) -> None:
        relay = [sys.executable, "-I", "-S", str(RELAY)]
        ours = [f"{meeting}/{port}={port}" for port in wanted]
        here.append(subprocess.Popen([*relay, *ours]))
        until(lambda: all((meeting / str(port)).exists() for port in wanted))
        for machine in machines:
            machine.start([*relay, *(f"{port}={meeting}/{port}" for port in wanted)], {}, "relay")

    yield offer
    for one in here:
        one.kill()
        one.wait()
    shutil.rmtree(meeting)


def until(true: Callable[[], object], seconds: float = 40.0) -> None:
    """Wait until something is so; much longer than it ever takes."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError("It did not become so.")
        time.sleep(0.05)
