"""The data folder: who owns it now, and the ports and passwords of its engines."""

import contextlib
import fcntl
import json
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

LOCK_FILE = "hub.lock"
RECORD_FILE = "engines.json"
# attach() touches the lock for a moment: own() must not mistake that for another hub.
_LOCK_PATIENCE = 0.4
_TICK = 0.02


class EngineError(RuntimeError):
    """An embedded engine cannot run; the words say why and what to do."""


class FolderInUse(EngineError):
    """Another live hub owns the folder."""


@dataclass(frozen=True)
class Addresses:
    """Where the engines answer: URLs with their passwords, so never log them."""

    database_url: str
    redis_url: str


@dataclass(frozen=True)
class Record:
    """What `engines.json` keeps between runs; `up` is true once both engines answered."""

    postgres_port: int
    postgres_password: str
    valkey_port: int
    valkey_password: str
    valkey_pid: int = 0
    up: bool = False

    @property
    def addresses(self) -> Addresses:
        return Addresses(
            f"postgresql://relais:{self.postgres_password}@127.0.0.1:{self.postgres_port}/relais",
            f"redis://:{self.valkey_password}@127.0.0.1:{self.valkey_port}/0",
        )


def prepare(folder: Path) -> None:
    """Make the data folder (mode 0700 when new); EngineError when this user may not use it."""
    try:
        if not folder.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700)
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(13, "not ours")
    except OSError as error:
        raise _not_ours(folder) from error


def take_lock(folder: Path) -> int:
    """Lock the folder for this process's life; returns the descriptor. FolderInUse when taken.

    The kernel frees the lock when the process dies, however it dies.
    """
    try:
        descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _not_ours(folder) from error
    if not _locked_within(descriptor, _LOCK_PATIENCE):
        owner = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
        os.close(descriptor)
        raise _in_use(folder, owner)
    give_to_owner(descriptor, folder)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def is_owned(folder: Path) -> bool:
    """True while a live process holds the folder's lock."""
    try:
        descriptor = os.open(folder / LOCK_FILE, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _not_ours(folder) from error
    try:
        return not _try_lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def new_record(ports: Iterator[int]) -> Record:
    """A record for a new folder, with fresh passwords; `ports` yields free ones."""
    return Record(next(ports), secrets.token_hex(24), next(ports), secrets.token_hex(24))


def read_record(folder: Path) -> Record | None:
    """The folder's record, or None when there is none or it is damaged."""
    try:
        return Record(**json.loads((folder / RECORD_FILE).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    except OSError as error:
        raise _not_ours(folder) from error


def write_record(folder: Path, record: Record) -> None:
    """Replace `engines.json` in one step, readable by the folder's owner alone."""
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=RECORD_FILE)  # mkstemp makes mode 0600
    with os.fdopen(descriptor, "w") as file:
        give_to_owner(descriptor, folder)
        json.dump(asdict(record), file)
        file.flush()
        os.fsync(descriptor)
    Path(name).replace(folder / RECORD_FILE)


def give_to_owner(made: int | Path, folder: Path) -> None:
    """Give what root made in `folder` to the folder's owner, who must be able to go on with it."""
    if os.geteuid() == 0:
        with contextlib.suppress(OSError):
            os.chown(made, folder.stat().st_uid, -1)


def _locked_within(descriptor: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not _try_lock(descriptor, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            return False
        time.sleep(_TICK)
    return True


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _in_use(folder: Path, owner: str) -> FolderInUse:
    return FolderInUse(
        f"Another hub is already running on {folder} (process {owner or 'unknown'}). "
        "Stop it first, or choose another folder with HUB_DATA."
    )


def _not_ours(folder: Path) -> EngineError:
    return EngineError(
        f"This user may not write to {folder}. "
        "Start the hub as the user who made it, or choose another folder with HUB_DATA."
    )
