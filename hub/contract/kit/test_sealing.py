"""No test may leave this machine, and pure functions may not even try."""

import socket
import threading

import pytest

from hub.contract.kit import sealing
from hub.contract.kit.sealing import LeftTheMachine, sealed

FOREIGN = ("198.51.100.7", 80)  # kept for documentation: no one is there


@pytest.fixture(autouse=True)
def _kept_to_loopback():
    sealing.keep_to_loopback()
    yield
    sealing.attempts()


def _listening():
    server = socket.create_server(("127.0.0.1", 0))
    return server, server.getsockname()


def test_loopback_can_be_reached():
    server, address = _listening()
    with server, socket.create_connection(address):
        assert sealing.attempts() == []


@pytest.mark.parametrize("address", [FOREIGN, ("10.0.0.1", 80), ("0.0.0.1", 80)])
def test_a_foreign_host_cannot_be_reached(address):
    with socket.socket() as tried, pytest.raises(LeftTheMachine, match="simulator on loopback"):
        tried.connect(address)
    assert sealing.attempts() == [
        f"A test tried to reach {address[0]}; use a simulator on loopback instead."
    ]


def test_a_foreign_name_is_not_even_looked_up():
    with pytest.raises(LeftTheMachine, match=r"example\.com"):
        socket.create_connection(("example.com", 80))
    assert sealing.attempts()


@pytest.mark.parametrize("name", ["localhost", None, "127.0.0.1", b"localhost"])
def test_names_of_this_machine_may_be_looked_up(name):
    assert socket.getaddrinfo(name, 80)


def test_a_datagram_cannot_leave_either():
    with socket.socket(type=socket.SOCK_DGRAM) as tried, pytest.raises(LeftTheMachine):
        tried.sendto(b"x", FOREIGN)
    assert sealing.attempts()


def test_an_attempt_is_remembered_where_the_error_was_swallowed():
    def swallow():
        try:
            with socket.socket() as tried:
                tried.connect_ex(FOREIGN)
        except LeftTheMachine:
            return

    thread = threading.Thread(target=swallow)
    thread.start()
    thread.join(5)
    assert len(sealing.attempts()) == 1


def test_a_sealed_function_cannot_even_reach_loopback():
    server, address = _listening()
    with server:
        with pytest.raises(LeftTheMachine, match="must be pure"), sealed():
            socket.create_connection(address)
        socket.create_connection(address).close()


def test_the_seal_is_for_one_thread_only():
    server, address = _listening()
    done = []

    def connect():
        socket.create_connection(address).close()
        done.append(True)

    with server, sealed():
        thread = threading.Thread(target=connect)
        thread.start()
        thread.join(5)
    assert done == [True]
