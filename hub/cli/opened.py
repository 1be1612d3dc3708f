"""The hub's database for the length of one command, wherever it is; nothing else is built."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import OperationalError

from hub import config
from hub.config import Settings
from hub.local.attached import engines_for
from hub.local.engines import EngineError
from hub.store import schema
from hub.store.database import Database, connect


@contextmanager
def opened() -> Iterator[tuple[Database, Settings]]:
    """The database of this environment, its schema up to date. Raises ClickException in words."""
    try:
        with engines_for(config.read(), _say) as settings:
            database = connect(settings.database_url, pool=1)
            try:
                _refuse_old_schema(database)
                yield database, settings
            finally:
                database.engine.dispose()
    except (config.BadSetting, EngineError) as problem:
        raise click.ClickException(str(problem)) from None
    except OperationalError:
        words = "The database does not answer. `hub doctor` looks for the reason."
        raise click.ClickException(words) from None


def _refuse_old_schema(database: Database) -> None:
    with database.begin() as db:
        stands = schema.current(db)
    if stands != schema.newest():
        raise click.ClickException("The database is not at the newest schema. Run `hub migrate`.")


def _say(words: str) -> None:
    click.echo(words, err=True)
