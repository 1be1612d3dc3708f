"""`hub audit`: who changed what, and the proof that nobody changed that."""

import sys
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table

from hub.cli.opened import opened
from hub.store import audit as chain


@click.group()
def audit() -> None:
    """Show who changed what, and prove that these lines are whole."""


@audit.command()
@click.option("--anchor", default="", help="What an earlier check ended with; it must be met.")
def verify(anchor: str) -> None:
    """Walk the whole chain: no line was changed, none is gone."""
    with opened() as (database, _), database.begin() as db:
        proof = chain.verify(db, anchor.strip())
    if proof.fault:
        click.echo(f"✗ {proof.fault}")
        click.echo("  → Compare with a backup, and find out who can write to the database.")
        sys.exit(1)
    click.echo(f"✓ {proof.lines} lines, whole.")
    click.echo(f"anchor  {proof.anchor}")
    click.echo("Keep the anchor elsewhere: with --anchor it shows lines gone at the end.", err=True)


@audit.command("list")
@click.option("--workspace", type=click.UUID, help="Only this workspace's.")
@click.option("--last", default=50, type=click.IntRange(1, 10_000), help="How many lines.")
def listing(workspace: UUID | None, last: int) -> None:
    """List the newest lines, newest first."""
    with opened() as (database, _), database.begin() as db:
        found = chain.listed(db, last, workspace)
    table = Table("line", "when", "who", "what", "object", "detail", box=None, pad_edge=False)
    for line in found:
        who = line["who"] + (f" ({line['key_name']})" if line["key_name"] else "")
        when = f"{line['at']:%Y-%m-%d %H:%M:%S}"
        told = (line["what"], line["object"], line["detail"])
        table.add_row(str(line["n"]), when, who, *told)
    if found:
        Console(width=None if Console().is_terminal else 240).print(table, markup=False)
    else:
        click.echo("Nothing was changed yet.")
