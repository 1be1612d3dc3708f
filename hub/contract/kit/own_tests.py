"""What no law of the kit can know of one vendor, the tests in its folder must catch."""

import os
import re
import subprocess
import sys
from pathlib import Path

from hub.contract.kit.mutants import Mutant
from hub.contract.kit.planted import NAMED

_FAILED = re.compile(r"^(?:FAILED|ERROR) \S*?(\w+\.py)(?:::(\w+))?", re.M)
_LIMIT = 240  # seconds for one run of a folder's tests
_TESTS_FAILED = 1


def failing_test(folder: Path, mutant: Mutant, at: int) -> str:
    """The test of this folder that fails with its own mutant number `at`; empty where none does.

    The test that the mutant names is asked alone; else those named for the mutant's module, where
    most faults fall, and then the others.
    """
    if mutant.test:
        return _run(folder, [folder / mutant.test], at)
    near = sorted(folder.glob(f"test_{mutant.module.rpartition('.')[2] or folder.name}*.py"))
    others = sorted(set(folder.glob("test_*.py")) - set(near))
    for files in (near, others):
        found = _run(folder, files, at) if files else ""
        if found:
            return found
    return ""


def _run(folder: Path, files: list[Path], at: int) -> str:
    root = folder.parent.parent
    paths = [str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")]
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "--import-mode=importlib"),
            # These tests know the contract alone: the plugins of the hub would only cost time.
            *("-c", os.devnull, "--rootdir", str(root), "-p", "no:cacheprovider", "-p", "no:xdist"),
            *("-p", "hub.contract.kit.guard", "-p", "hub.contract.kit.planted"),
            *map(str, files),
        ],
        cwd=root,
        env={**os.environ, NAMED: f"{folder}:{at}", "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        timeout=_LIMIT,
        check=False,
    )
    named = _FAILED.search(ran.stdout) if ran.returncode == _TESTS_FAILED else None
    return (named[2] or named[1]) if named else ""
