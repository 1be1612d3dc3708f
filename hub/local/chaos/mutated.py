"""`python -m hub.local.chaos.mutated NAME -- worker`: a part of the hub with one safety taken away.

The web must import no database driver before gevent has patched the sockets, so the patch waits
until `hub.app` is imported, by whom and whenever that is.
"""

import importlib
import importlib.machinery
import importlib.util
import runpy
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from types import ModuleType

_LAST_IMPORTED = "hub.app"


class _After(MetaPathFinder, Loader):
    """Finds one module as everybody does, and calls `then` once it has been imported."""

    _loader: Loader

    def __init__(self, name: str, then: Callable[[], None]) -> None:
        self._name, self._then = name, then

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Only the one, and only once."""
        if name != self._name:
            return None
        sys.meta_path.remove(self)
        found = importlib.util.find_spec(name)
        if found is None or found.loader is None:
            return None
        self._loader, found.loader = found.loader, self
        return found

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        """As the real loader does."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """As the real loader does, and then the patch."""
        self._loader.exec_module(module)
        self._then()


def apply(name: str) -> None:
    """Take the safety of this name away from this process."""
    module = importlib.import_module(f"hub.local.chaos.mutants.{name.replace('-', '_')}")
    module.patch()


def main(arguments: Sequence[str]) -> None:
    """Run `hub` with the patch: NAME -- and what follows is the command."""
    name, _, *command = arguments
    sys.meta_path.insert(0, _After(_LAST_IMPORTED, lambda: apply(name)))
    sys.argv = ["hub", *command]
    runpy.run_module("hub.cli", run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
