"""`hub bench`: one command for each module of hub/local/bench; the exit code is the bars'."""

import importlib
import json
import os
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any

import click
from rich.console import Console

from hub.local import bench as benches
from hub.local.bench.children import Broken
from hub.local.bench.measured import Measured
from hub.local.bench.telling import Teller
from hub.local.supervise import CannotStart

_JSON = "One JSON document on standard output; the words go to standard error."


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

        def measure(as_json: bool, **options: Any) -> None:
            _measure(bench, as_json, options)

        machine = click.Option(["--json", "as_json"], is_flag=True, help=_JSON)
        own = getattr(bench, "OPTIONS", ())
        return click.Command(cmd_name, callback=measure, help=bench.SAYS, params=[*own, machine])


def _measure(bench: ModuleType, as_json: bool, options: Mapping[str, Any]) -> None:
    # A file of its own: a bench may send what its processes log elsewhere.
    words = os.fdopen(os.dup(2 if as_json else 1), "w")
    console = Console(file=words, soft_wrap=True)
    try:
        with Teller(console) as say:
            answer = bench.run(say, **options)
    except (Broken, CannotStart) as problem:
        raise click.ClickException(str(problem)) from None
    measured = answer if isinstance(answer, Measured) else None
    for bar in measured.bars if measured else ():
        console.print(str(bar), markup=False, highlight=False)
    holds = measured.holds if measured else bool(answer)
    if as_json:
        told = measured.as_json() if measured else {"holds": holds}
        click.echo(json.dumps({"bench": bench.NAME, **told}))
    if not holds:
        raise click.exceptions.Exit(1)


@click.group(cls=_Benches)
def bench() -> None:
    """Measure the hub against its bars. Exit 0 only where every bar holds."""
