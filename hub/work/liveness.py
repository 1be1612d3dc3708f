"""Proof of life: each worker process holds a session advisory lock, on a connection of its own,
under a number that its claimed messages carry. The lock goes when the process does."""

import logging
import secrets
import threading
from dataclasses import dataclass, field

import psycopg

from hub.work.line import answers, open_line

log = logging.getLogger(__name__)

LOCK_CLASS = 52001
_AFTER_THE_LEASE = 5.0  # seconds


@dataclass
class Proof:
    """This process's proof of life. A lost connection means a lost lock, and a new number: the
    messages under the old one are then looked up, never simply sent again.

    A machine that vanishes keeps its lock until the `lease` of whatever it had claimed is over
    (seconds): cut off is not dead, and what it claimed may still be on its way to the carrier.
    """

    url: str
    lease: float = 60.0
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
        """Whether this number's lock still stands; asked just before a carrier is called. Known
        within seconds, also where the network swallows what it is given."""
        with self._lock:
            return owner == self.owner and self._stands()

    def close(self) -> None:
        """Give the lock back: this process claims no more."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()

    def _stands(self) -> bool:
        return self._connection is not None and answers(self._connection)

    def _renew(self) -> None:
        if self._connection is not None:
            self._connection.close()
        silence = self.lease + _AFTER_THE_LEASE
        self._connection = open_line(self.url, "worker", silence=silence)
        self.owner = secrets.randbelow(2**31 - 1) + 1
        self._connection.execute("SELECT pg_advisory_lock(%s, %s)", (LOCK_CLASS, self.owner))
        log.info("worker.proof", extra={"owner": self.owner})
