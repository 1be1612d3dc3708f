"""`hub doctor`: is everything here well, and if not, what to do next."""

import sys
from collections.abc import Iterator

import click
from sqlalchemy.exc import SQLAlchemyError

from hub import config
from hub.cli import checkup
from hub.cli.checkup import Finding
from hub.config import Settings
from hub.local.attached import engines_for
from hub.local.engines import EngineError, attach
from hub.store.database import connect


@click.command()
def doctor() -> None:
    """Look the hub over: what is well, what is not, and the next step."""
    try:
        settings = config.read()
    except config.BadSetting as problem:
        raise click.ClickException(str(problem)) from None
    ill = 0
    for finding in examine(settings):
        ill += not finding.well
        click.echo(f"{'✓' if finding.well else '✗'} {finding.sentence}")
        if not finding.well and finding.step:
            click.echo(f"  → {finding.step}")
    click.echo("All is well." if not ill else f"{ill} to look at.")
    sys.exit(1 if ill else 0)


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything, in the order in which one thing rests on another."""
    yield from checkup.of_machine(settings)
    yield from checkup.of_connectors(settings)
    yield checkup.of_address(settings)
    try:
        yield _running(settings)
        with engines_for(settings, lambda words: click.echo(words, err=True)) as found:
            yield checkup.of_broker(found)
            yield from _of_database(found)
    except EngineError as problem:
        yield Finding(False, str(problem))


def _running(settings: Settings) -> Finding:
    if settings.database_url and settings.redis_url:
        return Finding(True, "The database and Redis are named by HUB_DATABASE_URL, HUB_REDIS_URL.")
    there = attach(settings.data_dir) is not None
    words = "A hub runs on this data folder." if there else "No hub runs on this data folder."
    return Finding(there, words, "Start it: hub up. Its engines are started for this look only.")


def _of_database(settings: Settings) -> Iterator[Finding]:
    database = connect(settings.database_url, pool=1)
    try:
        safety = checkup.of_safety(database)
        yield safety
        with database.begin() as db:
            schema = checkup.of_schema(db)
            yield schema
            if schema.well:
                yield from checkup.of_rows(database, db, settings)
    except SQLAlchemyError:
        yield Finding(False, "The database does not answer.", "Start it; check HUB_DATABASE_URL.")
    finally:
        database.engine.dispose()
