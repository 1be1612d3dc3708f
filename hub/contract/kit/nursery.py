"""A process in which pytest is loaded once, and from which each run of a folder's tests is forked:
most of what such a run costs is loading. `python -m hub.contract.kit.nursery`."""

import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import pytest

from hub.contract.kit.planting import bytecode

LIMIT = 240  # seconds for one run
_TESTS_FAILED = 1
# What the tests of nearly every connector import.
_LOADED = ("hypothesis.strategies", "requests", "werkzeug.serving", "werkzeug.wrappers")


@dataclass
class Nursery:
    """The process, started when it is first asked; it ends with its parent."""

    _process: "subprocess.Popen[str] | None" = None

    def failing(self, arguments: Sequence[str], cwd: Path, environment: dict[str, str]) -> str:
        """The first test that fails when pytest is run so; empty where none does."""
        order = {"arguments": list(arguments), "cwd": str(cwd), "environment": environment}
        process = self._living()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("The nursery has no ears.")
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise RuntimeError("The process that runs a folder's tests has ended.")
        return answer.strip()

    def _living(self) -> "subprocess.Popen[str]":
        if self._process is None or self._process.poll() is not None:
            root = str(Path(__file__).parents[3])
            paths = [root, os.environ.get("PYTHONPATH", "")]
            kept = {"PYTHONPYCACHEPREFIX": bytecode(), "PYTHONDONTWRITEBYTECODE": ""}
            self._process = subprocess.Popen(
                [sys.executable, "-m", "hub.contract.kit.nursery"],
                cwd=root,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), **kept},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self._process

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            process, self._process = self._process, None
            process.communicate()


class _Ear:
    """The pytest plugin that hears what fails first."""

    first = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        self._hear(report)

    def pytest_collectreport(self, report: Any) -> None:
        self._hear(report)

    def _hear(self, report: Any) -> None:
        if report.failed and not self.first:
            self.first = report.nodeid.rpartition("/")[2].rpartition("::")[2].partition("[")[0]


def _serve(orders: TextIO, answers: TextIO) -> None:
    _load()
    for line in orders:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _obey(json.loads(line), writing)
        os.close(writing)
        with os.fdopen(reading) as heard:
            first = heard.read()
        os.waitpid(child, 0)
        answers.write(first + "\n")
        answers.flush()


def _load() -> None:
    for name in _LOADED:
        importlib.import_module(name)
    # Its plugins are read when it first runs.
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        pytest.main(["--markers", "-c", os.devnull, "-p", "no:cacheprovider", "-p", "no:xdist"])


def _obey(order: dict[str, Any], writing: int) -> None:
    """In the child: run pytest, say what failed first, and go without a farewell."""
    signal.alarm(LIMIT)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    os.chdir(order["cwd"])
    os.environ.update(order["environment"])
    sys.path.insert(0, order["cwd"])
    ear = _Ear()
    code = 0
    try:
        code = pytest.main(order["arguments"], plugins=[ear])
    finally:
        if code == _TESTS_FAILED or ear.first:
            os.write(writing, ear.first.encode())
        os._exit(0)


if __name__ == "__main__":
    _serve(sys.stdin, sys.stdout)
