"""Reading a connector's folder afresh, with one fault in it, and leaving nothing behind."""

import atexit
import importlib
import importlib.util
import itertools
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from hub.contract.kit.bench import Candidate
from hub.contract.kit.mutants import Mutant
from hub.contract.kit.simulator import Simulator

_count = itertools.count()


class CannotPlant(Exception):
    """The fault cannot be planted; the argument says why, in a sentence."""


@contextmanager
def planted(folder: Path, mutant: Mutant | None = None) -> Iterator[Candidate]:
    """The connector of this folder under a private name, with this fault in it, or genuine.

    Raises CannotPlant where the folder cannot be read with it.
    """
    with _named(folder) as name, compiled_once(), ExitStack() as undo:
        module = _read(name, folder, mutant, undo)
        yield Candidate(folder.name, folder, module.connector, lambda: _simulator(name))


def own_mutants(folder: Path) -> tuple[Mutant, ...]:
    """The faults that a folder's `mutants.py` names; none where it has none. Raises CannotPlant."""
    if not (folder / "mutants.py").is_file():
        return ()
    with _named(folder) as name, compiled_once():
        try:
            _read(name, folder, None, ExitStack())
            return tuple(importlib.import_module(f"{name}.mutants").MUTANTS)
        except Exception as error:
            words = f"{type(error).__name__}: {error}"
            raise CannotPlant(f"Its mutants.py cannot be read ({words[:200]}).") from error


def plant_for_good(folder: Path, mutant: Mutant) -> None:
    """Plant it under the connector's own name, for the rest of this process. Raises CannotPlant."""
    sys.path.insert(0, str(folder.parent.parent))
    parent = importlib.import_module(folder.parent.name)
    package = _read(f"{parent.__name__}.{folder.name}", folder, mutant, ExitStack())
    setattr(parent, folder.name, package)


@cache
def bytecode() -> str:
    """Where compiled modules are kept while this process lives."""
    made = tempfile.TemporaryDirectory(prefix="relais-bytecode-")
    atexit.register(made.cleanup)
    return made.name


@contextmanager
def compiled_once() -> Iterator[None]:
    """A folder is read once for each of its mutants: its modules are compiled the first time only,
    also where Python was told to leave no bytecode beside its sources."""
    before = sys.pycache_prefix, sys.dont_write_bytecode
    sys.pycache_prefix, sys.dont_write_bytecode = bytecode(), False
    try:
        yield
    finally:
        sys.pycache_prefix, sys.dont_write_bytecode = before


@contextmanager
def _named(folder: Path) -> Iterator[str]:
    name = f"planted_{next(_count)}_{folder.name}"
    try:
        yield name
    finally:
        for known in [m for m in sys.modules if m == name or m.startswith(f"{name}.")]:
            del sys.modules[known]


def _read(name: str, folder: Path, mutant: Mutant | None, undo: ExitStack) -> ModuleType:
    init = folder / "__init__.py"
    spec = importlib.util.spec_from_file_location(
        name, init, submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise CannotPlant(f"Python finds no package in {folder.name}.")
    package = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        # The faulty module comes first: whoever imports from it then gets the fault.
        if mutant and mutant.module:
            _plant(importlib.import_module(f"{name}.{mutant.module}"), mutant, undo)
        spec.loader.exec_module(package)
        if mutant and not mutant.module:
            _plant(package, mutant, undo)
    except Exception as error:
        words = f"{type(error).__name__}: {error}"
        raise CannotPlant(f"The folder cannot be read with it ({words[:200]}).") from error
    return package


def _plant(module: ModuleType, mutant: Mutant, undo: ExitStack) -> None:
    *path, last = mutant.attribute.split(".")
    owner: Any = module
    for part in path:
        owner = getattr(owner, part)
    genuine = getattr(owner, last)
    # A class may be the hub's own, which outlives this reading of the folder.
    undo.callback(setattr, owner, last, genuine)
    setattr(owner, last, mutant.replacement(genuine))


def _simulator(name: str) -> Simulator:
    made: Simulator = importlib.import_module(f"{name}.simulator").Simulator()
    return made
