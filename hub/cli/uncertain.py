"""`hub uncertain`: messages that nobody knows whether they arrived, for the operator to settle."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table

from hub import config
from hub.cli.opened import opened
from hub.cli.traced import trace
from hub.contract import utc_now
from hub.report.uncertain import carrier_of, exported, page
from hub.send.settled import settle_as
from hub.store import doubts
from hub.store.database import Row
from hub.store.sealing import Vault
from hub.work.nudges import Nudges, celery_app

_VERDICTS = {"arrived": "arrived", "not-arrived": "not_arrived", "send-again": "sent_again"}
_DONE = {
    "arrived": "Settled as arrived: {n}.",
    "not_arrived": "Settled as not arrived: {n}.",
    "sent_again": "Sent again as new messages: {n}. They count against the limits.",
}
_MOST = 10_000
_BY = "an operator"
_workspace = click.option("--workspace", type=click.UUID, help="Of this workspace only.")
_whole = click.option("--show-numbers", is_flag=True, help="Whole phone numbers, not masked.")


@click.group()
def uncertain() -> None:
    """Messages that nobody knows whether they arrived: list, settle, export."""


@uncertain.command("list")
@_workspace
@click.option("--limit", default=50, show_default=True, help="How many at most.")
@_whole
def listing(workspace: UUID | None, limit: int, show_numbers: bool) -> None:
    """List them, newest first."""
    with opened() as (database, settings), database.begin() as db:
        vault = Vault.on(database, config.master_key(settings))
        found = page(db, vault, workspace, None, limit, masked=not show_numbers)
    if not found:
        click.echo("No message is uncertain.")
        return
    table = Table("message", "to", "sent at", "carrier", "what is known", box=None, pad_edge=False)
    for message in found:
        at = f"{message['sending_at']:%Y-%m-%d %H:%M} UTC" if message["sending_at"] else ""
        known = message["sentence"] if message["final_at"] else "The hub is still finding out."
        table.add_row(str(message["id"]), message["to"], at, carrier_of(message), known)
    Console(width=None if Console().is_terminal else 200).print(table, markup=False)
    click.echo("Settle one: hub uncertain settle <message> --as arrived", err=True)


@uncertain.command()
@click.argument("messages", nargs=-1, type=click.UUID)
@click.option("--as", "verdict", type=click.Choice(list(_VERDICTS)), required=True)
@click.option("--all", "everything", is_flag=True, help="All that the hub cannot settle itself.")
@_workspace
@click.option("--yes", is_flag=True, help="Do not ask before sending again.")
def settle(
    messages: tuple[UUID, ...], verdict: str, everything: bool, workspace: UUID | None, yes: bool
) -> None:
    """Settle MESSAGES, or all, as arrived, not arrived, or send them again as new messages."""
    if bool(messages) == everything:
        raise click.UsageError("Name messages, or say --all.")
    word = _VERDICTS[verdict]
    with opened() as (database, settings):
        with database.begin() as db:
            chosen = list(messages) or _final(doubts.listed(db, workspace, None, _MOST))
        if word == "sent_again" and chosen and not yes:
            words = f"Some of these {len(chosen)} may have arrived. Send them all again?"
            click.confirm(words, abort=True)
        with database.begin() as db:
            done = settle_as(db, word, chosen, workspace, _BY, utc_now())
            if done:
                told = [str(row["id"]) for row in done][:200]
                trace(db, f"uncertain.{word}", str(len(done)), workspace, messages=told)
        Nudges(celery_app(settings.redis_url))("send_transactional", "send_marketing")
    click.echo(_DONE[word].format(n=len(done)))
    if len(done) < len(chosen):
        click.echo(f"Left as they are, because they are certain: {len(chosen) - len(done)}.")


@uncertain.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_workspace
@_whole
def export(file: Path, workspace: UUID | None, show_numbers: bool) -> None:
    """Write the list to FILE, as CSV."""
    with opened() as (database, settings), database.begin() as db:
        vault = Vault.on(database, config.master_key(settings))
        file.write_bytes(exported(db, vault, workspace, masked=not show_numbers))
    click.echo(f"Written to {file}.")


def _final(found: Sequence[Row]) -> list[UUID]:
    return [message["id"] for message in found if message["final_at"]]
