"""`hub workspace`: make a merchant's workspace, list them, make their API keys."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from babel import Locale, UnknownLocaleError
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection

from hub import config
from hub.automations import windows
from hub.automations.hours import zone_named
from hub.automations.seed import plant
from hub.cli.opened import opened
from hub.cli.traced import trace
from hub.contract import NotAPhone, Phone, utc_now
from hub.store import keys, numbers, workspaces
from hub.store.database import Row
from hub.store.sealing import Vault


@click.group()
def workspace() -> None:
    """Make and list workspaces, one for each merchant, and make their API keys."""


@workspace.command()
@click.option("--name", required=True, help="The merchant's name.")
@click.option("--country", required=True, help="Two letters, such as FR.")
@click.option("--brand", default="", help="What messages call the shop; the name, unless given.")
@click.option("--language", default="", help="Two letters; the country's own, unless given.")
@click.option("--zone", default="", help="Such as Europe/Paris; the country's, unless given.")
@click.option("--window", default="", help="Sending hours: a country's, FR-strict, or always.")
@click.option("--stop-code", default="", help="The short number that STOP is sent to.")
@click.option("--sender", default="", help="The name phones show, where the carrier allows one.")
@click.option("--draft", is_flag=True, help="Leave the ready-made automations switched off.")
@click.option(
    "--testing/--live", default=True, help="Testing sends to test numbers only, until it goes live."
)
@click.option("--tester", multiple=True, help="A test number, such as your own; more than once.")
def new(draft: bool, testing: bool, tester: Sequence[str], **given: str) -> None:
    """Make a workspace with ready-made templates and automations, and its first API key."""
    settled = _settled(**given)
    testers = _testers(tester, settled["country"])
    with opened() as (database, settings), database.begin() as db:
        made = workspaces.add(db, **settled, testing=testing)
        vault = Vault.on(database, config.master_key(settings))
        workspaces.change(db, made, testers=_kept(db, vault, made, testers))
        state = "draft" if draft else "live"
        plant(db, made, Path(settings.templates), utc_now(), state=state)
        key = keys.make(db, made, "first", keys.SCOPES)
        trace(db, "workspace.new", workspace_id=made, state=state, testing=testing)
    click.echo(f"workspace {made}\nkey       {key}")
    click.echo("The key is shown this once; keep it where programs keep secrets.", err=True)
    if testing:
        listed = ", ".join(phone.e164 for phone in testers) or "none yet"
        click.echo(f"It is in test mode: only test numbers are sent to ({listed}).", err=True)
        click.echo(f"`hub workspace mode {made} --live` opens it to everyone.", err=True)


@workspace.command("list")
def listing() -> None:
    """List the workspaces."""
    with opened() as (database, _), database.begin() as db:
        found = workspaces.listed(db)
    table = Table("id", "name", "country", "language", "zone", box=None, pad_edge=False)
    for row in found:
        names = ("id", "name", "country", "language", "zone")
        table.add_row(*(str(row[name]) for name in names))
    if found:
        Console(width=None if Console().is_terminal else 200).print(table, markup=False)
    else:
        click.echo("There is no workspace yet. `hub workspace new` makes one.")


@workspace.command()
@click.argument("workspace_id", metavar="WORKSPACE", type=click.UUID)
@click.option("--scopes", default="read", help=f"Some of {', '.join(keys.SCOPES)}, with commas.")
@click.option("--name", default="program", help="What the key is for.")
def key(workspace_id: UUID, scopes: str, name: str) -> None:
    """Make one more API key; it is shown this once."""
    wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
    unknown = [scope for scope in wanted if scope not in keys.SCOPES]
    if unknown or not wanted:
        known = ", ".join(keys.SCOPES)
        raise click.ClickException(f"«{', '.join(unknown)}» is no scope. Choose some of {known}.")
    with opened() as (database, _), database.begin() as db:
        _standing(db, workspace_id)
        made = keys.make(db, workspace_id, name, wanted)
        trace(db, "workspace.key", made.split("_")[1], workspace_id, scopes=wanted)
    click.echo(made)


@workspace.command()
@click.argument("key")
def revoke(key: str) -> None:
    """End an API key: KEY is the whole of it, or the part between its first two underscores."""
    prefix = key.split("_")[1] if key.startswith("rls_") and key.count("_") > 1 else key
    with opened() as (database, _), database.begin() as db:
        ended = keys.revoke(db, prefix)
        if ended is None:
            raise click.ClickException("There is no such key, or it was ended before.")
        trace(db, "workspace.revoke", prefix, ended["workspace_id"])
    click.echo(f"The key «{ended['name']}» opens nothing any more.")


@workspace.command()
@click.argument("workspace_id", metavar="WORKSPACE", type=click.UUID)
@click.option("--testing/--live", default=None, help="Test numbers only, or everyone.")
@click.option("--tester", multiple=True, help="One more test number; more than once.")
def mode(workspace_id: UUID, testing: bool | None, tester: Sequence[str]) -> None:
    """Say whether a workspace sends to everyone or to its test numbers only, and add to these."""
    with opened() as (database, settings), database.begin() as db:
        shop = _standing(db, workspace_id)
        vault = Vault.on(database, config.master_key(settings))
        more = _kept(db, vault, workspace_id, _testers(tester, shop["country"]))
        testers = [*dict.fromkeys([*shop["testers"], *more])]
        stays = shop["testing"] if testing is None else testing
        workspaces.change(db, workspace_id, testing=stays, testers=testers)
        trace(db, "workspace.mode", "", workspace_id, testing=stays, testers=len(testers))
        listed = numbers.shown(db, vault, ", ".join(testers) or "none", masked=False)
    click.echo(f"{'testing' if stays else 'live'}; test numbers: {listed}")


def _standing(db: Connection, workspace_id: UUID) -> Row:
    found = workspaces.get(db, workspace_id)
    if found is None:
        words = f"There is no workspace {workspace_id}. `hub workspace list` shows them."
        raise click.ClickException(words)
    return found


def _kept(db: Connection, vault: Vault, workspace_id: UUID, testers: Sequence[Phone]) -> list[str]:
    return [numbers.keep(db, vault, workspace_id, phone).token for phone in testers]


def _testers(given: Sequence[str], country: str) -> list[Phone]:
    try:
        return [Phone.parse(raw, country) for raw in given]
    except NotAPhone as problem:
        raise click.ClickException(f"A test number cannot be used: {problem}") from None


def _settled(
    name: str,
    country: str,
    brand: str,
    language: str,
    zone: str,
    window: str,
    stop_code: str,
    sender: str,
) -> dict[str, Any]:
    """Everything a workspace needs, the country's habits filled in. Raises ClickException."""
    country = country.upper()
    hours = {"preset": window or country}
    try:
        usual = windows.preset(country)
        windows.parse(hours)
    except KeyError:
        raise click.ClickException(f"«{country}» is no country. Give two letters.") from None
    except windows.DocumentError as error:
        raise click.ClickException(f"The sending hours cannot be used: {error}") from None
    if zone and zone_named(zone) is None:
        raise click.ClickException(f"«{zone}» is no time zone. Give one such as Europe/Paris.")
    return {
        "name": name,
        "brand": brand or name,
        "country": country,
        "language": (language or _spoken_in(country)).lower(),
        "zone": zone or usual.zone,
        "sending_window": hours,
        "stop_code": stop_code,
        "sender": sender,
    }


def _spoken_in(country: str) -> str:
    try:
        return Locale.parse(f"und_{country}").language
    except (UnknownLocaleError, ValueError):
        return "en"
