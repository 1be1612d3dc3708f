"""Ports are free, below the kernel's own range, and never the same twice."""

import itertools
import socket

from hub.local.engines.ports import free_ports, is_free


def test_free_ports_differ_and_stay_below_the_range_of_outgoing_calls() -> None:
    found = list(itertools.islice(free_ports(), 50))
    assert len(set(found)) == 50
    assert all(20_000 <= port < 32_768 for port in found)


def test_a_port_with_a_listener_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not is_free(server.getsockname()[1])
