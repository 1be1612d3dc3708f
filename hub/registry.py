"""The connectors found: every folder of `connectors/`, the broken ones shown as broken."""

import difflib
import importlib
import importlib.util
import os
import re
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from hub.contract import Clock, Connector
from hub.contract.kit.recordings import Recording, recordings

if TYPE_CHECKING:  # a vendor's simulator and its server are of no use to a running hub
    from hub.contract.kit.bench import Candidate
    from hub.contract.kit.simulator import Simulator

SLUG = re.compile(r"[a-z][a-z0-9_]*")


class NoSuchConnector(KeyError):
    """No connector of that slug can be used; the argument says so and names near matches."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Entry:
    """One folder: its connector, or in `problem` the sentence that says why there is none."""

    slug: str
    folder: Path
    connector: Connector | None
    problem: str = ""


@dataclass(frozen=True)
class Registry:
    """Every connector folder under one root, by slug."""

    root: Path
    entries: tuple[Entry, ...]

    @property
    def slugs(self) -> tuple[str, ...]:
        """The slugs of the connectors that can be used."""
        return tuple(entry.slug for entry in self.entries if entry.connector)

    def entry(self, slug: str) -> Entry:
        """The folder of that slug, usable or broken. Raises NoSuchConnector."""
        found = next((entry for entry in self.entries if entry.slug == slug), None)
        if found is None:
            raise NoSuchConnector(self._unknown(slug))
        return found

    def get(self, slug: str) -> Connector:
        """The connector of that slug. Raises NoSuchConnector, for a broken one with its problem."""
        entry = self.entry(slug)
        if entry.connector is None:
            raise NoSuchConnector(f"The connector «{slug}» is broken. {entry.problem}")
        return entry.connector

    def simulator(self, slug: str, clock: Clock | None = None) -> "Simulator":
        """A fresh simulator of that vendor, by this clock. Raises NoSuchConnector when it has none
        that works."""
        self.get(slug)
        package = _import(self.entry(slug).folder)
        try:
            kind = importlib.import_module(f"{package.__name__}.simulator").Simulator
            made: Simulator = kind(clock=clock) if clock else kind()
        except Exception as error:  # the simulator is third-party code, as the connector is
            raise NoSuchConnector(
                f"The simulator of «{slug}» cannot be used: {_said(error)}"
            ) from error
        return made

    def fixtures(self, slug: str) -> tuple[Recording, ...]:
        """The recorded deliveries of that connector."""
        return recordings(self.entry(slug).folder)

    def candidate(self, slug: str) -> "Candidate":
        """That connector as the kit takes it."""
        from hub.contract.kit.bench import Candidate

        return Candidate(
            slug, self.entry(slug).folder, self.get(slug), partial(self.simulator, slug)
        )

    def _unknown(self, slug: str) -> str:
        near = difflib.get_close_matches(slug, [entry.slug for entry in self.entries], n=2)
        if near:
            return f"There is no connector «{slug}». Did you mean {' or '.join(near)}?"
        return f"There is no connector «{slug}». `hub connector list` shows those there are."


def connectors_root() -> Path:
    """Where the connectors are: HUB_CONNECTORS, or the folder beside `hub/`."""
    named = os.environ.get("HUB_CONNECTORS")
    return Path(named).resolve() if named else Path(__file__).resolve().parent.parent / "connectors"


def load(root: Path | None = None) -> Registry:
    """Import every folder that has an `__init__.py`; one that fails is listed with the reason."""
    found = (root or connectors_root()).resolve()
    folders = sorted(init.parent for init in found.glob("*/__init__.py"))
    return Registry(found, tuple(_entry(folder) for folder in folders))


def _entry(folder: Path) -> Entry:
    slug = folder.name
    if not SLUG.fullmatch(slug):
        return Entry(
            slug,
            folder,
            None,
            "Its folder's name is no slug: use small letters, digits and _, a letter first.",
        )
    try:
        module = _import(folder)
    except (Exception, SystemExit) as error:  # whatever it raises, the others live on
        return Entry(slug, folder, None, f"It cannot be imported: {_said(error)}")
    connector = getattr(module, "connector", None)
    if not isinstance(connector, Connector):
        return Entry(
            slug, folder, None, "Its __init__.py has no `connector = Connector(...)`; add it."
        )
    return Entry(slug, folder, connector)


def _import(folder: Path) -> ModuleType:
    name, source = f"connectors.{folder.name}", folder / "__init__.py"
    known = sys.modules.get(name)
    if known is not None and Path(known.__file__ or "").resolve() == source:
        return known
    _forget(name)  # the same slug from another root
    spec = importlib.util.spec_from_file_location(
        name, source, submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError("Python finds no module in it.")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        _forget(name)
        raise
    return module


def _forget(name: str) -> None:
    for known in [m for m in sys.modules if m == name or m.startswith(f"{name}.")]:
        del sys.modules[known]


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no words'}"
