"""Proof of life: each worker process holds a session advisory lock, on a connection of its own,
under a number that its claimed messages carry. The lock goes when the process does."""

import logging
import secrets
import threading
from dataclasses import dataclass, field

import psycopg

log = logging.getLogger(__name__)

LOCK_CLASS = 52001


@dataclass
class Proof:
    """This process's proof of life. A lost connection means a lost lock, and a new number: the
    messages under the old one are then looked up, never simply sent again."""

    url: str
    owner: int = 0
    _connection: psycopg.Connection | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def prove(self) -> int:
        """Take the lock if it is not held; the number to claim under."""
        with self._lock:
            if not self._stands():
                self._renew()
            return self.owner

    def alive(self, owner: int) -> bool:
        """Whether this number's lock still stands; asked just before a carrier is called."""
        with self._lock:
            return owner == self.owner and self._stands()

    def close(self) -> None:
        """Give the lock back: this process claims no more."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()

    def _stands(self) -> bool:
        if self._connection is None or self._connection.closed:
            return False
        try:
            self._connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True

    def _renew(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = psycopg.connect(self.url, autocommit=True, connect_timeout=5)
        self.owner = secrets.randbelow(2**31 - 1) + 1
        self._connection.execute("SELECT pg_advisory_lock(%s, %s)", (LOCK_CLASS, self.owner))
        log.info("worker.proof", extra={"owner": self.owner})
