"""What sockets may do while tests and checks run: loopback only, or nothing at all."""

import ipaddress
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


class LeftTheMachine(AssertionError):
    """Something tried to reach a foreign host, or any host where none may be reached."""


@dataclass
class _State:
    loopback_only: bool = False
    listening: bool = False
    attempts: list[str] = field(default_factory=list)


# What may leave the machine. Asking for a name's address is one: the question itself goes out.
_OUTWARD = ("socket.connect", "socket.sendto", "socket.getaddrinfo")

_state = _State()
_sealed = threading.local()


@contextmanager
def sealed() -> Iterator[None]:
    """Within it, this thread may not touch a socket at all: for functions that must be pure."""
    _listen()
    before, _sealed.on = getattr(_sealed, "on", False), True
    try:
        yield
    finally:
        _sealed.on = before


def keep_to_loopback() -> None:
    """From here on, any connection that would leave this machine raises LeftTheMachine."""
    _listen()
    _state.loopback_only = True


def attempts() -> list[str]:
    """The sentences of what was stopped since the last call; code may have swallowed the error."""
    met, _state.attempts = _state.attempts, []
    return met


def _listen() -> None:
    # An audit hook sees every socket of the process, gevent's and C extensions' of Python too;
    # it cannot be taken away again, so it is put there once and asks the state each time.
    if not _state.listening:
        _state.listening = True
        sys.addaudithook(_hear)


def _hear(event: str, args: tuple[Any, ...]) -> None:
    if not event.startswith("socket."):
        return
    if getattr(_sealed, "on", False):
        raise LeftTheMachine("A function that must be pure used the network; move it to client.py.")
    if _state.loopback_only and event in _OUTWARD:
        host = _host(event, args)
        if not _is_near(host):
            words = f"A test tried to reach {host}; use a simulator on loopback instead."
            _state.attempts.append(words)
            raise LeftTheMachine(words)


def _host(event: str, args: tuple[Any, ...]) -> str:
    """Where a socket event leads to; empty for a Unix socket and for «this machine»."""
    if event == "socket.getaddrinfo":
        host = args[0] or ""
    else:
        host = args[1][0] if isinstance(args[1], tuple) else ""
    return (host.decode("utf-8", "replace") if isinstance(host, bytes) else str(host)).split("%")[0]


def _is_near(host: str) -> bool:
    if host in ("", "localhost") or host.endswith((".localhost", ".invalid")):
        return True  # names that are kept for this, and lead nowhere
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return False
    return found.is_loopback or found.is_unspecified
