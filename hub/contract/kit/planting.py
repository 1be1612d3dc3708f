"""Reading a connector's folder afresh, with one fault in it, and leaving nothing behind."""

import importlib
import importlib.util
import itertools
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
    with _named(folder) as name:
        module = _read(name, folder, mutant)
        yield Candidate(folder.name, folder, module.connector, lambda: _simulator(name))


def own_mutants(folder: Path) -> tuple[Mutant, ...]:
    """The faults that a folder's `mutants.py` names; none where it has none. Raises CannotPlant."""
    if not (folder / "mutants.py").is_file():
        return ()
    with _named(folder) as name:
        try:
            _read(name, folder, None)
            return tuple(importlib.import_module(f"{name}.mutants").MUTANTS)
        except Exception as error:
            words = f"{type(error).__name__}: {error}"
            raise CannotPlant(f"Its mutants.py cannot be read ({words[:200]}).") from error


def plant_for_good(folder: Path, mutant: Mutant) -> None:
    """Plant it under the connector's own name, for the rest of this process. Raises CannotPlant."""
    sys.path.insert(0, str(folder.parent.parent))
    parent = importlib.import_module(folder.parent.name)
    package = _read(f"{parent.__name__}.{folder.name}", folder, mutant)
    setattr(parent, folder.name, package)


@contextmanager
def _named(folder: Path) -> Iterator[str]:
    name = f"planted_{next(_count)}_{folder.name}"
    try:
        yield name
    finally:
        for known in [m for m in sys.modules if m == name or m.startswith(f"{name}.")]:
            del sys.modules[known]


def _read(name: str, folder: Path, mutant: Mutant | None) -> ModuleType:
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
            _plant(importlib.import_module(f"{name}.{mutant.module}"), mutant)
        spec.loader.exec_module(package)
        if mutant and not mutant.module:
            _plant(package, mutant)
    except Exception as error:
        words = f"{type(error).__name__}: {error}"
        raise CannotPlant(f"The folder cannot be read with it ({words[:200]}).") from error
    return package


def _plant(module: ModuleType, mutant: Mutant) -> None:
    *path, last = mutant.attribute.split(".")
    owner: Any = module
    for part in path:
        owner = getattr(owner, part)
    setattr(owner, last, mutant.replacement(getattr(owner, last)))


def _simulator(name: str) -> Simulator:
    made: Simulator = importlib.import_module(f"{name}.simulator").Simulator()
    return made
