"""Who is deaf and who is not."""

import socket
from types import SimpleNamespace

import pytest

from hub.work import hearing
from hub.work.hearing import Hearing

OPEN = SimpleNamespace(name="open")


def _looks(watched: Hearing, many: int) -> list[bool]:
    return [watched.is_deaf() for _ in range(many)]


def test_deaf_is_who_lets_nudges_wait_and_does_nothing_look_after_look() -> None:
    assert _looks(Hearing(lambda: 1, looks=3), 4) == [False, False, True, True]


def test_an_idle_worker_for_whom_nothing_waits_is_not_deaf() -> None:
    assert not any(_looks(Hearing(lambda: 0, looks=3), 9))


def test_a_worker_in_a_long_call_is_not_deaf_and_is_told_of_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    watched = Hearing(lambda: 7, looks=3)
    watched.began("1", OPEN)
    watched._running["1"].began -= hearing.LONG + 1
    assert not any(_looks(watched, 9))
    assert [(line.message, line.arrow) for line in caplog.records] == [("worker.long_run", "open")]
    watched.ended("1")
    assert _looks(watched, 3) == [False, False, True]


def test_runs_between_two_looks_are_a_sign_of_hearing() -> None:
    watched = Hearing(lambda: 1, looks=2)
    for n in range(5):
        watched.began(str(n), OPEN)
        watched.ended(str(n))
        assert not watched.is_deaf()


def test_a_broker_that_is_away_has_nothing_waiting() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and nobody listens
        url = f"redis://127.0.0.1:{nobody.getsockname()[1]}/0"
        assert not any(_looks(Hearing(hearing.counting(url, ["open"]), looks=2), 3))
