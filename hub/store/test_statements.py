"""Statements reach the driver with their names, whatever else stands in them."""

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from hub.store.database import row, rows, run
from hub.store.statements import native


def test_names_become_the_drivers_and_casts_stay():
    assert native("SELECT :id::text, a[1:2], '12:30'") == b"SELECT %(id)s::text, a[1:2], '12:30'"


def test_a_percent_sign_is_only_a_percent_sign(ground):
    with ground.database.begin() as db:
        found = row(db, "SELECT 7 % 4 AS rest, :word LIKE 'a%' AS begins", word="abc")
    assert found == {"rest": 3, "begins": True}


def test_a_batch_is_read_inside_its_statement(ground):
    sql = "SELECT n FROM jsonb_to_recordset(:given) AS g(n int) ORDER BY n"
    with ground.database.begin() as db:
        assert [r["n"] for r in rows(db, sql, given='[{"n": 2}, {"n": 1}]')] == [1, 2]


def test_what_a_statement_changed_is_counted(ground, workspace):
    with ground.database.begin() as db:
        assert run(db, "UPDATE workspaces SET name = name WHERE id = :id", id=workspace) == 1


def test_a_refusal_is_an_error_of_the_statement_and_not_of_the_connection(ground):
    with pytest.raises(DBAPIError) as refused, ground.database.begin() as db:
        rows(db, "SELECT 1 / :none", none=0)
    assert not refused.value.connection_invalidated


def test_a_connection_that_was_ended_says_so_and_the_next_one_works(ground, settings):
    with ground.database.engine.connect() as db:
        mine = row(db, "SELECT pg_backend_pid() AS pid")
        with psycopg.connect(settings.database_url, autocommit=True) as owner:
            owner.execute("SELECT pg_terminate_backend(%s, 5000)", (mine["pid"],))
        with pytest.raises(DBAPIError) as ended:
            row(db, "SELECT 1")
    assert ended.value.connection_invalidated
    with ground.database.begin() as db:
        assert row(db, "SELECT 1 AS one") == {"one": 1}


def test_a_connection_that_dies_at_rest_is_not_given_out(ground, settings):
    with ground.database.begin() as db:
        resting = row(db, "SELECT pg_backend_pid() AS pid")["pid"]
    with psycopg.connect(settings.database_url, autocommit=True) as owner:
        owner.execute("SELECT pg_terminate_backend(%s, 5000)", (resting,))
    with ground.database.begin() as db:
        assert row(db, "SELECT pg_backend_pid() AS pid")["pid"] != resting
