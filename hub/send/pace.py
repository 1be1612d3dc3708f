"""Pace: no carrier is given more messages a second than its connection's setting allows, however
many workers there are. What is over waits its turn, in order."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from hub.store import sending
from hub.store.database import Row


@dataclass(frozen=True)
class Turn:
    """How many may go now, and when the one at place `n` behind them may."""

    room: int
    per_second: int
    now: datetime

    def due_at(self, n: int) -> datetime:
        """The second in which the n-th that waits (from 0) gets its turn."""
        return self.now + timedelta(seconds=1 + n // max(self.per_second, 1))


def turn_of(db: Connection, carrier: Row, wanted: int, now: datetime) -> Turn:
    """Ask for so many sends through a carrier; others who ask wait until this transaction ends."""
    per_second = _per_second(carrier["settings"].get("per_second", ""))
    if not per_second:
        return Turn(wanted, wanted, now)
    lately = sending.started_since(db, UUID(str(carrier["id"])), now - timedelta(seconds=1))
    return Turn(max(per_second - lately, 0), per_second, now)


def _per_second(setting: str) -> int:
    """The setting as a whole number; empty, zero or unreadable means no limit."""
    return int(setting) if str(setting).isdecimal() else 0
