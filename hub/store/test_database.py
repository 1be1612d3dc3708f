"""The hub refuses a database that could forget, and keeps one schema."""

import psycopg
import pytest

from hub.store import schema
from hub.store.database import UnsafeDatabase, connect, refuse_unsafe


def test_a_database_whose_commits_are_no_promise_is_refused_by_name(settings):
    name = settings.database_url.rsplit("/", 1)[1]
    with psycopg.connect(settings.database_url, autocommit=True) as db:
        db.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
        try:
            with pytest.raises(UnsafeDatabase, match="synchronous_commit"):
                refuse_unsafe(connect(settings.database_url, pool=1))
        finally:
            db.execute(f"ALTER DATABASE {name} RESET synchronous_commit".encode())


def test_the_embedded_database_is_safe(settings):
    refuse_unsafe(connect(settings.database_url, pool=1))


def test_migrating_again_changes_nothing(settings):
    database = connect(settings.database_url, pool=1)
    assert schema.migrate(database) == (schema.newest(), schema.newest())


def test_an_error_in_the_log_does_not_show_whose_row_it_was(settings):
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    with pytest.raises(DBAPIError) as failure, connect(settings.database_url).begin() as db:
        db.execute(text("SELECT :who / 0"), {"who": 33639980123})
    assert "33639980123" not in str(failure.value)
