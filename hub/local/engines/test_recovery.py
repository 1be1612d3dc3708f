"""Real engines in real folders: stopping, dying and coming back."""

import contextlib
import json
import os
import signal
import sys
from pathlib import Path

import psycopg
import pytest

from hub.local.engines import attach, own, process
from hub.local.engines.folder import LOCK_FILE, RECORD_FILE
from hub.local.engines.proving import (
    OWNER,
    Stranger,
    database,
    engine_pids,
    gone,
    keep_a_row,
    kept_row,
    ping,
    quiet,
    restarted,
    start_owner,
)


def test_a_clean_stop_leaves_no_process_and_keeps_rows_and_addresses(shared: Path) -> None:
    with own(shared, quiet) as engines:
        keep_a_row(engines)
        before, pids = engines.addresses, (engines.postgres.pid, engines.valkey.pid)
    assert not any(process.exists(pid) for pid in pids if pid)
    engines.stop()
    assert not engines.restart_if_dead()
    with own(shared, quiet) as again:
        assert again.addresses == before
        assert kept_row(again) == ("still here",)


def test_killed_engines_come_back_at_the_same_addresses_with_their_rows(shared: Path) -> None:
    with own(shared, quiet) as engines:
        keep_a_row(engines)
        before = engines.addresses
        # An open connection keeps a process of the old PostgreSQL alive for a moment.
        with contextlib.suppress(psycopg.OperationalError), database(engines) as lingering:
            assert engines.postgres.pid
            os.kill(engines.postgres.pid, signal.SIGKILL)
            assert restarted(engines)
            lingering.execute("SELECT 1")
        assert kept_row(engines) == ("still here",)
        assert engines.valkey.pid
        os.kill(engines.valkey.pid, signal.SIGKILL)
        assert restarted(engines)
        assert ping(engines)
        assert engines.addresses == before == attach(shared)
        assert not engines.restart_if_dead()


def test_a_killed_owner_takes_its_engines_along_and_the_next_one_finds_the_rows(
    shared: Path,
) -> None:
    with own(shared, quiet) as engines:
        keep_a_row(engines)
    owner = start_owner([sys.executable, "-c", OWNER, str(shared)])
    pids = engine_pids(owner)
    owner.kill()
    owner.communicate()
    with own(shared, quiet) as engines:
        assert kept_row(engines) == ("still here",)
        assert ping(engines)
        assert all(gone(pid) for pid in pids)


def test_engines_left_by_a_killed_owner_are_ended_where_the_kernel_did_not(shared: Path) -> None:
    with own(shared, quiet) as engines:
        record = json.loads((shared / RECORD_FILE).read_text())
        pid_file = (shared / "engines" / "postgres" / "postmaster.pid").read_text()
        pids = engines.postgres.pid, engines.valkey.pid
        # As if our process were gone: the lock is free, the engines still run.
        os.close(engines._lock)  # type: ignore[arg-type]
        engines._lock = None
        assert record["valkey_pid"] == pids[1]
        assert int(pid_file.split()[0]) == pids[0]
        with own(shared, quiet) as again:
            assert ping(again)
            assert engines.postgres.pid is engines.valkey.pid is None
            assert {again.postgres.pid, again.valkey.pid}.isdisjoint(pids)


def test_a_stale_process_number_that_another_program_has_now_is_no_obstacle(shared: Path) -> None:
    with own(shared, quiet):
        alive = (shared / "engines" / "postgres" / "postmaster.pid").read_text()
    lines = alive.split("\n")
    stale = shared / "engines" / "postgres" / "postmaster.pid"
    stale.write_text("\n".join([str(os.getppid()), *lines[1:]]))
    with own(shared, quiet) as engines:
        assert engines.postgres.pid
        assert process.exists(os.getppid())


def test_a_port_that_was_taken_in_between_is_replaced(shared: Path) -> None:
    with own(shared, quiet):
        pass
    record = json.loads((shared / RECORD_FILE).read_text())
    taken = record["postgres_port"], record["valkey_port"]
    with Stranger(taken[0]), Stranger(taken[1]), own(shared, quiet) as engines:
        assert engines.postgres.port != taken[0]
        assert engines.valkey.port != taken[1]
        assert ping(engines)
        assert attach(shared) == engines.addresses


def test_a_lost_record_gets_new_passwords_and_keeps_the_rows(shared: Path) -> None:
    with own(shared, quiet) as engines:
        keep_a_row(engines)
        before = engines.addresses
    (shared / RECORD_FILE).write_text("{half")
    with own(shared, quiet) as engines:
        assert engines.addresses != before
        assert kept_row(engines) == ("still here",)


def test_a_cluster_of_another_version_is_refused_in_a_sentence(fresh: Path) -> None:
    old = fresh / "engines" / "postgres"
    old.mkdir(parents=True)
    (old / "PG_VERSION").write_text("12\n")
    with pytest.raises(RuntimeError, match="was made by PostgreSQL 12") as refusal:
        own(fresh, quiet)
    assert "HUB_DATA" in str(refusal.value)
    assert not list((fresh / LOCK_FILE).parent.glob("new-*"))
