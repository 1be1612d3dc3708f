"""`hub pause` and `hub resume`: the switch that keeps every message here, and lets them go."""

from uuid import UUID

import click

from hub.automations.rules import PAUSABLE
from hub.cli.opened import opened
from hub.cli.traced import trace
from hub.contract import utc_now
from hub.store import spend, workspaces

_WORKSPACE = click.option(
    "--workspace", type=click.UUID, default=None, help="This one only; all, unless given."
)


@click.command()
@_WORKSPACE
@click.option("--only", type=click.Choice(["marketing"]), default=None, help="Marketing only.")
def pause(workspace: UUID | None, only: str | None) -> None:
    """Keep messages here from the next claim on. Nothing is lost: they wait, and say why."""
    _switch(workspace, only or PAUSABLE[-1])
    click.echo("Paused: what waits stays here. `hub resume` lets it go.")


@click.command()
@_WORKSPACE
def resume(workspace: UUID | None) -> None:
    """Let the messages go that `hub pause` kept."""
    _switch(workspace, None)
    click.echo("Resumed: what waited is looked at again now.")


def _switch(workspace: UUID | None, what: str | None) -> None:
    with opened() as (database, _), database.begin() as db:
        changed = workspaces.pause(db, workspace, what)
        if workspace is not None and not changed:
            words = f"There is no workspace {workspace}. `hub workspace list` shows them."
            raise click.ClickException(words)
        for one in changed:
            if what is None:
                spend.wake(db, one, utc_now())
            trace(db, "workspace.pause" if what else "workspace.resume", what or "", one)
