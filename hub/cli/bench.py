"""`hub bench`: one command for each module of hub/local/bench; the exit code is the bar's."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import ModuleType

import click

from hub.local import bench as benches


@cache
def found() -> Mapping[str, ModuleType]:
    """The benches by name, as their folder has them."""
    names = sorted(module.name for module in pkgutil.iter_modules(benches.__path__))
    modules = [importlib.import_module(f"{benches.__name__}.{name}") for name in names]
    return {module.NAME: module for module in modules if hasattr(module, "NAME")}


class _Benches(click.Group):
    """A group whose commands are what lies in the folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """By name."""
        return list(found())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The bench of that name, as a command."""
        bench = found().get(cmd_name)
        if bench is None:
            return None

        def measure() -> None:
            if not bench.run(click.echo):
                raise click.exceptions.Exit(1)

        return click.Command(cmd_name, callback=measure, help=bench.SAYS)


@click.group(cls=_Benches)
def bench() -> None:
    """Measure the hub against its bars. Exit 0 only where the bar holds."""
