"""Wrong passwords and codes, counted where they are safe from an absent Redis: after a few, whoever
tries must wait, and longer each time."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection

from hub.store.database import row, run

FREE = 5  # wrong tries before anybody waits
_FIRST, _LONGEST = timedelta(seconds=15), timedelta(hours=1)
_FORGOTTEN = timedelta(hours=6)


def wait(db: Connection, who: str, now: datetime) -> int:
    """Seconds that this somebody must wait before they may try; 0 for at once."""
    found = row(db, "SELECT until FROM wrong_tries WHERE who_hash = :who", who=_hashed(who))
    if found is None or found["until"] <= now:
        return 0
    return int((found["until"] - now).total_seconds()) + 1


def count(db: Connection, who: str, now: datetime, free: int = FREE) -> None:
    """One more wrong try; from `free` on, each doubles the wait. They are forgotten in time."""
    found = row(
        db,
        """INSERT INTO wrong_tries AS w (who_hash, times, until) VALUES (:who, 1, :now)
           ON CONFLICT (who_hash) DO UPDATE SET
               times = CASE WHEN w.until < :old THEN 1 ELSE w.times + 1 END
           RETURNING times""",
        who=_hashed(who),
        now=now,
        old=now - _FORGOTTEN,
    )
    times = int(found["times"]) if found else 1
    until = now + min(_FIRST * 2 ** max(times - free, 0), _LONGEST) if times >= free else now
    run(db, "UPDATE wrong_tries SET until = :until WHERE who_hash = :who",
        who=_hashed(who), until=until)  # fmt: skip


def forgive(db: Connection, who: str) -> None:
    """It was right: nothing is held against them."""
    run(db, "DELETE FROM wrong_tries WHERE who_hash = :who", who=_hashed(who))


def forget(db: Connection, now: datetime) -> int:
    """What is held against nobody any more; how many."""
    return run(db, "DELETE FROM wrong_tries WHERE until < :old", old=now - _FORGOTTEN)


def _hashed(who: str) -> bytes:
    return hashlib.sha256(who.encode()).digest()
