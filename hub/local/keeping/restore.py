"""Bringing a backup back: into a new database beside the old one, which takes its place only when
it is whole and everything that may have gone since is held. The old one is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from hub import crash
from hub.config import Settings, master_key
from hub.local.keeping import seal
from hub.local.keeping.programs import CannotKeep, fill
from hub.store import apart, audit, restored, schema
from hub.store.database import connect
from hub.store.restored import Held

_BESIDE = "postgres"  # every server has it


@dataclass(frozen=True)
class Restored:
    """What came back: of which moment, what is held, and the name of the database that was there
    before (empty where there was none)."""

    taken_at: str
    held: Held
    before: str


def restore(
    settings: Settings, file: Path, say: Callable[[str], None], now: datetime | None = None
) -> Restored:
    """Put a backup's rows in the place of this hub's. No hub may be running on them.

    Raises CannotKeep; until the last moment nothing has changed then.
    """
    master, now = master_key(settings), now or datetime.now(UTC)
    url = settings.database_url
    name = urlsplit(url).path.lstrip("/")
    fresh = f"{name[:40]}_restoring"
    with file.open("rb") as opened:
        header = seal.read_header(opened)
        opened.seek(0)
        _refuse_company(url, name)
        _make_anew(url, fresh)
        say(f"Reading the backup of {header.taken_at}…")
        _prepare_roles(_named(url, fresh))
        fill(_named(url, fresh), seal.read(opened, master))
    crash.at("C31")
    held = _made_safe(_named(url, fresh), master, datetime.fromisoformat(header.taken_at), now)
    before = _swap(url, name, fresh, now)
    return Restored(header.taken_at, held, before)


def _made_safe(url: str, master: bytes, taken_at: datetime, now: datetime) -> Held:
    database = connect(url, pool=1)
    try:
        schema.migrate(database, lambda: master)
    finally:
        database.engine.dispose()
    owner = connect(url, pool=1)
    try:
        with owner.begin() as db:
            db.exec_driver_sql("SET LOCAL ROLE NONE")  # the tables' owner: it makes a trigger
            held = restored.hold(db, taken_at, now)
            audit.note(db, now, "cli", "hub.restored", taken_at.isoformat())
            return held
    finally:
        owner.engine.dispose()


def _prepare_roles(url: str) -> None:
    database = connect(url, pool=1)
    try:
        with database.begin() as db:
            apart.make_roles(db)
    finally:
        database.engine.dispose()


def _refuse_company(url: str, name: str) -> None:
    with _beside(url) as db:
        others = db.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", (name,)
        ).fetchone()
    if others and others[0]:
        raise CannotKeep(
            "A hub, or somebody else, is connected to this database. Stop every web, worker and "
            "clock first; then restore."
        )


def _make_anew(url: str, fresh: str) -> None:
    with _beside(url) as db:
        try:
            db.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(fresh)))
            db.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(fresh))
            )
        except psycopg.errors.InsufficientPrivilege:
            raise CannotKeep(
                "The database's user may not make a database. Let an administrator run: "
                "ALTER ROLE … CREATEDB; then restore."
            ) from None


def _swap(url: str, name: str, fresh: str, now: datetime) -> str:
    """Both names change in one transaction: there is a whole database at every moment."""
    kept = f"{name[:40]}_before_{now:%Y%m%d%H%M%S}"  # a name ends at 63 bytes
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with _beside(url) as db, db.transaction():
        found = db.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if found:
            db.execute(rename.format(sql.Identifier(name), sql.Identifier(kept)))
        db.execute(rename.format(sql.Identifier(fresh), sql.Identifier(name)))
    return kept if found else ""


def _beside(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(_named(url, _BESIDE), autocommit=True, connect_timeout=5)


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
