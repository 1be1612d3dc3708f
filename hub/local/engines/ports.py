"""Free loopback ports, below the range from which kernels take ports for outgoing calls."""

import random
import socket
from collections.abc import Iterator

# Linux hands out 32768 and up, macOS 49152 and up: below, a port is still free after a restart.
_FIRST, _LAST = 20_000, 32_000


def free_ports() -> Iterator[int]:
    """Yields free ports, never the same twice; another program may still take one in between."""
    seen: set[int] = set()
    while True:
        port = random.SystemRandom().randint(_FIRST, _LAST)
        if port not in seen and is_free(port):
            seen.add(port)
            yield port


def is_free(port: int) -> bool:
    """True when a server could listen on 127.0.0.1:port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a connection that was closed a moment ago does not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
