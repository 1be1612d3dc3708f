"""`hub export`, `hub erase`: everything the hub keeps of one person, told or forgotten."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import click
import orjson
from sqlalchemy import Connection

from hub import config
from hub.cli.opened import opened
from hub.cli.traced import operator
from hub.contract import NotAPhone, Phone, utc_now
from hub.report.whole_person import everything
from hub.store import forgetting, workspaces
from hub.store.database import Database, Row
from hub.store.numbers import number_of
from hub.store.sealing import Vault

_whose = click.option(
    "--workspace", type=click.UUID, help="One workspace; all of them, unless given."
)


@click.command()
@click.argument("number")
@_whose
def export(number: str, workspace: UUID | None) -> None:
    """Write everything the hub keeps of NUMBER as JSON, such as for a person who asks for it."""
    with opened() as (database, settings), database.begin() as db:
        vault = Vault.on(database, config.master_key(settings))
        found = [_told(db, vault, shop, number) for shop in _shops(db, workspace)]
    click.echo(orjson.dumps(found, default=str, option=orjson.OPT_INDENT_2).decode())


@click.command()
@click.argument("number")
@_whose
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(number: str, workspace: UUID | None, yes: bool) -> None:
    """Forget NUMBER: the number, names, texts, requests. It cannot be undone.

    A STOP stays in force, and what was billed stays counted. Stopped in the middle, it goes on
    where it was when it is run again. Backups hold the person until they are deleted.
    """
    if not yes:
        click.confirm(f"Forget everything about {number}, for ever?", abort=True)
    with opened() as (database, settings):
        vault = Vault.on(database, config.master_key(settings))
        with database.begin() as db:
            shops = _shops(db, workspace)
        proofs = [_forget(database, vault, shop, number) for shop in shops]
    for shop, proof in zip(shops, proofs, strict=True):
        counts = ", ".join(
            f"{n} {kind.replace('_', ' ')}" for kind, n in proof["counts"].items() if n
        )
        click.echo(f"{shop['name']}: {counts or 'nothing was known'}. Proof {proof['id']}.")


def _shops(db: Connection, wanted: UUID | None) -> Sequence[Row]:
    found = [shop for shop in workspaces.listed(db) if wanted in (None, shop["id"])]
    if not found:
        raise click.ClickException("There is no such workspace. `hub workspace list` shows them.")
    return found


def _forget(database: Database, vault: Vault, shop: Row, number: str) -> Row:
    token = _token(vault, shop, number)
    return forgetting.erase(database, shop["id"], token, utc_now(), operator())


def _token(vault: Vault, shop: Row, number: str) -> str:
    try:
        return number_of(vault, shop["id"], Phone.parse(number, shop["country"])).token
    except NotAPhone as problem:
        raise click.ClickException(str(problem)) from None


def _told(db: Connection, vault: Vault, shop: Row, number: str) -> dict[str, Any]:
    return everything(db, vault, shop, _token(vault, shop, number), number)
