"""Taking a backup while the hub runs: everything in its rows, as of one moment, in one sealed
file. The master key is not in it."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from hub.config import Settings, master_key
from hub.local.engines.damage import NOTE
from hub.local.keeping import seal
from hub.local.keeping.programs import CannotKeep, dumping
from hub.store import schema
from hub.store.database import connect

ENDING = ".backup"


def back_up(settings: Settings, folder: Path, now: datetime | None = None) -> Path:
    """The new file in `folder` (made when missing), safe on disk. Raises CannotKeep, OSError."""
    taken_at = now or datetime.now(UTC)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder.resolve() / f"relais-{taken_at:%Y%m%dT%H%M%SZ}{ENDING}"
    if target.exists():
        raise CannotKeep(f"{target} is there already.")
    master = master_key(settings)
    header = seal.header_for(master, taken_at.isoformat(), _step(settings))
    unfinished = target.with_suffix(".unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out, dumping(settings.database_url) as rows:
            seal.write(out, master, header, rows)
            out.flush()
            os.fsync(out.fileno())
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    _sync(target.parent)
    _note(settings, target, header)
    return target


def forget_older(folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest `keep` backups in a folder; which went."""
    there = sorted(folder.glob(f"relais-*{ENDING}"))
    old = there[: max(len(there) - keep, 0)]
    for one in old:
        one.unlink()
    return old


def _step(settings: Settings) -> str:
    database = connect(settings.database_url, pool=1)
    try:
        with database.begin() as db:
            step = schema.current(db)
    finally:
        database.engine.dispose()
    if not step:
        raise CannotKeep("This database holds no hub yet: there is nothing to back up.")
    return step


def _note(settings: Settings, target: Path, header: seal.Header) -> None:
    """Kept in the data folder, so that a hub whose rows are damaged can name its way back."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = settings.data_dir / f"{NOTE}.{os.getpid()}"
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps({"path": str(target), "taken_at": header.taken_at}))
    fresh.rename(settings.data_dir / NOTE)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
