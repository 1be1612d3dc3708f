"""Keeping: deliveries that come at the same time are written by one statement. Each is answered
only when its own row is committed, and none waits for company."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import psycopg

from hub import crash
from hub.store import intakes
from hub.store.database import Database
from hub.store.intakes import Raw
from hub.store.sealing import Vault

MOST = 200  # deliveries in one statement
_CHOKES = (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError)


@dataclass
class _Delivery:
    """What one request brought, and what became of it."""

    raws: Sequence[Raw]
    news: int = 0
    error: BaseException | None = None
    done: bool = False


@dataclass(frozen=True)
class Keeper:
    """Writes for all requests of a process. Whoever finds nobody writing writes for everyone who
    waits; while that is being committed, the next ones gather."""

    database: Database
    vault: Vault
    _waiting: deque[_Delivery] = field(default_factory=deque)
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, raws: Sequence[Raw]) -> int:
        """Keep what a request brought; how many of them are news, once they are committed.

        Raises what the database raised: then none of them was kept.
        """
        if not raws:
            return 0
        mine = _Delivery(raws)
        self._waiting.append(mine)
        while not mine.done:
            with self._writing:
                if not mine.done:
                    self._write_all()
        if mine.error is not None:
            raise mine.error
        return mine.news

    def _write_all(self) -> None:
        batch: list[_Delivery] = []
        while self._waiting and len(batch) < MOST:
            batch.append(self._waiting.popleft())
        try:
            self._write(batch)
        except _CHOKES as error:  # one of them, and the others must not suffer for it
            if len(batch) == 1:
                return _fail(batch, error)
            for one in batch:
                self._write_alone(one)
        except BaseException as error:
            _fail(batch, error)
        return None

    def _write_alone(self, one: _Delivery) -> None:
        try:
            self._write([one])
        except Exception as error:
            _fail([one], error)

    def _write(self, batch: Sequence[_Delivery]) -> None:
        with self.database.at_once() as cursor:
            crash.at("C3")
            kept = intakes.keep(cursor, self.vault, [raw for one in batch for raw in one.raws])
        told = iter(kept)
        for one in batch:
            one.news = sum(next(told) is not None for _ in one.raws)
            one.done = True


def _fail(batch: Sequence[_Delivery], error: BaseException) -> None:
    for one in batch:
        one.error, one.done = error, True
