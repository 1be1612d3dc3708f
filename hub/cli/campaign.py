"""`hub campaign`: one template to all the people of a CSV file, counted and priced beforehand."""

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import Connection

from hub import config
from hub.automations.campaign import Campaign, Cancelled
from hub.automations.campaign_file import PARTS, BadFile, CampaignFile
from hub.automations.campaign_survey import Survey, survey
from hub.automations.wordings import channel_of
from hub.cli.opened import opened
from hub.cli.traced import trace
from hub.contract import utc_now
from hub.store import campaigns, prices, templates, workspaces
from hub.store.database import Database, Row
from hub.store.sealing import Vault


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--template", "slug", required=True, help="What they are sent, by its name.")
@click.option("--workspace", "workspace_id", type=click.UUID, help="Whose, among several.")
@click.option("--name", default="", help="What it is called; the template's name, unless given. "
              "The same file under another name is sent again.")  # fmt: skip
@click.option("--column", "columns", multiple=True, metavar="PART=HEADING",
              help=f"Where a part with another heading stands: {', '.join(PARTS)}.")  # fmt: skip
@click.option("--consented-at", type=click.DateTime(["%Y-%m-%d"]),
              help="Since when, for consents without a date of their own.")  # fmt: skip
@click.option("--at", "due", type=click.DateTime(), help="When it goes, in UTC; now, unless given.")
@click.option("--errors", type=click.Path(path_type=Path),
              help="Where unusable lines are listed; beside the file, unless given.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--cancel", is_flag=True, help="Stop what has not left yet of this file.")
def campaign(
    file: Path,
    slug: str,
    workspace_id: UUID | None,
    name: str,
    columns: tuple[str, ...],
    consented_at: datetime | None,
    due: datetime | None,
    errors: Path | None,
    yes: bool,
    cancel: bool,
) -> None:
    """Send a template to the people of a CSV file: its first line names the columns, and only the
    phone is needed. The same file is never sent twice under one name."""
    since = consented_at.replace(tzinfo=UTC) if consented_at else None
    with opened() as (database, settings):
        with database.begin() as db:
            shop = _shop(db, workspace_id)
            template = templates.get(db, shop["id"], slug)
        if template is None:
            raise click.ClickException(f"There is no template «{slug}» in this workspace.")
        source = CampaignFile(file, shop["country"], _mapped(columns), since)
        called = name or slug
        if cancel:
            _stop(database, shop, called, source)
            return
        if _is_done(database, shop, called, source):
            return
        found = _surveyed(source, shop, template)
        _tell(database, shop, template, found, errors or file.with_suffix(".errors.csv"))
        if found.people and not yes:
            click.confirm(f"Send «{slug}» to {found.people:,} people?", abort=True)
        if found.people:
            vault = Vault.on(database, config.master_key(settings))
            row = _begun(database, shop, template, source, called, due)
            _send(database, Campaign(row, shop, template, source, vault), found)


def _shop(db: Connection, workspace_id: UUID | None) -> Row:
    every = workspaces.listed(db)
    mine = [row for row in every if workspace_id in (None, row["id"])]
    if len(mine) == 1:
        found = workspaces.get(db, mine[0]["id"])
        if found is not None:
            return found
    if not mine:
        raise click.ClickException("There is no such workspace. `hub workspace list` shows them.")
    raise click.ClickException("There are several workspaces. Say whose it is with --workspace.")


def _mapped(columns: tuple[str, ...]) -> Mapping[str, str]:
    pairs = dict(one.partition("=")[::2] for one in columns)
    wrong = sorted(set(pairs) - set(PARTS))
    if wrong:
        raise click.ClickException(f"«{wrong[0]}» is no part. Choose some of {', '.join(PARTS)}.")
    return pairs


def _is_done(database: Database, shop: Row, name: str, source: CampaignFile) -> bool:
    with database.begin() as db:
        stands = campaigns.known(db, shop["id"], name, source.digest())
    if stands is None:
        return False
    when = f"{stands['created_at']:%Y-%m-%d %H:%M} UTC"
    if stands["state"] == "open":
        click.echo(f"Begun on {when} and not finished: it goes on after line {stands['line']:,}.")
        return False
    ended = "was stopped" if stands["state"] == "cancelled" else "is done"
    click.echo(
        f"This file {ended} under the name «{name}» since {when}: {stands['messages']:,} messages. "
        "Nothing is sent twice; another --name makes it another campaign."
    )
    return True


def _surveyed(source: CampaignFile, shop: Row, template: Row) -> Survey:
    console = Console(stderr=True)
    try:
        with console.status("Reading the file…") as status:
            return survey(source, shop, template, lambda n: status.update(f"{n:,} lines read…"))
    except BadFile as problem:
        raise click.ClickException(str(problem)) from None


def _tell(database: Database, shop: Row, template: Row, found: Survey, errors: Path) -> None:
    """How many, where, for how much, and what is wrong with the rest."""
    by_country = ", ".join(f"{c or '?'} {n:,}" for c, n in found.countries.most_common(8))
    click.echo(f"{found.people:,} people ({by_country or 'none'}), {template['kind']} messages.")
    with database.begin() as db:
        known = prices.prices_of(db, shop["id"])
    cost = found.cost(known, channel_of(template, ""))
    about = " + ".join(f"{amount} {currency}" for currency, amount in cost.items())
    parts = f"about {found.parts:g} parts each"
    click.echo(
        f"Cost: {f'about {about}' if about else 'not known, no price was entered'}, {parts}."
    )
    if template["kind"] == "marketing":
        told = found.consents
        click.echo(f"Consent in the file: {told['granted']:,} yes, {told['withdrawn']:,} no, "
                   f"{told['']:,} silent. Whoever never agreed is skipped.")  # fmt: skip
    if found.problem:
        click.echo(f"The text cannot be written for everybody. {found.problem}", err=True)
    if found.bad:
        with errors.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("line", "reason"), *((b.n, b.reason) for b in found.bad)])
        click.echo(f"{len(found.bad):,} lines are not used; {errors} says which and why.", err=True)


def _begun(
    database: Database,
    shop: Row,
    template: Row,
    source: CampaignFile,
    name: str,
    due: datetime | None,
) -> Row:
    now = utc_now()
    at = due.replace(tzinfo=UTC) if due else now
    with database.begin() as db:
        row = campaigns.begin(db, shop["id"], name, source.digest(), template, at, now)
        trace(db, "campaign.send", str(row["id"]), shop["id"], after_line=row["line"])
    return row


def _send(database: Database, campaign: Campaign, found: Survey) -> None:
    last = found.people + len(found.bad) + 1
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    try:
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("Lines planned", total=last, completed=campaign.row["line"])
            made = campaign.pour(database, utc_now, lambda line: bar.update(task, completed=line))
    except Cancelled as stopped:
        raise click.ClickException(str(stopped)) from None
    click.echo(f"{made:,} messages planned. They leave as fast as the carriers take them.")


def _stop(database: Database, shop: Row, name: str, source: CampaignFile) -> None:
    now = utc_now()
    with database.begin() as db:
        stands = campaigns.known(db, shop["id"], name, source.digest())
        if stands is None:
            raise click.ClickException(f"This file was never sent under the name «{name}».")
        stopped = campaigns.cancel(db, stands["id"], now)
        trace(db, "campaign.cancel", str(stands["id"]), shop["id"], messages=stopped)
    click.echo(f"Stopped: {stopped:,} messages that no carrier had yet.")
