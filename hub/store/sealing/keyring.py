"""The keyring: data keys, each wrapped by the master key, in a table of the hub's own. Read once,
and again when a key is met that is not on it, or when the current one may have turned. It is read
aside of the pool: whoever seals may hold the last connection of it."""

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, NullPool, create_engine, event

from hub.store.database import Row, driver_url, rows, run, take_the_road

# How long a process may go on sealing with a key that another has turned, in seconds.
KNOWN_FOR = 10.0

_PEPPER = 0  # the id of what makes tokens: it does not turn, or nobody would be known any more
_TURN = 52003
_WRAPS, _NUMBERS = b"relais: wraps data keys", b"relais: tokens of numbers"


class CannotUnseal(RuntimeError):
    """The key is not the one this was sealed with, or the row was tampered with."""


LOST = (
    "The stored credentials cannot be opened with this hub's master key. Restore the "
    "master.key that belongs to this database, or reconnect."
)


@dataclass
class Keyring:
    """The data keys of one database, opened with its master key (32 bytes)."""

    master: bytes = field(repr=False)
    begin: Callable[[], AbstractContextManager[Connection]] = field(repr=False)
    current: int = 0
    pepper: bytes = field(default=b"", repr=False)
    _keys: dict[int, AESGCM] = field(default_factory=dict, repr=False)
    _read_at: float = -KNOWN_FOR
    _reading: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def to_seal(self) -> tuple[int, AESGCM]:
        """The current key with its id; the first is made here. One looks whether it has turned, and
        the others go on meanwhile."""
        old = time.monotonic() - self._read_at >= KNOWN_FOR
        if old and self._reading.acquire(blocking=not self._keys):
            try:
                self._read()
            finally:
                self._reading.release()
        return self.current, self._keys[self.current]

    def to_open(self, key_id: int) -> AESGCM:
        """That key. Raises CannotUnseal where this database has none of that id."""
        if key_id not in self._keys:
            self.read()
        found = self._keys.get(key_id)
        if found is None:
            raise CannotUnseal(
                f"It was sealed with key {key_id}, which this database no longer has. Restore the "
                "table sealing_keys from a backup that has it."
            )
        return found

    def to_name(self) -> bytes:
        """What tokens are made with."""
        if not self.pepper:
            self.read()
        return self.pepper

    def read(self) -> None:
        """Read the table; made here where it is empty. Raises CannotUnseal for another hub's."""
        with self._reading:
            self._read()

    def _read(self) -> None:
        with self.begin() as db:
            found = _listed(db)
            if not found:
                self._start(db)
                found = _listed(db)
        keys = {row["id"]: self._unwrapped(row) for row in found}
        self.pepper = keys.pop(_PEPPER)
        self._keys = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self.current = next(row["id"] for row in found if row["state"] == "current")
        self._read_at = time.monotonic()

    def turn(self) -> int:
        """A new current key, unless the last turn has not been ended; its id."""
        with self.begin() as db:
            run(db, "SELECT pg_advisory_xact_lock(:turn)", turn=_TURN)
            known = _listed(db)
            if not any(row["state"] == "retiring" for row in known):
                newest = max((row["id"] for row in known), default=_PEPPER)
                run(db, "UPDATE sealing_keys SET state = 'retiring' WHERE state = 'current'")
                self._add(db, newest + 1, os.urandom(32), "current")
        self.read()
        return self.current

    def retire(self) -> int:
        """The turn is ended: nothing is sealed with the keys before. They stay on the ring, for
        backups and for whoever slept through it. How many were retired."""
        with self.begin() as db:
            return run(db, "UPDATE sealing_keys SET state = 'retired' WHERE state = 'retiring'")

    def _start(self, db: Connection) -> None:
        run(db, "SELECT pg_advisory_xact_lock(:turn)", turn=_TURN)
        if not _listed(db):
            self._add(db, _PEPPER, _derived(self.master, _NUMBERS), "pepper")
            self._add(db, 1, os.urandom(32), "current")

    def _add(self, db: Connection, key_id: int, key: bytes, state: str) -> None:
        nonce = os.urandom(12)
        sealed = AESGCM(_derived(self.master, _WRAPS)).encrypt(nonce, key, _about(key_id))
        run(
            db,
            "INSERT INTO sealing_keys (id, wrapped, state) VALUES (:id, :wrapped, :state)",
            id=key_id,
            wrapped=nonce + sealed,
            state=state,
        )

    def _unwrapped(self, row: Row) -> bytes:
        wrapped = bytes(row["wrapped"])
        try:
            wraps = AESGCM(_derived(self.master, _WRAPS))
            return wraps.decrypt(wrapped[:12], wrapped[12:], _about(row["id"]))
        except InvalidTag:
            raise CannotUnseal(LOST) from None


def aside(url: str) -> Callable[[], AbstractContextManager[Connection]]:
    """Transactions on connections of their own, closed at the end."""
    engine = create_engine(driver_url(url), poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "connect", take_the_road)

    @contextmanager
    def begin() -> Iterator[Connection]:
        with engine.begin() as db:
            yield db

    return begin


def _listed(db: Connection) -> list[Row]:
    return list(rows(db, "SELECT * FROM sealing_keys ORDER BY id"))


def _about(key_id: int) -> bytes:
    return f"sealing_keys|{key_id}".encode()


def _derived(master: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, hashlib.sha256(b"relais").digest(), purpose).derive(master)
