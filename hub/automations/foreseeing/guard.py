"""The guard around a look at what would have been: whatever goes wrong inside, nobody is called."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

# Whatever reaches out by a socket is told to the interpreter's audit first, by these names. The
# database's driver has sockets of its own, beneath: it is the one that may.
_CALLS = frozenset(
    {
        "socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
        "socket.gethostbyname", "socket.gethostbyaddr", "socket.bind", "subprocess.Popen",
        "os.system", "os.exec", "os.posix_spawn",
    }
)  # fmt: skip
_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


class CallRefused(RuntimeError):
    """Something tried to reach out where nothing may."""


@contextmanager
def no_calls() -> Iterator[None]:
    """Inside, an attempt to connect, to look a host up or to start a program raises CallRefused: in
    this thread (or task) alone, the others work on."""
    _listen()
    before = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(before)


@cache
def _listen() -> None:
    """Once for the process: what is heard there cannot be unheard, and costs next to nothing."""
    sys.addaudithook(_refuse)


def _refuse(event: str, _details: object) -> None:
    if event in _CALLS and _quiet.get():
        raise CallRefused(f"Nothing may be called while this is foreseen: {event}.")
