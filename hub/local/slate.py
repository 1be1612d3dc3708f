"""The one database that all tests of a process share, wiped between them."""

from dataclasses import dataclass
from graphlib import TopologicalSorter

import psycopg

from hub.store import schema

_PUT_OUT = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"""
# Tables, each with those that point to it.
_POINTING = """SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent
    FROM pg_constraint WHERE contype = 'f'
    UNION ALL SELECT oid::regclass::text, NULL FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
"""


@dataclass(frozen=True)
class Slate:
    """This process's own migrated database, and how it is wiped: children before their parents."""

    url: str
    wipe: bytes

    def clean(self) -> None:
        """Every row goes; whoever still holds a connection is put out."""
        with psycopg.connect(self.url, autocommit=True) as db:
            db.execute(_PUT_OUT)
            db.execute(self.wipe)


def slate_of(url: str) -> Slate:
    """The slate of a migrated database."""
    before = TopologicalSorter[str]()
    with psycopg.connect(url) as db:
        for child, parent in db.execute(_POINTING).fetchall():
            before.add(child)
            if parent and parent != child:
                before.add(parent, child)
    wipe = [f"DELETE FROM {table}" for table in before.static_order()]  # noqa: S608
    wipe.append(f"UPDATE alembic_version SET version_num = '{schema.newest()}'")  # noqa: S608
    return Slate(url, ";".join(wipe).encode())
