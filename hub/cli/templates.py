"""`hub templates`: the gallery of ready-made messages, listed and linted."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from hub import config
from hub.compose.gallery import GalleryError, Scenario, load
from hub.compose.gallery.lint import Line, lines_of

_GALLERY = click.option(
    "--gallery",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of scenarios; the shipped one when not given.",
)


@click.group()
def templates() -> None:
    """List and lint the gallery of ready-made messages."""


@templates.command("list")
@_GALLERY
def listing(gallery: Path | None) -> None:
    """List the scenarios: kind, events, languages."""
    table = Table("scenario", "kind", "sector", "event", "sms", "rcs", box=None, pad_edge=False)
    for one in _loaded(gallery):
        spoken = [" ".join(t.language for t in one.spoken(c)) for c in ("sms", "rcs")]
        table.add_row(one.slug, one.kind, one.sector, ", ".join(one.events), *spoken)
    _print(table)


@templates.command("lint")
@_GALLERY
@click.option("--only", metavar="WORD", default="", help="Scenarios whose name has this in it.")
def linting(gallery: Path | None, only: str) -> None:
    """Measure every text at its widest: one part each, unless its header says why.

    Widest means fair values: a first name of 10 letters, a brand of 12, 1 234,50 € and so on, as
    hub/compose/extent/bounds.py declares them; links take 25 characters and STOP 36034 is counted.
    """
    scenarios = [one for one in _loaded(gallery) if only in one.slug]
    lines = [line for one in scenarios for line in lines_of(one)]
    _print(_table(lines))
    for line in lines:
        _tell(line)
    wrong = sum(not line.passes for line in lines)
    warned = sum(f.severity == "warning" for line in lines for f in line.findings)
    click.echo(f"{len(scenarios)} scenarios, {len(lines)} texts: {wrong} wrong, {warned} warnings.")
    if wrong:
        raise click.exceptions.Exit(1)


def _table(lines: Sequence[Line]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("scenario", "language", "channel", "encoding", "parts", "left", "findings"):
        table.add_column(name, justify="right" if name in ("parts", "left") else "left")
    for line in lines:
        codes = [f.code for f in line.findings if f.severity != "info"]
        table.add_row(line.scenario, line.language, line.channel, *_cost(line), ", ".join(codes))
    return table


def _cost(line: Line) -> tuple[str, str, str]:
    """Encoding, parts and characters left at the widest; RCS is billed by the message."""
    if line.bill is None or line.channel == "rcs":
        return "", "1" if line.bill else "", ""
    count = line.bill.largest.count
    return count.encoding, str(count.parts), str(count.left)


def _tell(line: Line) -> None:
    for found in line.findings:
        if found.severity != "info":
            where = f"{line.scenario}/{line.language}.{line.channel}"
            click.echo(f"{found.severity:7} {where}  {found.where}: {found.words}")
    if line.why and line.channel == "sms":
        click.echo(f"note    {line.scenario}/{line.language}.sms  {line.allowed} parts: {line.why}")


def _loaded(gallery: Path | None) -> tuple[Scenario, ...]:
    try:
        return load(gallery or Path(config.read().templates))
    except (GalleryError, config.BadSetting) as wrong:
        raise click.ClickException(str(wrong)) from None


def _print(table: Table) -> None:
    console = Console()
    (console if console.is_terminal else Console(width=200)).print(table, markup=False)
