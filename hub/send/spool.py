"""Spool: acceptances that could not be written down while the database was away. A file in the data
folder keeps them, synced to the disk; they are told as soon as it is back."""

import fcntl
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy.exc import SQLAlchemyError

from hub.send.outcomes import outcome_of, said_of
from hub.store import sending, write_backs
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)

_KEPT = ("id", "fence", "n", "carrier_message_id", "price", "currency")
_SAID = {"state": "sent", "reason": "", "sentence": "", "due_at": None, "outcome": "accepted"}
Results = Sequence[Mapping[str, Any]]


def rescue(ground: Ground, results: Results) -> None:
    """What a carrier said is written down whatever else went wrong: alone in the database; what it
    accepted in the file, if need be. Never raises."""
    try:
        _write(ground, results)
    except Exception:
        accepted = [result for result in results if result["state"] == "sent"]
        log.exception("send.spooled", extra={"messages": len(accepted)})
        if accepted:
            keep(ground.settings.data_dir, accepted)


def keep(folder: Path, accepted: Results) -> None:
    """Add these to the file; on the disk when this returns. Never raises: a message that is not
    even spooled is looked up at its carrier."""
    lines = b"".join(
        orjson.dumps({name: r[name] for name in _KEPT}, default=str) + b"\n" for r in accepted
    )
    try:
        with _locked(folder) as spool:
            os.lseek(spool, 0, os.SEEK_END)
            os.write(spool, lines)
            os.fsync(spool)
    except OSError:
        log.exception("spool.not_kept", extra={"messages": len(accepted)})


def replay(ground: Ground) -> int:
    """Write down what the file holds, and empty it; how many acceptances. While the database is
    away they stay."""
    folder = ground.settings.data_dir
    path = _path(folder)
    if not path.exists() or not path.stat().st_size:
        return 0
    try:
        with _locked(folder) as spool:
            told = list(_read(spool))
            if told:
                _write(ground, [{**one, **_SAID} for one in told])
            os.ftruncate(spool, 0)
            os.fsync(spool)
    except (OSError, SQLAlchemyError) as error:
        log.warning("spool.waits", extra={"why": type(error).__name__})
        return 0
    log.info("spool.replayed", extra={"messages": len(told)})
    return len(told)


def _write(ground: Ground, results: Results) -> None:
    """The answers commit alone; then the records they came from are told of them, if that works."""
    now = ground.clock()
    with ground.database.begin() as db:
        changed = sending.finish_sending(db, results, now)
    try:
        with ground.database.begin() as db:
            write_backs.add_all(db, [o for row in changed for o in _told(row, now)])
    except Exception:
        log.exception("spool.not_told", extra={"messages": len(changed)})


def _told(row: Row, now: datetime) -> list[dict[str, Any]]:
    if row["state"] != "sent":
        return []
    return outcome_of(row, "sent", now, said_of(row, "sent"), row["body"])


def _read(spool: int) -> Iterator[dict[str, Any]]:
    """Whole lines; the last may have been cut off by a power cut, and is then no line."""
    os.lseek(spool, 0, os.SEEK_SET)
    with os.fdopen(os.dup(spool), "rb") as file:
        for line in file:
            try:
                told = orjson.loads(line)
                yield {name: told[name] for name in _KEPT}
            except (ValueError, TypeError, KeyError):
                log.warning("spool.torn", extra={"bytes": len(line)})


def _path(folder: Path) -> Path:
    return folder / "accepted.spool"


@contextmanager
def _locked(folder: Path) -> Iterator[int]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    spool = os.open(_path(folder), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(spool, fcntl.LOCK_EX)
        yield spool
    finally:
        os.close(spool)
