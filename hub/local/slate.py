"""The one database that all tests of a process share, wiped between them, and the sessions that
outlive a test: one that knows the tables already answers in a fraction of what a new one takes."""

import time
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any

import psycopg
from sqlalchemy import event

from hub.store import schema
from hub.store.database import Database, connect

_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND pid <> ALL(%s)"""
_PATIENCE = 5.0  # seconds for those who were put out
# Tables, each with those that point to it.
_POINTING = """SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent
    FROM pg_constraint WHERE contype = 'f'
    UNION ALL SELECT oid::regclass::text, NULL FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
"""


@dataclass
class Slate:
    """This process's own migrated database, the pool on it, and how it is wiped: children before
    their parents."""

    url: str
    database: Database
    wipe: bytes
    _hand: "psycopg.Connection[Any]"
    _kept: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._kept.add(self._hand.info.backend_pid)
        event.listen(self.database.engine, "connect", self._keep)

    def clean(self) -> None:
        """Every row goes; whoever still holds a connection is put out."""
        if self.database.engine.pool.checkedout():  # type: ignore[attr-defined]
            self._renew()
        until = time.monotonic() + _PATIENCE
        while self._hand.execute(_OTHERS, [list(self._kept)]).fetchall():
            if time.monotonic() > until:
                raise TimeoutError("A session on the tests' database does not end.")
            time.sleep(0.002)
        self._hand.execute(self.wipe)

    def close(self) -> None:
        """No session of ours is left."""
        self.database.engine.dispose()
        self._hand.close()

    def _renew(self) -> None:
        # A session that a test still uses is none of the pool's own any more.
        self.database.engine.dispose()
        self._kept = {self._hand.info.backend_pid}

    def _keep(self, raw: Any, _record: Any) -> None:
        self._kept.add(raw.info.backend_pid)


def slate_of(url: str) -> Slate:
    """The slate of a migrated database."""
    before = TopologicalSorter[str]()
    hand = psycopg.connect(url, autocommit=True)
    for child, parent in hand.execute(_POINTING).fetchall():
        before.add(child)
        if parent and parent != child:
            before.add(parent, child)
    wipe = [f"DELETE FROM {table}" for table in before.static_order()]  # noqa: S608
    wipe.append(f"UPDATE alembic_version SET version_num = '{schema.newest()}'")  # noqa: S608
    return Slate(url, connect(url, pool=4), ";".join(wipe).encode(), hand)
