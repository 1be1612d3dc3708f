"""Where the schema stands is told without the migration engine, and as it would tell it."""

from alembic.config import Config
from alembic.script import ScriptDirectory

from hub.store import steps
from hub.store.database import jsonb, row
from hub.store.ground import Ground


def test_the_newest_step_is_the_one_that_the_migration_engine_would_go_to() -> None:
    config = Config()
    config.set_main_option("script_location", str(steps.MIGRATIONS))

    assert steps.newest() == ScriptDirectory.from_config(config).get_current_head()


def test_a_database_that_was_brought_up_to_date_stands_on_the_newest_step(ground: Ground) -> None:
    with ground.database.begin() as db:
        assert steps.current(db) == steps.newest()


def test_a_batch_and_a_document_of_its_own_are_both_read_as_jsonb(ground: Ground) -> None:
    with ground.database.begin() as db:
        found = row(
            db,
            """SELECT n, told, CAST(:own AS jsonb) AS own
               FROM jsonb_to_recordset(:batch) AS b(n int, told jsonb)""",
            batch=jsonb([{"n": 7, "told": {"é": [1, None]}}]),
            own=jsonb({"a": "%:b"}),
        )

    assert found == {"n": 7, "told": {"é": [1, None]}, "own": {"a": "%:b"}}
