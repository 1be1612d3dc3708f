"""The one door to PostgreSQL: a pool, a transaction, and the settings without which we refuse."""

import select
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from random import getrandbits
from time import time_ns
from typing import Any
from uuid import UUID

import orjson
import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb, JsonbDumper, set_json_dumps, set_json_loads
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DisconnectionError

from hub.store.statements import ask

SETTINGS = {
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
    # Every question has its index. A plan made while a table was small outlives that day: it must
    # not be one that reads the whole table.
    "enable_seqscan": "off",
    # Planning each anew costs a third of the road; with an index for each there is one good plan.
    "plan_cache_mode": "force_generic_plan",
}
# A network that swallows everything is noticed in ten seconds, not in TCP's quarter of an hour.
_NOTICED = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
Row = Mapping[str, Any]
# Who the hub is to PostgreSQL: on the road, and at one merchant's desk; see hub/store/apart.py.
ROAD, DESK = "relais_road", "relais_desk"
_TO_THE_ROAD = f"""SELECT set_config('role', rolname, false) FROM pg_roles
    WHERE rolname = '{ROAD}' AND pg_has_role(oid, 'MEMBER')
    AND has_table_privilege(oid, to_regclass('workspaces'), 'SELECT')"""  # noqa: S608 - our own names
_AS_OWNER = f"SELECT current_user <> '{ROAD}' AND to_regclass('audit') IS NOT NULL"
_TO_THE_DESK = text(
    f"""SELECT set_config('role', '{DESK}', true), set_config('hub.workspace', :workspace, true)"""
)


def _dumps(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)


class _Document(JsonbDumper):
    """Of no type of its own: the statement says whether it is jsonb, or a text to read as such
    (hub/store/statements.py)."""

    oid = 0


psycopg.adapters.register_dumper(Jsonb, _Document)
set_json_dumps(_dumps)
set_json_loads(orjson.loads)


class UnsafeDatabase(RuntimeError):
    """The database could forget what it was told; the words say which setting to turn on."""


@dataclass(frozen=True)
class Database:
    """A pool of connections to one PostgreSQL."""

    engine: Engine
    url: str

    @contextmanager
    def begin(self, workspace: UUID | None = None) -> Iterator[Connection]:
        """One transaction, committed at the end, rolled back on any error.

        With a workspace it is at that merchant's desk: no other's rows are there for it.
        """
        with self.engine.begin() as db:
            if workspace is not None:
                db.execute(_TO_THE_DESK, {"workspace": str(workspace)})
            yield db

    @contextmanager
    def cursor(self) -> Iterator[psycopg.Cursor[dict[str, Any]]]:
        """One transaction on the bare driver, for the hot path; committed at the end."""
        raw = self.engine.raw_connection()
        try:
            with raw.driver_connection.cursor(row_factory=dict_row) as cursor:  # type: ignore[union-attr]
                yield cursor
            raw.commit()
        except BaseException:
            raw.rollback()
            raise
        finally:
            raw.close()

    @contextmanager
    def at_once(self) -> Iterator[psycopg.Cursor[dict[str, Any]]]:
        """The bare driver, each statement its own transaction: one round trip for what is kept by
        one of them."""
        raw = self.engine.raw_connection()
        driver: Any = raw.driver_connection
        driver.autocommit = True
        try:
            with driver.cursor(row_factory=dict_row) as cursor:
                yield cursor
        finally:
            if not driver.closed:
                driver.autocommit = False
            raw.close()


def connect(url: str, pool: int = 8) -> Database:
    """A pool on `postgresql://…`; a connection that died in it is not given out."""
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    engine = create_engine(
        driver_url(url),
        pool_size=pool,
        max_overflow=8,
        pool_use_lifo=True,  # the one used last knows its statements; the others stay small
        pool_timeout=5,
        hide_parameters=True,  # an error in the log must not show whose row it was
        connect_args={"options": options, "prepare_threshold": 3, **_NOTICED},
    )
    event.listen(engine, "connect", take_the_road)
    event.listen(engine, "checkout", refuse_dead)
    return Database(engine, url)


def take_the_road(raw: Any, _record: Any) -> None:
    """A new connection leaves the owner's rights behind, once the tables are kept apart."""
    raw.execute(_TO_THE_ROAD)
    raw.commit()


def refuse_dead(raw: Any, _record: Any, _proxy: Any) -> None:
    """A resting connection has nothing to say. One that speaks was ended by the server, or by the
    network: SQLAlchemy opens another. It costs no round trip."""
    heard = select.poll()  # not select.select, which stops at the 1024th file
    if not raw.closed:
        heard.register(raw.fileno(), select.POLLIN)
    if raw.closed or heard.poll(0):
        raise DisconnectionError


def driver_url(url: str) -> str:
    """The address as SQLAlchemy wants it: through psycopg 3."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1).replace(
        "postgres://", "postgresql+psycopg://", 1
    )


def refuse_unsafe(database: Database) -> None:
    """Raise UnsafeDatabase when a commit there is no promise, or the server is too old."""
    names = ("fsync", "full_page_writes", "synchronous_commit")
    with database.begin() as db:
        off = [n for n in names if db.execute(text(f"SHOW {n}")).scalar_one() == "off"]
        version = int(db.execute(text("SHOW server_version_num")).scalar_one())
        owns = bool(db.execute(text(_AS_OWNER)).scalar_one())
    if off:
        raise UnsafeDatabase(
            f"PostgreSQL runs with {' and '.join(off)} off: it could lose messages that were "
            f"already answered for. Turn it on in postgresql.conf, then start the hub again."
        )
    if version < 150000:
        raise UnsafeDatabase(
            f"PostgreSQL {version // 10000} is too old; the hub needs version 15 or newer."
        )
    if owns:
        raise UnsafeDatabase(
            "PostgreSQL does not keep this hub's merchants apart yet. Run `hub migrate`, then "
            "start the hub again."
        )


def new_id() -> UUID:
    """A UUIDv7: made before the queue, ordered by time to a quarter of a microsecond.

    It names and does not open: what must not be guessed comes from `secrets`.
    """
    milliseconds, rest = divmod(time_ns(), 1_000_000)
    finer, random = (rest << 12) // 1_000_000, getrandbits(62)
    return UUID(int=milliseconds << 80 | 7 << 76 | finer << 64 | 2 << 62 | random)


def first_id(at: datetime) -> UUID:
    """The lowest id that can have been made at that instant."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def rows(db: Connection, sql: str, **values: Any) -> Sequence[Row]:
    """All rows of a query, as mappings. Raises sqlalchemy.exc.DBAPIError, as the next two do."""
    return ask(db, sql, values).fetchall()


def row(db: Connection, sql: str, **values: Any) -> Row | None:
    """The first row of a query, if any."""
    return ask(db, sql, values).fetchone()


def run(db: Connection, sql: str, **values: Any) -> int:
    """How many rows a statement changed."""
    return ask(db, sql, values).rowcount


def jsonb(value: Any) -> Jsonb:
    """A value for a jsonb parameter."""
    return Jsonb(value)
