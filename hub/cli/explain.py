"""`hub explain`: the whole road of one message, as a person reads it."""

from functools import partial

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import Connection

from hub import config
from hub.cli.opened import opened
from hub.report.road import SHORTEST_PREFIX, Road, Station, ids_like, roads_of
from hub.store import numbers
from hub.store.database import Row
from hub.store.sealing import Vault

_MARKS = {
    "done": ("●", "green"),
    "waiting": ("○", "yellow"),
    "stopped": ("✕", "red"),
    "ahead": ("○", "dim"),
}


@click.command()
@click.argument("id")
@click.option("--show-numbers", is_flag=True, help="Whole phone numbers, not masked.")
@click.option("--brief", is_flag=True, help="Only the stations, without their details.")
def explain(id: str, brief: bool, show_numbers: bool) -> None:
    """Explain what became of a message, a decision, an event or an intake.

    ID may be the beginning of one, of 8 characters or more.
    """
    with opened() as (database, settings), database.begin() as db:
        found = _only(db, id)
        vault = Vault.on(database, config.master_key(settings))
        show = partial(numbers.shown, db, vault, masked=not show_numbers)
        roads = [road.shown(show) for road in roads_of(db, found["id"])]
    console = Console(highlight=False)
    for road in roads:
        _draw(console, road, brief)


def _only(db: Connection, prefix: str) -> Row:
    if len(prefix.replace("-", "")) < SHORTEST_PREFIX:
        words = f"«{prefix}» is too short. Give {SHORTEST_PREFIX} characters or more of an id."
        raise click.ClickException(words)
    found = ids_like(db, prefix)
    if not found:
        raise click.ClickException(
            f"No message, decision, event or intake has an id that begins with «{prefix}»."
        )
    if len(found) > 1:
        listed = "\n".join(f"  {row['noun']} {row['id']}" for row in found)
        raise click.ClickException(f"Several begin with «{prefix}». Give more of one:\n{listed}")
    return found[0]


def _draw(console: Console, road: Road, brief: bool) -> None:
    ids = ", ".join(f"{noun} {found}" for noun, found in road.ids.items())
    console.print(Text(road.title, style="bold"))
    console.print(Text(" · ".join(filter(None, (road.state, road.person)))))
    console.print(Text(ids, style="dim"), soft_wrap=True)
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for station in road.stations:
        table.add_row("│")
        _add(table, station, brief)
    console.print(table)
    for name, words in road.actions:
        console.print(Text(f"→ {name}: {words}"), soft_wrap=True)
    console.print()


def _add(table: Table, station: Station, brief: bool) -> None:
    mark, style = _MARKS[station.state]
    table.add_row(
        Text(mark, style=style),
        Text(station.name, style="bold"),
        Text(station.state, style=style),
        Text(station.sentence),
    )
    for label, text in () if brief else station.details:
        table.add_row("│", "", "", Text.assemble((f"{label}  ", "dim"), text))
