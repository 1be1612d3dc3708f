"""Bringing a database to the newest schema, one hub at a time."""

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from hub.store.apart import keep_apart
from hub.store.database import Database
from hub.store.sealing.first import Master
from hub.store.steps import MIGRATIONS, current, newest

__all__ = ["current", "migrate", "newest"]

_LOCK = 52000


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def migrate(database: Database, master: Master | None = None) -> tuple[str, str]:
    """Bring the schema to the newest step, as the tables' owner; (before, after). Two hubs at once
    wait in line. Every table is then kept apart by merchant, whichever step made it.

    `master` gives the master key, where a step has something to seal. Raises NoKey without it.
    """
    try:
        return _migrate(database, master)
    finally:
        database.engine.dispose()  # what was opened before has the rights of before


def _migrate(database: Database, master: Master | None) -> tuple[str, str]:
    config = _config()
    config.attributes["master"] = master
    with database.engine.connect() as db:
        db.execute(text("SET ROLE NONE"))
        db.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        db.commit()
        try:
            before = current(db)
            db.commit()
            config.attributes["connection"] = db
            command.upgrade(config, "head")
            db.commit()
            keep_apart(db)
            db.commit()
            return before, current(db)
        finally:
            db.rollback()
            db.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
            db.commit()
