"""A data folder whose database is gone or does not start: set aside, never deleted, so that a
backup can take its place."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hub.config import Settings
from hub.local.engines import Damaged, damage, own
from hub.local.engines.folder import RECORD_FILE
from hub.store import schema
from hub.store.database import Database, row

Say = Callable[[str], None]


def refuse_lost(database: Database, data: Path) -> None:
    """Raise Damaged when rows that this data folder once had are not there, or PostgreSQL has found
    some of them unreadable: an empty hub would take everything in anew."""
    with database.begin() as db:
        empty = not schema.current(db)
        found = row(
            db,
            """SELECT checksum_failures AS failures FROM pg_stat_database
               WHERE datname = current_database()""",
        )
    if empty and (data / "master.key").exists():
        raise damage.refusal(
            data,
            "The database is empty, though a hub has worked with this data folder before. If it is "
            "meant to be new, run hub migrate first.",
        )
    if found and found["failures"]:
        raise damage.refusal(data, "PostgreSQL found pages of this database that are damaged.")


@contextmanager
def engines_to_fill(settings: Settings, say: Say) -> Iterator[Settings]:
    """The settings of a database that a backup may take the place of. Raises FolderInUse while a
    hub runs there."""
    if settings.database_url and settings.redis_url:
        yield settings
        return
    try:
        running = own(settings.data_dir, say)
    except Damaged as problem:
        say(str(problem))
        _set_aside(settings, say)
        running = own(settings.data_dir, say)
    with running:
        url = settings.database_url or running.addresses.database_url
        yield replace(settings, database_url=url, redis_url=running.addresses.redis_url)


def _set_aside(settings: Settings, say: Say) -> None:
    stamp = f"{datetime.now(UTC):%Y%m%d%H%M%S}"
    data = settings.data_dir
    for old in (data / "engines" / "postgres", data / RECORD_FILE):
        if old.exists():
            kept = old.with_name(f"{old.name}.before-{stamp}")
            old.rename(kept)
            say(f"The damaged {old.name} is kept as {kept}.")
