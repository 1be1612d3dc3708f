"""A whole hub under its supervisor: its log has no room left, and the supervisor is killed."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import requests

from hub.config import CHECKOUT
from hub.local.engines import ports


def until(true, seconds=40.0):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "It did not become so."
        time.sleep(0.1)


def parts_of(data):
    """Every process that runs with this data folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"HUB_DATA={data}\0".encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_a_hub_serves_with_a_full_log_and_its_parts_go_when_it_is_killed(settings, tmp_path):
    port = next(ports.free_ports())
    chosen = replace(settings, port=port, worker_processes=1, public_url="")
    mine = {**os.environ, **chosen.environment()}
    with Path("/dev/full").open("wb") as full:
        hub = subprocess.Popen(
            [sys.executable, "-m", "hub.cli", "up"], env=mine, cwd=CHECKOUT,
            stdin=subprocess.DEVNULL, stdout=full, stderr=full,
        )  # fmt: skip
    try:
        until(lambda: hub.poll() is not None or _answers(port))
        assert hub.poll() is None
        until(lambda: all(_alive(part, mine) for part in ("worker", "clock")))
        assert requests.get(f"http://127.0.0.1:{port}/readyz", timeout=10).status_code == 200
        assert (tmp_path / "master.key").exists() is False  # it is given in the environment
        assert len(parts_of(chosen.data)) >= 4
    finally:
        hub.send_signal(signal.SIGKILL)
        hub.wait()
    until(lambda: not parts_of(chosen.data))


def _answers(port):
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=2).ok
    except requests.RequestException:
        return False


def _alive(part, environment):
    asked = [sys.executable, "-m", "hub.cli", "alive", part]
    return subprocess.run(asked, env=environment, cwd=CHECKOUT, capture_output=True).returncode == 0
