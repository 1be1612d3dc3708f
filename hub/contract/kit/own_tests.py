"""What no law of the kit can know of one vendor, the tests in its folder must catch."""

import atexit
import os
from functools import cache
from pathlib import Path

from hub.contract.kit.mutants import Mutant
from hub.contract.kit.nursery import Nursery
from hub.contract.kit.planted import NAMED


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
    arguments = [
        *("-x", "-q", "--tb=no", "--import-mode=importlib"),
        # These tests know the contract alone: the plugins of the hub would only cost time.
        *("-c", os.devnull, "--rootdir", str(root), "-p", "no:cacheprovider", "-p", "no:xdist"),
        *("-p", "hub.contract.kit.guard", "-p", "hub.contract.kit.planted"),
        *map(str, files),
    ]
    return _nursery().failing(arguments, root, {NAMED: f"{folder}:{at}"})


@cache
def _nursery() -> Nursery:
    made = Nursery()
    atexit.register(made.close)
    return made
