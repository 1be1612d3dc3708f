"""What `hub doctor` looks at: each finding is a sentence, and a next step where one is needed."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Connection

from hub import config, registry
from hub.config import Settings
from hub.connections.health import health_of
from hub.contract import utc_now
from hub.report.reconcile.rounds import CHECKS
from hub.send import breaker, spending
from hub.store import backlog, checks, connections, restored, schema
from hub.store.database import Database, UnsafeDatabase, refuse_unsafe, row, rows
from hub.store.sealing import CannotUnseal, Vault
from hub.web.health import lacks_of_broker, workers

CLOCK_LOCK = 52002
_STUCK_AFTER = 300.0  # seconds
_STANDS_STILL = timedelta(minutes=2)
_SHELVES = ("intakes", "events", "messages_due", "sending", "write_backs")


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `step` is what to do where it is not well."""

    well: bool
    sentence: str
    step: str = ""


def of_machine(settings: Settings) -> Iterator[Finding]:
    """Python and the data folder."""
    version = ".".join(map(str, sys.version_info[:3]))
    new_enough = sys.version_info >= (3, 11)
    yield Finding(new_enough, f"Python is {version}.", "Install Python 3.11 or newer.")
    folder = settings.data_dir
    nearest = next(p for p in (folder, *folder.parents) if p.exists())
    writable = os.access(nearest, os.W_OK)
    step = "Run as the user who owns it, or choose another with HUB_DATA."
    yield Finding(writable, f"The data folder is {folder}.", step)


def of_connectors(settings: Settings) -> Iterator[Finding]:
    """Folders that are no working connector."""
    found = registry.load(Path(settings.connectors))
    yield Finding(
        bool(found.slugs),
        f"Connectors found: {', '.join(found.slugs) or 'none'}.",
        "Point HUB_CONNECTORS at the folder that holds them.",
    )
    for entry in found.entries:
        if entry.problem:
            step = f"Repair its folder, then run hub connector test {entry.slug}."
            yield Finding(False, f"«{entry.slug}» is broken. {entry.problem}", step)


