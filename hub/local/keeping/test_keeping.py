"""Backups: sealed, whole, and brought back so that nothing goes twice."""

import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from hub.config import Settings
from hub.local.engines import Damaged
from hub.local.keeping import CannotKeep, back_up, restore, seal
from hub.local.keeping.backup import forget_older
from hub.local.keeping.damaged import refuse_lost
from hub.store.database import Database, connect

MASTER = bytes(32)


def sealed(said: bytes, master: bytes = MASTER) -> bytes:
    out = io.BytesIO()
    header = seal.header_for(master, "2026-06-10T10:00:00+00:00", "1")
    seal.write(out, master, header, io.BytesIO(said))
    return out.getvalue()


def opened(file: bytes, master: bytes = MASTER) -> bytes:
    return b"".join(seal.read(io.BytesIO(file), master))


@pytest.mark.parametrize("size", [0, 1, seal._PIECE - 1, seal._PIECE, seal._PIECE + 1])
def test_what_was_sealed_is_read_again(size: int) -> None:
    said = os.urandom(size)
    assert opened(sealed(said)) == said


@effort(max_examples=40, deadline=None)
@given(st.data())
def test_a_backup_with_any_byte_changed_or_cut_off_is_refused(data: st.DataObject) -> None:
    whole = sealed(b"rows " * 20)
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[place] ^= data.draw(st.integers(1, 255))
    for broken in (bytes(changed), whole[:place]):
        with pytest.raises(CannotKeep):
            opened(broken)


def test_pieces_that_change_places_or_are_left_out_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(seal, "_PIECE", 4)
    whole = sealed(b"aaaabbbbcccc")
    head, size = whole[: -3 * (4 + 4 + 16)], 4 + 4 + 16
    first, second, third = (whole[len(head) + n * size :][:size] for n in range(3))
    assert opened(head + first + second + third) == b"aaaabbbbcccc"
    for wrong in (second + first + third, first + third, first + second, first):
        with pytest.raises(CannotKeep):
            opened(head + wrong)


def test_another_hubs_backup_is_refused_in_words() -> None:
    with pytest.raises(CannotKeep, match="another master key"):
        opened(sealed(b"rows"), os.urandom(32))
    with pytest.raises(CannotKeep, match="not a backup"):
        opened(b"PGDMP")


def test_the_oldest_backups_go_and_nothing_else_does(tmp_path: Path) -> None:
    for day in range(1, 6):
        (tmp_path / f"relais-2026060{day}T100000Z.backup").touch()
    (tmp_path / "other.txt").touch()
    assert len(forget_older(tmp_path, 2)) == 3
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "other.txt", "relais-20260604T100000Z.backup", "relais-20260605T100000Z.backup",
    ]  # fmt: skip


@pytest.fixture
def own_database(settings: Settings, tmp_path: Path) -> Settings:
    """A database beside the others of this process, that may be renamed."""
    name = f"{settings.database_url.rpartition('/')[2]}_kept"
    with psycopg.connect(settings.database_url, autocommit=True) as db:
        db.execute(f"DROP DATABASE IF EXISTS {name}".encode())
        db.execute(f"CREATE DATABASE {name} TEMPLATE relais_migrated".encode())
    return replace(settings, database_url=settings.database_url + "_kept", data=str(tmp_path))


def test_a_backup_names_nobody_and_its_note_leads_back(
    own_database: Settings, tmp_path: Path
) -> None:
    made = back_up(own_database, tmp_path / "kept")
    assert made.stat().st_mode & 0o777 == 0o600
    assert b"messages" not in made.read_bytes()
    assert json.loads((tmp_path / "last-backup.json").read_text())["path"] == str(made)
    assert not list(made.parent.glob("*.unfinished"))
    with pytest.raises(CannotKeep, match="already"):
        back_up(own_database, made.parent, datetime.fromisoformat(_taken(made)))


def test_a_restore_that_cannot_be_finished_leaves_everything_as_it_was(
    own_database: Settings, tmp_path: Path
) -> None:
    made = back_up(own_database, tmp_path)
    made.write_bytes(made.read_bytes()[:-40])
    before = _names(own_database)
    with pytest.raises(CannotKeep):
        restore(own_database, made, print)
    assert {n for n in _names(own_database) if "_before_" in n} == {
        n for n in before if "_before_" in n
    }


_KILLED = """
import sys
from pathlib import Path
from hub import config
from hub.local.keeping import restore
restore(config.read(), Path(sys.argv[1]), print)
"""


def test_a_restore_that_is_killed_leaves_everything_as_it_was_and_may_be_run_again(
    own_database: Settings, tmp_path: Path
) -> None:
    made = back_up(own_database, tmp_path)
    _mark(own_database, "since")
    changes = {**os.environ, **own_database.environment(), "HUB_CRASH_AT": "C31"}
    words = [sys.executable, "-c", _KILLED, str(made)]
    assert subprocess.run(words, env=changes, check=False).returncode == -signal.SIGKILL
    assert _mark(own_database) == "since"
    restore(own_database, made, print)
    assert _mark(own_database) is None


def _mark(settings: Settings, words: str = "") -> str | None:
    """What is written on this database, first written anew where there are words."""
    with psycopg.connect(settings.database_url, autocommit=True) as db:
        if words:
            db.execute(f"CREATE TABLE mark AS SELECT '{words}' AS words".encode())
        if db.execute("SELECT to_regclass('mark')").fetchone() == (None,):
            return None
        found = db.execute("SELECT words FROM mark").fetchone()
    return str(found[0]) if found else None


def test_a_database_that_somebody_uses_is_not_replaced(
    own_database: Settings, tmp_path: Path
) -> None:
    made = back_up(own_database, tmp_path)
    with (
        psycopg.connect(own_database.database_url),
        pytest.raises(CannotKeep, match="Stop every web"),
    ):
        restore(own_database, made, print)


def test_an_empty_database_where_there_was_a_hub_is_refused_and_the_backup_named(
    own_database: Settings, tmp_path: Path
) -> None:
    made = back_up(own_database, tmp_path)
    with psycopg.connect(own_database.database_url) as db:
        db.execute("DELETE FROM alembic_version")
    (tmp_path / "master.key").touch()
    database: Database = connect(own_database.database_url, pool=1)
    with pytest.raises(Damaged, match=made.name):
        refuse_lost(database, tmp_path)
    (tmp_path / "master.key").unlink()
    refuse_lost(database, tmp_path)
    database.engine.dispose()


def _taken(made: Path) -> str:
    with made.open("rb") as file:
        return seal.read_header(file).taken_at


def _names(settings: Settings) -> set[str]:
    with psycopg.connect(settings.database_url) as db:
        return {name for (name,) in db.execute("SELECT datname FROM pg_database").fetchall()}
