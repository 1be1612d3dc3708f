"""Valkey for the nudges: nothing on disk, since the rows are the truth."""

import contextlib
import signal
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from hub.local.engines import process
from hub.local.engines.engine import Recipe
from hub.local.engines.privileges import Account, launch

_STOPS: process.Stops = ((signal.SIGTERM, 5.0),)


def recipe(program: Path, password: str, account: Account | None, left: int, log: Path) -> Recipe:
    """How to run Valkey; `left` is the process number that an earlier owner noted, or 0."""
    line = launch([str(program), "-"], account, program.parent, signal.SIGTERM)
    return Recipe(
        name="Valkey",
        log=log,
        command=lambda port: line,
        settings=lambda port: _settings(port, password),
        answers=lambda port: _answers(port, password),
        clear=lambda: process.stop_left_over(left, (str(program.parent),), _STOPS),
        stops=_STOPS,
    )


def _settings(port: int, password: str) -> str:
    lines = {
        "bind": "127.0.0.1",
        "port": str(port),
        "requirepass": password,
        "save": '""',
        "appendonly": "no",
        "daemonize": "no",
        "maxmemory-policy": "noeviction",  # a queue must refuse, never forget
        "set-proc-title": "no",  # its command line is how a left-over one is recognised
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())


def _answers(port: int, password: str) -> bool:
    # The caller asks again: the client's own retries would sleep for seconds.
    once = Retry(NoBackoff(), 0)
    client = redis.Redis("127.0.0.1", port, password=password, socket_timeout=2, retry=once)
    with contextlib.suppress(redis.RedisError), client:
        return bool(client.ping())
    return False
