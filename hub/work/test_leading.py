"""Who leads among clocks, and when a line counts as cut: against a real PostgreSQL."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest

from hub.config import Settings
from hub.work.leading import Turn, standing_by
from hub.work.line import answers, open_line
from hub.work.liveness import LOCK_CLASS, Proof

KEY = 52999


@pytest.fixture
def line(settings: Settings) -> Iterator[psycopg.Connection]:
    with open_line(settings.database_url, "test", silence=30) as made:
        yield made


def test_a_line_that_stands_answers_again_and_again(line: psycopg.Connection) -> None:
    assert all(answers(line) for _ in range(3))
    assert line.execute("SELECT 7").fetchone() == (7,)
    assert answers(line)


def test_a_line_whose_server_is_silent_is_closed_within_the_time_given(
    line: psycopg.Connection,
) -> None:
    line.pgconn.send_query(b"SELECT pg_sleep(2)")  # as if the answer were lost on its way
    assert not answers(line, within=0.05)
    assert line.closed
    assert not answers(line)


def test_a_line_that_the_server_ended_does_not_answer(
    line: psycopg.Connection, settings: Settings
) -> None:
    _end(settings, line.info.backend_pid)
    assert not answers(line)


def test_the_server_lets_go_of_a_silent_session_of_itself(settings: Settings) -> None:
    with open_line(settings.database_url, "test", silence=12, idle=5) as line:
        told = "SELECT name, setting FROM pg_settings WHERE name LIKE 'tcp%' OR name LIKE 'idle_s%'"
        found = dict(line.execute(told).fetchall())
        assert found["idle_session_timeout"] == "5000"
        assert {"tcp_keepalives_idle": "6", "tcp_user_timeout": "12000"}.items() <= found.items()


def test_one_clock_leads_and_another_takes_the_turn_when_it_is_free(settings: Settings) -> None:
    stop, second = threading.Event(), threading.Event()

    def follow() -> None:
        with standing_by(settings.database_url, KEY, stop) as turn:
            if turn is not None:
                second.set()

    with standing_by(settings.database_url, KEY, stop) as first:
        assert isinstance(first, Turn)
        follower = threading.Thread(target=follow)
        follower.start()
        assert not second.wait(0.2)
        assert not first.lost.is_set()
    assert second.wait(20)
    follower.join()


def test_a_leader_whose_session_is_ended_knows_that_its_turn_is_lost(settings: Settings) -> None:
    with standing_by(settings.database_url, KEY, threading.Event()) as turn, ExitStack() as ended:
        assert turn is not None
        ended.callback(turn.lost.set)
        _end(settings, turn.line.info.backend_pid)
        assert turn.lost.wait(20)


def test_a_stuck_leader_gives_its_turn_away(settings: Settings) -> None:
    with standing_by(settings.database_url, KEY, threading.Event()) as turn:
        assert turn is not None
        turn._ticked -= 1_000  # its tick began long ago
        assert turn.lost.wait(20)


def test_who_is_told_to_stop_while_standing_by_leaves_without_the_turn(settings: Settings) -> None:
    stop = threading.Event()
    with standing_by(settings.database_url, KEY, stop) as first:
        assert first is not None
        stop.set()
        with standing_by(settings.database_url, KEY, stop) as second:
            assert second is None


def test_a_proof_that_was_lost_is_not_alive_and_comes_back_under_a_new_number(
    settings: Settings,
) -> None:
    proof = Proof(settings.database_url)
    owner = proof.prove()
    assert proof.alive(owner)
    with psycopg.connect(settings.database_url, autocommit=True) as db:
        db.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' "
            "AND classid::bigint = %s AND objid::bigint = %s",
            (LOCK_CLASS, owner),
        )
    assert not proof.alive(owner)
    assert proof.prove() != owner
    assert not proof.alive(owner)
    proof.close()


def _end(settings: Settings, pid: int) -> None:
    with psycopg.connect(settings.database_url, autocommit=True) as db:
        db.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
