"""The wiped database: nothing of one test reaches the next, whatever it left open."""

import psycopg
import pytest

from hub.store.database import row, rows


def test_a_session_that_a_test_left_open_is_put_out_and_its_rows_go(slate, ground, workspace):
    with psycopg.connect(slate.url) as left:
        left.execute("UPDATE workspaces SET name = 'left' WHERE id = %s", [workspace])
        slate.clean()
        assert left.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS
        with pytest.raises(psycopg.OperationalError, match="terminating"):
            left.execute("SELECT 1")
    with ground.database.begin() as db:
        assert rows(db, "SELECT id FROM workspaces") == []


def test_the_pools_sessions_outlive_a_test_unless_one_is_still_in_use(slate, ground):
    def session():
        with ground.database.begin() as db:
            return row(db, "SELECT pg_backend_pid() AS pid")["pid"]

    first = session()
    slate.clean()
    assert session() == first
    kept = ground.database.engine.connect()
    slate.clean()
    assert session() != first
    kept.invalidate()
    kept.close()
