"""What the tests of the engines do to them from outside: own, watch, kill, ask."""

import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psycopg
import redis

import hub
from hub.local.engines import Engines, process
from hub.local.engines.privileges import Account, launch

ROOT = str(Path(hub.__file__).parents[1])
OWNER = """
import sys
from pathlib import Path
from hub.local.engines import own
engines = own(Path(sys.argv[1]), lambda words: None)
print(engines.postgres.pid, engines.valkey.pid, flush=True)
sys.stdin.read()
engines.stop()
"""
NOBODY = Account(65534, 65534)
AS_ROOT_ON_LINUX = os.geteuid() == 0 and sys.platform == "linux"


def quiet(words: str) -> None:
    """Show nothing; an empty line would be a mistake."""
    if not words:
        raise ValueError("The engines said nothing.")


def database(engines: Engines) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(engines.addresses.database_url, autocommit=True)


def keep_a_row(engines: Engines) -> None:
    with database(engines) as connection:
        connection.execute("DROP TABLE IF EXISTS kept")
        connection.execute("CREATE TABLE kept AS SELECT 'still here' AS words")


def kept_row(engines: Engines) -> object:
    with database(engines) as connection:
        return connection.execute("SELECT words FROM kept").fetchone()


def ping(engines: Engines) -> bool:
    with redis.Redis.from_url(engines.addresses.redis_url) as client:
        return bool(client.ping())


def restarted(engines: Engines) -> bool:
    """As the supervisor does: look every few milliseconds."""
    deadline = time.monotonic() + 20
    while not (restarted := engines.restart_if_dead()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return restarted


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 20
    while process.exists(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not process.exists(pid)


def start_owner(command: list[str]) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": ROOT, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )


def as_nobody(command: list[str]) -> list[str]:
    # With the right to read, so that nobody can use this checkout's Python wherever it is.
    return launch(command, NOBODY, Path("/root"), signal.SIGTERM)


def engine_pids(owner: "subprocess.Popen[str]") -> list[int]:
    """The two engines' processes, as their owner prints them."""
    return [int(word) for word in owner.stdout.readline().split()] if owner.stdout else []


class Stranger(socketserver.ThreadingTCPServer):
    """Another program on a port: takes calls and hangs up."""

    allow_reuse_address = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), socketserver.BaseRequestHandler)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def __exit__(self, *error: Any) -> None:
        self.shutdown()
        super().__exit__(*error)


def modes(*places: Path) -> dict[str, tuple[int, int, int]]:
    """Mode, user and group of every folder above each place."""
    above = {parent for place in places for parent in place.parents}
    kept = {parent: parent.stat() for parent in above}
    return {str(p): (s.st_mode, s.st_uid, s.st_gid) for p, s in kept.items()}
