"""`hub account`: the people who sign in, for an operator who helps one that cannot."""

from typing import Any
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection

from hub import config
from hub.accounts import first, passwords
from hub.accounts.roles import ROLES
from hub.cli.opened import opened
from hub.cli.traced import trace
from hub.contract import utc_now
from hub.store import sessions, users, workspaces
from hub.store.database import Row
from hub.store.ground import Ground
from hub.store.sealing import Vault

_WHY = {
    "short": f"It needs {passwords.SHORTEST} characters or more; a sentence is easy to remember.",
    "long": f"It has more than {passwords.LONGEST} characters.",
    "guessable": "It is easy to guess. Take a sentence of your own.",
    "personal": "It is made of the person's own name or address. Take a sentence of their own.",
}


@click.group()
def account() -> None:
    """List who signs in, let somebody in, and help who has lost a password or a phone."""


@account.command("list")
def listing() -> None:
    """List the people who sign in, with what each may do where."""
    with opened() as (database, _), database.begin() as db:
        found = users.everybody(db)
    if not found:
        click.echo("Nobody has an account yet.")
        return
    table = Table("address", "name", "workspaces", "second factor", "", box=None, pad_edge=False)
    for one in found:
        places = ", ".join(f"{w['name']} ({w['role']})" for w in one["workspaces"] or [])
        factor, stands = "yes" if one["has_totp"] else "no", "closed" if one["closed"] else ""
        table.add_row(one["email"], one["name"], places or "none", factor, stands)
    Console(width=None if Console().is_terminal else 200).print(table, markup=False)


@account.command("first")
def first_one() -> None:
    """Show where the first account of this hub is made, and the code that it takes."""
    with opened() as (database, settings):
        ground = Ground(database, Vault.on(database, config.master_key(settings)), {}, utc_now,
                        settings)  # fmt: skip
        if not first.is_first_run(ground):
            raise click.ClickException("There is an account already. `hub account list` shows all.")
        click.echo(first.address_of(ground))


@account.command()
@click.argument("email")
@click.argument("workspace_id", metavar="WORKSPACE", type=click.UUID)
@click.option("--name", default="", help="What the team calls them.")
@click.option("--role", type=click.Choice(ROLES), default="owner", show_default=True)
@click.password_option(help="Asked for, unless given.")
def add(email: str, workspace_id: UUID, name: str, role: str, password: str) -> None:
    """Let somebody into a workspace: a new account, or one that stands."""
    with opened() as (database, _), database.begin() as db:
        if workspaces.get(db, workspace_id) is None:
            words = f"There is no workspace {workspace_id}. `hub workspace list` shows them."
            raise click.ClickException(words)
        known = users.by_email(db, email)
        user_id = known["id"] if known else _made(db, email, name or email, password)
        users.join(db, workspace_id, user_id, role, utc_now())
        trace(db, "account.add", str(user_id), workspace_id, role=role)
    click.echo(f"{email.lower()} is {role} of the workspace.")


@account.command()
@click.argument("email")
@click.password_option(help="Asked for, unless given.")
@click.option("--keep-second-factor/--drop-second-factor", default=True,
              help="Drop it for who has lost phone and recovery codes.")  # fmt: skip
def reset(email: str, password: str, keep_second_factor: bool) -> None:
    """Give somebody a new password; every browser of theirs is signed out."""
    with opened() as (database, settings), database.begin() as db:
        user = _known(db, email)
        users.change(db, user["id"], password_hash=_hashed(password, email, user["name"]))
        if not keep_second_factor:
            vault = Vault.on(database, config.master_key(settings))
            users.keep_totp(db, vault, user["id"], "", [])
        sessions.end_all(db, user["id"])
        trace(db, "account.reset", str(user["id"]), second_factor_kept=keep_second_factor)
    click.echo(f"{user['email']} has the new password, and is signed out everywhere.")


@account.command()
@click.argument("email")
@click.option("--open", "opens", is_flag=True, help="Open it again.")
def close(email: str, opens: bool) -> None:
    """Close an account: it signs in nowhere any more."""
    with opened() as (database, _), database.begin() as db:
        user = _known(db, email)
        if not opens:
            _refuse_last_owner(db, user)
            sessions.end_all(db, user["id"])
        users.change(db, user["id"], disabled_at=None if opens else utc_now())
        trace(db, "account.open" if opens else "account.close", str(user["id"]))
    click.echo(f"{user['email']} {'may sign in again' if opens else 'signs in nowhere any more'}.")


def _made(db: Connection, email: str, name: str, password: str) -> UUID:
    made = users.add(
        db, email=email, name=name, password_hash=_hashed(password, email, name), language="",
        now=utc_now(),
    )  # fmt: skip
    if made is None:
        raise click.ClickException("Somebody has made an account for this address just now.")
    return made


def _hashed(password: str, *personal: str) -> str:
    try:
        passwords.check_new(password, *personal)
    except passwords.BadPassword as why:
        raise click.ClickException(_WHY[str(why)]) from None
    return passwords.hash_of(password)


def _known(db: Connection, email: str) -> Any:
    found = users.by_email(db, email)
    if found is None:
        raise click.ClickException(f"Nobody has the address {email}. `hub account list` shows all.")
    return found


def _refuse_last_owner(db: Connection, user: Row) -> None:
    for place in users.workspaces_of(db, user["id"]):
        if place["role"] == "owner" and users.owners(db, place["id"]) == [user["id"]]:
            words = f"It is the only owner of «{place['name']}»."
            raise click.ClickException(f"{words} Let another in first: hub account add.")
