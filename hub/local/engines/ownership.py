"""Owning a data folder: one hub at a time runs both engines in it, others attach to them."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from hub.local.engines import damage, folder, ports, postgres, programs, valkey
from hub.local.engines.engine import Engine
from hub.local.engines.folder import Addresses, EngineError, Record

_PATIENCE_FOR_OWNER = 30.0
_TICK = 0.05


class Engines:
    """PostgreSQL and Valkey of one data folder, owned by this process until `stop`."""

    def __init__(self, data: Path, lock: int, record: Record, pair: tuple[Engine, Engine]) -> None:
        self.postgres, self.valkey = pair
        self._data = data
        self._lock: int | None = lock
        self._record = record

    @property
    def addresses(self) -> Addresses:
        """Where they answer now; only a restart that found its port taken changes this."""
        return self._record.addresses

    def start(self) -> None:
        """Start both and note where they answer."""
        self.valkey.start()
        self.postgres.start()
        self._note(up=True)

    def restart_if_dead(self) -> bool:
        """Start again what died; True when something did. EngineError when it cannot start."""
        died = [engine.restart_if_dead() for engine in (self.postgres, self.valkey)]
        if any(died):
            self._note(up=True)
        return any(died)

    def stop(self) -> None:
        """Stop both in good order and free the folder; harmless when done already."""
        if self._lock is None:
            return
        try:
            self.valkey.stop()
            self.postgres.stop()
            self._note(up=False)
        finally:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _note(self, *, up: bool) -> None:
        self._record = replace(
            self._record,
            postgres_port=self.postgres.port,
            valkey_port=self.valkey.port,
            valkey_pid=self.valkey.pid or 0,
            up=up,
        )
        folder.write_record(self._data, self._record)


def own(data_dir: Path, say: Callable[[str], None]) -> Engines:
    """Take the data folder (made when missing, mode 0700) and start both engines in it.

    `say` is told each step in a few words. FolderInUse when another live hub has the folder;
    EngineError, with what to do, when an engine cannot start. The lock, and on Linux the engines,
    last as long as this process: do not fork it without exec.
    """
    data = data_dir.expanduser().resolve()
    folder.prepare(data)
    lock = folder.take_lock(data)
    try:
        engines = _assemble(data, lock, say)
    except BaseException:
        os.close(lock)
        raise
    say("Starting PostgreSQL and Valkey…")
    try:
        engines.start()
    except BaseException as error:
        engines.stop()
        if isinstance(error, damage.Damaged):
            raise damage.refusal(data, str(error)) from error
        raise
    return engines


def attach(data_dir: Path) -> Addresses | None:
    """Where the live hub that owns the folder runs its engines; None when no hub owns it.

    Waits while that hub is still starting; EngineError after 30 seconds of that.
    """
    data = data_dir.expanduser().resolve()
    deadline = time.monotonic() + _PATIENCE_FOR_OWNER
    while folder.is_owned(data):
        record = folder.read_record(data)
        if record is not None and record.up:
            return record.addresses
        if time.monotonic() > deadline:
            raise EngineError(
                f"The hub on {data} has been starting or stopping for 30 seconds. "
                "Look at what it says, or stop it and start it again."
            )
        time.sleep(_TICK)
    return None


def _assemble(data: Path, lock: int, say: Callable[[str], None]) -> Engines:
    supply = ports.free_ports()
    known = folder.read_record(data)
    record = replace(known or folder.new_record(supply), up=False)
    if known:
        folder.write_record(data, record)
    place = data / "engines"
    place.mkdir(mode=0o755, exist_ok=True)
    folder.give_to_owner(place, data)
    pair = _postgres(place, record, supply, say, known is not None), _valkey(place, record, supply)
    # A new password is noted only once PostgreSQL has it, or a crash in between would lock us out.
    folder.write_record(data, record)
    return Engines(data, lock, record, pair)


def _postgres(
    place: Path, record: Record, supply: Iterator[int], say: Callable[[str], None], known: bool
) -> Engine:
    cluster = postgres.find_cluster(place)
    postgres.make(cluster, record.postgres_password, say, known=known)
    recipe = postgres.recipe(cluster, record.postgres_password, place / "postgres.log")
    return Engine(recipe, record.postgres_port, supply)


def _valkey(place: Path, record: Record, supply: Iterator[int]) -> Engine:
    program = programs.valkey_program(place)
    account = postgres.find_cluster(place).account
    recipe = valkey.recipe(
        program, record.valkey_password, account, record.valkey_pid, place / "valkey.log"
    )
    return Engine(recipe, record.valkey_port, supply)
