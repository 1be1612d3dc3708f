"""The plugin fails a test that tries to leave, even one that swallows the error."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

SWALLOWING = """
import socket

def test_leaves():
    try:
        with socket.socket() as tried:
            tried.connect(("198.51.100.7", 80))
    except AssertionError:
        pass

def test_stays():
    assert True
"""


def test_a_test_that_leaves_and_hides_it_fails(tmp_path):
    (tmp_path / "test_far.py").write_text(SWALLOWING)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "hub.contract.kit.guard", "-q", "test_far.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "A test tried to reach 198.51.100.7" in ran.stdout
    assert "1 failed, 1 passed" in ran.stdout
