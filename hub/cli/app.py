"""`hub app`: the operator's own apps at vendors, which every workspace may sign in through."""

import click
from rich.console import Console
from rich.table import Table

from hub import config, registry
from hub.cli.opened import opened
from hub.cli.traced import trace
from hub.connections.dance import BACK
from hub.contract import OAuth2
from hub.contract.signing_in import fields_of
from hub.store import apps
from hub.store.sealing import Vault


@click.group()
def app() -> None:
    """Keep the operator's apps at vendors: merchants then sign in without one of their own."""


@app.command()
@click.argument("connector")
@click.option("values", "--set", metavar="NAME=VALUE", multiple=True, help="A field; repeatable.")
def keep(connector: str, values: tuple[str, ...]) -> None:
    """Keep an app: its client_id and client_secret, asked for where they are not given."""
    names = _fields(connector)
    given = {name: value for name, _, value in (v.partition("=") for v in values)}
    unknown = [name for name in given if name not in names]
    if unknown:
        known = ", ".join(names)
        raise click.ClickException(f"There is no field {unknown[0]}; there are: {known}.")
    for name in ("client_id", "client_secret"):
        if not given.get(name):
            given[name] = click.prompt(name, hide_input=name.endswith("secret"))
    with opened() as (database, settings), database.begin() as db:
        vault = Vault.on(database, config.master_key(settings))
        made = apps.keep(db, vault, workspace_id=None, connector=connector, secrets=given)
        trace(db, "app.keep", f"{connector}/{made['id']}", fields=sorted(given))
        click.echo(f"redirect address  {settings.address}{BACK}")
        click.echo(f"delivery address  {settings.address}/hooks/{connector}/{made['hook_token']}")
    click.echo("Enter both addresses in the app, at the vendor.", err=True)


@app.command("list")
def listing() -> None:
    """List the operator's apps, without their secrets."""
    with opened() as (database, settings), database.begin() as db:
        found = apps.listed(db, None)
    table = Table("connector", "client id", "delivery address", box=None, pad_edge=False)
    for one in found:
        address = f"{settings.address}/hooks/{one['connector']}/{one['hook_token']}"
        table.add_row(one["connector"], one["client_id"], address)
    if found:
        Console(width=None if Console().is_terminal else 200).print(table, markup=False)
    else:
        click.echo("There is no app yet. `hub app keep <connector>` keeps one.")


def _fields(slug: str) -> list[str]:
    try:
        found = registry.load().get(slug)
    except registry.NoSuchConnector as error:
        raise click.ClickException(str(error)) from None
    ways = [way for way in found.ways.values() if isinstance(way, OAuth2)]
    if not ways:
        raise click.ClickException(f"{found.title} is not signed in to through an app.")
    return [field.name for field in fields_of(ways[0])]
