"""`hub bind`: the process of a carrier that wants a line kept open, run by the operator beside the
hub."""

import threading
from uuid import UUID

import click

from hub import config


@click.command()
@click.argument("connection")
def bind(connection: str) -> None:
    """Keep a carrier's line open: CONNECTION is the connection's id. Stops with Ctrl-C."""
    from hub import app
    from hub.cli.serve import stop_on_signal
    from hub.local.attached import engines_for
    from hub.store import connections

    stop = threading.Event()
    stop_on_signal(stop)
    try:
        settings = config.read()
        wanted = UUID(connection)
    except ValueError as problem:
        raise click.ClickException(str(problem)) from None
    with engines_for(settings, click.echo) as settings:
        config.log_to_stderr(settings.log_level)
        ground = app.build(settings, pool=2).ground
        with ground.database.begin() as db:
            row = connections.by_ids(db, [wanted]).get(wanted)
        if row is None or row["state"] == "removed":
            raise click.ClickException("There is no such connection. `hub doctor` names them.")
        carrier = ground.connectors[row["connector"]].carrier
        if carrier is None or carrier.bind is None:
            raise click.ClickException("This connection needs no line of its own: just use it.")
        click.echo(f"Keeping the line of «{row['label'] or row['connector']}» open.")
        carrier.bind(ground.context(row), stop)
        click.echo("The line is closed.")
