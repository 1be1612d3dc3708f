"""A line to PostgreSQL of a process's own: what is locked on it says that the process lives. Both
ends know within seconds when it is cut."""

import selectors
import socket
import time

import psycopg
from psycopg.pq.abc import PGconn

ROUND_TRIP = 3.0  # seconds; an answer that takes longer is no answer


def open_line(url: str, name: str, *, silence: float, idle: float = 0.0) -> psycopg.Connection:
    """A session with the `name_of` this part, in which each statement is its own transaction.

    PostgreSQL ends it, and frees its locks, when this machine gives no sign for `silence` seconds;
    and, where `idle` is given, when this process says nothing for so long (it may be stopped while
    its machine lives). Raises psycopg.Error. Not through a pooler: it would share the session.
    """
    return psycopg.connect(
        url,
        autocommit=True,
        application_name=name_of(name),
        connect_timeout=5,
        keepalives_idle=1,
        keepalives_interval=1,
        keepalives_count=2,
        tcp_user_timeout=int(ROUND_TRIP * 1000),
        options=" ".join(f"-c {key}={value}" for key, value in _their_end(silence, idle).items()),
    )


def name_of(part: str) -> str:
    """What a part's session is called in PostgreSQL: part and machine."""
    return f"relais {part} {socket.gethostname()}"[:63]


def _their_end(silence: float, idle: float) -> dict[str, str]:
    probe = max(round(silence / 6), 1)  # three of them, after a half in which nothing came
    return {
        "tcp_keepalives_idle": str(max(round(silence / 2), 1)),
        "tcp_keepalives_interval": str(probe),
        "tcp_keepalives_count": "3",
        "tcp_user_timeout": f"{silence:.0f}s",
        "idle_session_timeout": f"{idle * 1000:.0f}ms",
        "statement_timeout": f"{ROUND_TRIP:.0f}s",
    }


def answers(line: psycopg.Connection, within: float = ROUND_TRIP) -> bool:
    """Whether the server still speaks on this line; it is closed when it does not.

    Asked below psycopg's own calls, which wait for as long as the network pleases.
    """
    if line.closed:
        return False
    try:
        line.pgconn.send_query(b"SELECT 1")
        spoke = _spoke(line.pgconn, time.monotonic() + within)
    except psycopg.Error:
        spoke = False
    if not spoke:
        line.close()
    return spoke


def _spoke(link: PGconn, until: float) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(link.socket, selectors.EVENT_READ)
        while link.is_busy():
            if not selector.select(max(until - time.monotonic(), 0)):
                return False
            link.consume_input()
    well = True
    while (result := link.get_result()) is not None:
        well = well and not result.error_message
    return well
