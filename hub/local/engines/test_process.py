"""Small real processes: their input, their logs, and their end."""

import os
import signal
import sys
from pathlib import Path

import pytest

from hub.local.engines import process

DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""


def test_settings_arrive_on_the_input_and_what_is_said_in_the_log(tmp_path: Path) -> None:
    log = tmp_path / "program.log"
    echo = [sys.executable, "-c", "import sys; print(sys.stdin.read(), end='')"]
    assert process.start(echo, log, "secret 42").wait(20) == 0
    assert log.read_text() == "secret 42"


def test_the_callers_database_settings_do_not_reach_an_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c fsync=off")
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert "PGOPTIONS" not in process.environment()
    assert process.environment()["LC_ALL"] == "C"


def test_a_log_that_has_grown_large_is_put_aside(tmp_path: Path) -> None:
    log = tmp_path / "program.log"
    with log.open("wb") as file:
        file.truncate(9 * 1024 * 1024)
    process.start([sys.executable, "-c", "print('new')"], log, "").wait(20)
    assert log.read_text() == "new\n"
    assert (tmp_path / "program.old.log").exists()


def test_a_program_deaf_to_the_gentle_signal_is_ended(tmp_path: Path) -> None:
    log = tmp_path / "program.log"
    deaf = process.start([sys.executable, "-c", DEAF], log, "")
    while "deaf" not in log.read_text():
        assert deaf.poll() is None
    process.stop(deaf, ((signal.SIGTERM, 0.1),))
    assert deaf.returncode == -signal.SIGKILL


def test_a_number_counts_as_ours_only_with_our_words_on_its_command_line() -> None:
    assert not process.is_ours(os.getpid(), ("bin/postgres", "no such folder"))
    assert not process.is_ours(0, ())
    assert not process.is_ours(2**31 - 2, ())
    assert process.exists(os.getpid())
    assert not process.exists(2**31 - 2)
