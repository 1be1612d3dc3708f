"""Turning the keys: everything that is sealed, sealed again with the current key, batch by batch,
while the hub works. Whoever is stopped in the middle goes on where it was: what is left to do is
read from the rows themselves."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from hub import crash
from hub.store.database import Database, Row, row, rows, run
from hub.store.sealing.keyring import KNOWN_FOR
from hub.store.sealing.vault import VERSION, Vault, place

BATCH = 500


@dataclass(frozen=True)
class Sealed:
    """A column of sealed values, the one that names its rows, and the one that says whose they
    are."""

    table: str
    column: str
    names: str = "id"
    whose: str = "workspace_id"


# Every sealed column there is; a test holds this against the database.
COLUMNS = (
    Sealed("apps", "secrets"),
    Sealed("connections", "secrets"),
    Sealed("endpoints", "secret"),
    Sealed("endpoints", "old_secret"),
    Sealed("numbers", "sealed", "phone"),
    Sealed("users", "totp", whose="CAST(NULL AS uuid)"),
    Sealed("imports", "sealed"),
    Sealed("intakes", "sealed"),
)


@dataclass(frozen=True)
class Step:
    """How far one column is: values sealed again so far, and still to do at its start."""

    of: Sealed
    done: int
    total: int


def turn(
    database: Database, vault: Vault, seen: Callable[[Step], None], wait: float = KNOWN_FOR
) -> int:
    """A new current key, everything sealed again with it, the old ones retired; the key's id.

    `wait` is how long another process may still seal with the key before, in seconds. Raises
    CannotUnseal where a value does not open: nothing of it is lost, and the turn is not ended.
    """
    began = time.monotonic()
    key_id = vault.ring.turn()
    ended = False
    while not ended:  # again for what came from a process that had not heard of the turn
        ended = time.monotonic() - began >= wait
        for column in COLUMNS:
            _all_of(database, vault, column, key_id, seen)
        with database.begin() as db:
            ended = ended and not any(left(db, column, key_id) for column in COLUMNS)
        if not ended:
            time.sleep(min(wait, 1.0))
    vault.ring.retire()
    return key_id


def _all_of(
    database: Database, vault: Vault, of: Sealed, key_id: int, seen: Callable[[Step], None]
) -> None:
    """Seal a column's values again, those of other keys alone."""
    with database.begin() as db:
        total = left(db, of, key_id)
    done = 0
    for batch in _batches(database, of, key_id):
        with database.begin() as db:
            done += _again(db, vault, of, batch)
        crash.at("C32")
        seen(Step(of, done, total))


def left(db: Connection, of: Sealed, key_id: int) -> int:
    """How many of a column's values are sealed with another key."""
    found = row(
        db,
        f"SELECT count(*) AS n FROM {of.table} WHERE {_other(of)}",  # noqa: S608 - our own words
        head=_head(key_id),
    )
    return int(found["n"]) if found else 0


def _batches(database: Database, of: Sealed, key_id: int) -> Iterator[Sequence[Row]]:
    after = None
    while True:
        with database.begin() as db:
            batch = rows(
                db,
                f"""SELECT {of.names} AS name, {of.whose} AS workspace_id, {of.column} AS sealed
                    FROM {of.table}
                    WHERE {_other(of)} AND (CAST(:after AS text) IS NULL
                        OR {of.names} > CAST(:after AS {_kind(of)}))
                    ORDER BY {of.names} LIMIT :most""",  # noqa: S608 - our own words
                head=_head(key_id),
                after=after,
                most=BATCH,
            )
        if not batch:
            return
        yield batch
        after = str(batch[-1]["name"])


def _again(db: Connection, vault: Vault, of: Sealed, batch: Sequence[Row]) -> int:
    """Only values that nobody has changed since they were read: a newer one is newly sealed."""
    fresh = [_resealed(vault, of, r) for r in batch]
    return run(
        db,
        f"""UPDATE {of.table} t SET {of.column} = n.fresh
            FROM unnest(CAST(:names AS {_kind(of)}[]), CAST(:old AS bytea[]),
                CAST(:fresh AS bytea[])) AS n(name, old, fresh)
            WHERE t.{of.names} = n.name AND t.{of.column} = n.old""",  # noqa: S608 - our own words
        names=[r["name"] for r in batch],
        old=[bytes(r["sealed"]) for r in batch],
        fresh=fresh,
    )


def _resealed(vault: Vault, of: Sealed, row: Row) -> bytes:
    where = place(row["workspace_id"], of.table, of.column, row["name"])
    return vault.seal(vault.unseal(row["sealed"], where), where)


def _other(of: Sealed) -> str:
    return f"{of.column} <> '' AND substring({of.column} FROM 1 FOR 5) <> :head"


def _head(key_id: int) -> bytes:
    return VERSION + key_id.to_bytes(4)


def _kind(of: Sealed) -> str:
    return "uuid" if of.names == "id" else "text"


def used(db: Connection, of: Sealed) -> dict[int, int]:
    """How many of a column's values each key has sealed; 0 stands for the first hubs' way."""
    found = rows(
        db,
        f"""SELECT substring({of.column} FROM 1 FOR 5) AS head, count(*) AS n FROM {of.table}
            WHERE {of.column} <> '' GROUP BY 1""",  # noqa: S608 - our own words
    )
    told: dict[int, int] = {}
    for line in found:
        head = bytes(line["head"])
        key_id = int.from_bytes(head[1:]) if head[:1] == VERSION else 0
        told[key_id] = told.get(key_id, 0) + line["n"]
    return told