def of_address(settings: Settings) -> Finding:
    """Whether vendors can reach the hub."""
    parts = urlsplit(settings.address)
    local = (parts.hostname or "") in ("localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104
    return Finding(
        parts.scheme == "https" and not local,
        f"Vendors are given the address {settings.address}.",
        "Set HUB_PUBLIC_URL to the https address they can reach.",
    )


def of_broker(settings: Settings) -> Finding:
    """Whether nudges get through."""
    lacks = list(lacks_of_broker(settings.redis_url))
    words = lacks[0] if lacks else "Redis answers."
    return Finding(not lacks, words, "Start it, or correct HUB_REDIS_URL; nothing is lost.")


def of_safety(database: Database) -> Finding:
    """Whether a commit is a promise."""
    try:
        refuse_unsafe(database)
    except UnsafeDatabase as problem:
        return Finding(False, str(problem), "Change it before real messages go through it.")
    return Finding(True, "PostgreSQL keeps what it confirms.")


def of_schema(db: Connection) -> Finding:
    """Whether the tables are the ones this release knows."""
    stands, newest = schema.current(db), schema.newest()
    words = f"The schema is at step {stands or 'none'} of {newest}."
    return Finding(stands == newest, words, "Run hub migrate.")


def of_rows(database: Database, db: Connection, settings: Settings) -> Iterator[Finding]:
    """What the rows say: workers, the clock, connections, what stands still, the master key."""
    alive = workers(db)
    yield Finding(alive > 0, f"Workers alive: {alive}.", "Start some: hub up, or hub worker.")
    ticks = _clock_ticks(db)
    words = "The clock ticks." if ticks else "No clock ticks, so nothing that is due leaves."
    yield Finding(ticks, words, "Start it: hub up, or hub clock.")
    yield from _of_connections(db)
    yield from _of_carriers(db)
    yield from _of_backlog(db)
    yield from _of_checks(db)
    yield from _of_restore(db)
    yield _of_master_key(database, db, settings)


def _clock_ticks(db: Connection) -> bool:
    sql = """SELECT 1 AS held FROM pg_locks WHERE locktype = 'advisory' AND granted
        AND CAST(classid AS bigint) = 0 AND CAST(objid AS bigint) = :lock AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
    return row(db, sql, lock=CLOCK_LOCK) is not None


def _of_connections(db: Connection) -> Iterator[Finding]:
    found = rows(db, "SELECT * FROM connections WHERE state <> 'removed' ORDER BY id")
    seen = [(one, health_of(one, utc_now())) for one in found]
    ill = [(one, health) for one, health in seen if health.state != "healthy"]
    if not ill:
        yield Finding(True, f"Connections, all healthy: {len(found)}.")
    for one, health in ill:
        state = health.state.replace("_", "-")
        words = f"{one['connector']} «{one['label']}»: {state}. {health.words}"
        yield Finding(False, words.strip(), health.next_step)


def _of_carriers(db: Connection) -> Iterator[Finding]:
    """Carriers that fail now, messages that money keeps, ranges of numbers that get too many."""
    now = utc_now()
    for words in breaker.banners(db, None, now):
        yield Finding(False, words, "Look at that carrier's own status page; nothing is lost.")
    for words in spending.banners(db, None, now.date()):
        yield Finding(False, words, "Look at the limits: PUT /caps changes them.")


def _of_backlog(db: Connection) -> Iterator[Finding]:
    waiting = backlog.waiting(db, utc_now())
    stuck = [s for s in _SHELVES if waiting[s][0] and waiting[s][1] > _STUCK_AFTER]
    listed = ", ".join(f"{s.replace('_', ' ')} ({waiting[s][0]})" for s in stuck)
    words = f"Standing still for over five minutes: {listed}." if stuck else "Nothing stands still."
    yield Finding(not stuck, words, "Look at the worker's log; hub explain tells what waits.")
    dead = {s: waiting[s][0] for s in ("dead_intakes", "dead_write_backs") if waiting[s][0]}
    listed = ", ".join(f"{name.replace('_', ' ')} ({number})" for name, number in dead.items())
    words = f"Given up: {listed}." if dead else "Nothing was given up."
    yield Finding(not dead, words, "hub explain tells why; hub replay opens an intake again.")


def _of_checks(db: Connection) -> Iterator[Finding]:
    """What should agree and does not; a comparison that stands still is no proof of anything."""
    now, made = utc_now(), checks.standing(db)
    for one in made:
        check = CHECKS.get(one["name"])
        if one["due_at"] < now - _STANDS_STILL:
            words = f"The comparison «{one['name']}» stands still."
            yield Finding(False, words, "See that a worker runs: hub up, or hub worker.")
        elif one["words"]:
            yield Finding(False, one["words"], check.step if check else "")
    yield Finding(True, f"Comparisons made again and again: {len(made)}.")


def _of_restore(db: Connection) -> Iterator[Finding]:
    """What a restore still holds, where there was one."""
    if restored.last(db) is not None:
        held = restored.standing(db)
        words = f"Held since a restore: {held.before + held.again} messages."
        yield Finding(not held.before + held.again, words, "hub release says what may go, and how.")


def _of_master_key(database: Database, db: Connection, settings: Settings) -> Finding:
    """Reads the key without making one: a new key would hide that the old one is lost."""
    sealed = rows(db, "SELECT * FROM connections WHERE secrets IS NOT NULL")
    step = "Restore the master.key that belongs to this database, or reconnect."
    if not settings.master_key and not (settings.data_dir / "master.key").exists():
        words = "The master key is missing." if sealed else "A master key is made at first use."
        return Finding(not sealed, words, step)
    try:
        vault = Vault.on(database, config.master_key(settings))
        for one in sealed:
            connections.secrets_of(vault, one)
    except (config.BadSetting, CannotUnseal) as problem:
        return Finding(False, str(problem), step)
    return Finding(True, f"The master key opens the credentials of {len(sealed)} connections.")
