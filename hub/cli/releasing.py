"""What `hub release` does and says, after a restore."""

from collections.abc import Sequence
from uuid import UUID

import click

from hub.cli.traced import trace
from hub.send.restored import ask_about_held
from hub.store import restored
from hub.store.ground import Ground

_AGAIN = (
    "{} came again from your shops and systems, about something from before the restore. `hub "
    "explain <id>` shows each; `hub release <id>` lets it go."
)


def these(ground: Ground, ids: Sequence[UUID]) -> None:
    """Let these go."""
    with ground.database.begin() as db:
        went = restored.release(db, ids, ground.clock())
        trace(db, "messages.released", messages=went)
    click.echo(f"Let go: {went}.")


def later(ground: Ground) -> None:
    """Let those go that cannot have gone."""
    with ground.database.begin() as db:
        ids = restored.later(db)
    these(ground, ids)


def asked(ground: Ground) -> None:
    """Ask the carriers."""
    said = ask_about_held(ground)
    click.echo(f"Went before: {said.went}. Never went, and go now: {said.unsent}.")
    if said.young:
        click.echo(f"Too early to ask about {said.young}: carriers list some messages late.")
    if said.open:
        click.echo(f"No carrier can prove anything about {said.open}.")


def everything(ground: Ground) -> None:
    """Let all go, come what may."""
    ids: list[UUID] = []
    with ground.database.begin() as db:
        while page := restored.held(db, ids[-1] if ids else None, 5000):
            ids += [one["id"] for one in page]
    these(ground, ids)


def show(ground: Ground) -> None:
    """What is still held, and what to do about it."""
    with ground.database.begin() as db:
        last, held = restored.last(db), restored.standing(db)
    if last is None:
        click.echo("This database was never restored: nothing is held for that.")
        return
    span = f"between {last['taken_at']:%Y-%m-%d %H:%M} and {last['restored_at']:%Y-%m-%d %H:%M} UTC"
    if not held.before + held.again:
        click.echo("Nothing is held any more.")
        return
    click.echo(f"Held: {held.before + held.again}. They may have gone {span}.")
    if held.later:
        click.echo(f"{held.later} were planned for later than that: `hub release --later`.")
    if held.before - held.later:
        click.echo(f"{held.before - held.later} were due: `hub release --ask` asks the carriers.")
    if held.again:
        click.echo(_AGAIN.format(held.again))
