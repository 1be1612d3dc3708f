"""One statement, from its words to its rows: straight to the driver. SQLAlchemy keeps the pool and
the transactions; what it does for each statement costs more than most of ours."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

Found = psycopg.Cursor[dict[str, Any]]

# A whole batch in one value. Read inside the statement: what PostgreSQL makes of a value that
# arrives as jsonb it takes in small blocks, which the connection's process then keeps for good.
_BATCH = re.compile(r"jsonb_to_recordset\((:\w+)\)")
# A name after one colon, and not after the two of a cast.
_NAME = re.compile(r"(?<![:\w]):([a-z_]\w*)")


def ask(db: Connection, sql: str, values: Mapping[str, Any]) -> Found:
    """Run a statement with its `:name`s in the transaction of `db`; its rows are mappings.

    Raises sqlalchemy.exc.DBAPIError, whose words never show a value.
    """
    driver: Any = db.connection.driver_connection
    cursor: Found = driver.cursor(row_factory=dict_row)
    try:
        return cursor.execute(native(sql), values)
    except psycopg.Error as error:
        gone = bool(driver.closed)
        if gone:
            db.invalidate(error)
        raise _told(sql, values, error, gone) from error


@lru_cache(maxsize=2000)
def native(sql: str) -> bytes:
    """The statement as the driver wants it: `%(name)s` for `:name`."""
    inside = _BATCH.sub(r"jsonb_to_recordset(CAST(CAST(\1 AS text) AS jsonb))", sql)
    return _NAME.sub(r"%(\1)s", inside.replace("%", "%%")).encode()


def _told(sql: str, values: Mapping[str, Any], error: psycopg.Error, gone: bool) -> BaseException:
    return DBAPIError.instance(
        sql,
        dict(values),
        error,
        psycopg.Error,
        hide_parameters=True,
        connection_invalidated=gone,
    )
