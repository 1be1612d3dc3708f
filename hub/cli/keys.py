"""`hub keys`: the keys that numbers, credentials and what arrived are sealed with."""

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from hub import config
from hub.cli.opened import opened
from hub.cli.traced import trace
from hub.store.database import rows
from hub.store.sealing import CannotUnseal, Vault
from hub.store.sealing.turning import COLUMNS, Step, turn, used

_STATES = {
    "current": "seals",
    "retiring": "opens; what it sealed is being sealed again",
    "retired": "opens what old backups hold",
}


@click.group()
def keys() -> None:
    """List the keys that rows are sealed with, and turn them."""


@keys.command("list")
def listing() -> None:
    """List the keys, with how much each has sealed."""
    with opened() as (database, _), database.begin() as db:
        found = rows(db, "SELECT * FROM sealing_keys WHERE state <> 'pepper' ORDER BY id")
        sealed = {column: used(db, column) for column in COLUMNS}
    if not found:
        click.echo("There is no key yet; the first is made when something is to be sealed.")
        return
    table = Table("key", "made", "state", "sealed values", box=None, pad_edge=False)
    for row in found:
        number = sum(counts.get(row["id"], 0) for counts in sealed.values())
        made = f"{row['created_at']:%Y-%m-%d %H:%M}"
        table.add_row(str(row["id"]), made, f"{row['state']}: {_STATES[row['state']]}", str(number))
    Console(width=None if Console().is_terminal else 200).print(table, markup=False)


@keys.command()
@click.option("--wait", default=-1.0, hidden=True)
def rotate(wait: float) -> None:
    """Make a new key and seal everything again with it, while the hub works.

    It may be stopped at any time; run it again, and it goes on where it was.
    """
    with opened() as (database, settings), Progress(transient=True) as progress:
        tasks = {c: progress.add_task(f"{c.table}.{c.column}", total=None) for c in COLUMNS}

        def seen(step: Step) -> None:
            progress.update(tasks[step.of], completed=step.done, total=max(step.total, step.done))

        vault = Vault.on(database, config.master_key(settings))
        with database.begin() as db:
            trace(db, "keys.rotate")  # whoever stops it half-way has left a line too
        try:
            made = turn(database, vault, seen, **({"wait": wait} if wait >= 0 else {}))
        except CannotUnseal as problem:
            words = f"{problem} Everything else goes on as it was; run it again afterwards."
            raise click.ClickException(words) from None
        with database.begin() as db:
            trace(db, "keys.rotated", str(made))
    click.echo(f"Everything is sealed with key {made}; those before it are retired.")
