"""`hub connector`: list, write, certify and try connectors."""

import json
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from hub import registry
from hub.cli import certificate, scaffold, trial
from hub.contract.kit.certify import certify
from hub.contract.kit.score import Result


@click.group()
def connector() -> None:
    """List, write, certify and try connectors."""


@connector.command("list")
def show() -> None:
    """Show every connector found, and what is wrong with the broken ones."""
    found = registry.load()
    table = Table("slug", "title", "roles", "events", "state", box=None, pad_edge=False)
    for entry in found.entries:
        known = entry.connector
        table.add_row(
            entry.slug,
            known.title if known else "",
            ", ".join(known.roles) if known else "",
            ", ".join(known.emits) if known else "",
            "ready" if known else f"broken: {entry.problem}",
        )
    if found.entries:
        Console().print(table, markup=False)
    else:
        click.echo(f"No connector is in {found.root}. `hub connector new <slug>` writes one.")


@connector.command()
@click.argument("slug")
@click.option("--title", default="", help="The vendor's name, as people know it.")
def new(slug: str, title: str) -> None:
    """Write a new connector's folder; it passes its tests as it stands."""
    try:
        folder = scaffold.write(registry.connectors_root(), slug, title)
    except scaffold.CannotWrite as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{folder} is written. `hub connector test {slug}` tells what it must keep.")


@connector.command()
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
def test(slugs: tuple[str, ...]) -> None:
    """Run the kit on every connector, or on those named, and print the score."""
    found = registry.load()
    chosen = slugs or tuple(entry.slug for entry in found.entries)
    if not chosen:
        raise click.ClickException(f"No connector is in {found.root}.")
    scores = [_score(found, slug) for slug in chosen]
    sys.exit(0 if all(scores) else 1)


@connector.command("certify")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--no-mutants", is_flag=True, help="The table of laws alone, without seeded faults.")
def certify_all(slugs: tuple[str, ...], no_mutants: bool) -> None:
    """Print which connector keeps which law, and which law catches which seeded fault."""
    found = registry.load()
    chosen = slugs or tuple(entry.slug for entry in found.entries)
    if not chosen:
        raise click.ClickException(f"No connector is in {found.root}.")
    try:
        folders = [found.candidate(slug).folder for slug in chosen]
    except registry.NoSuchConnector as error:
        raise click.ClickException(str(error)) from None
    sys.exit(0 if certificate.run(folders, not no_mutants, click.echo) else 1)


@connector.command("try")
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "settings", "--settings", metavar="NAME=VALUE", multiple=True, help="A setting; repeatable."
)
def attempt(slug: str, file: Path, settings: tuple[str, ...]) -> None:
    """Verify and read one recorded delivery, and print its events as JSON."""
    try:
        known = registry.load().get(slug)
        result = trial.read(known, file, trial.typed(settings))
    except (registry.NoSuchConnector, trial.Unreadable) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    if result.note:
        click.echo(result.note, err=True)
    click.echo(json.dumps(result.documents, ensure_ascii=False, indent=2))


def _score(found: registry.Registry, slug: str) -> bool:
    try:
        candidate = found.candidate(slug)
    except registry.NoSuchConnector as error:
        click.echo(f"{slug} 0/1\n  {error}")
        return False
    console, table = Console(), Table(box=None, show_header=False, pad_edge=False)

    def tell(result: Result) -> None:
        table.add_row("✓" if result.passed else "✗", result.check.title)
        if result.words:
            table.add_row("", f"{result.check.name}: {result.words}")

    score = certify(candidate, tell)
    console.print(table, markup=False)
    click.echo(f"{score}\n")
    return score.full
