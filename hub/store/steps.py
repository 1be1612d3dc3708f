"""The steps of the schema: on which a database stands, and which there are. Read without the
migration engine, which weighs as much as a worker's whole batch and which only `migrate` needs."""

from pathlib import Path

from sqlalchemy import Connection, text

MIGRATIONS = Path(__file__).parent / "migrations"


def current(db: Connection) -> str:
    """The step this database stands on, or an empty text."""
    there = db.execute(text("SELECT to_regclass('alembic_version')")).scalar_one()
    if there is None:
        return ""
    return db.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def newest() -> str:
    """The newest step there is: they follow one another, and a file is named after its own."""
    names = (path.name for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
    return max((name.partition("_")[0] for name in names), default="")
