"""`python -m hub.local.chaos.patched NAME -- worker`: a part of the hub with a patch of chaos: one
safety taken away, or a clock that can be put wrong.

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
    """Put the patch of this name, a module of this folder, on this process."""
    importlib.import_module(f"hub.local.chaos.{name.replace('-', '_')}").patch()


def main(arguments: Sequence[str]) -> None:
    """Run `hub` with the patch: NAME -- and what follows is the command."""
    name, _, *command = arguments
    sys.meta_path.insert(0, _After(_LAST_IMPORTED, lambda: apply(name)))
    sys.argv = ["hub", *command]
    runpy.run_module("hub.cli", run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
