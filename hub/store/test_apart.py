"""PostgreSQL keeps merchants apart, whatever a query forgets."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hub.store import apart, keys, schema, templates
from hub.store.database import DESK, ROAD, connect, new_id, refuse_unsafe, row, rows, run

_TABLES = """SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
    array(SELECT polname::text FROM pg_policy y WHERE y.polrelid = c.oid ORDER BY 1) AS policies,
    EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid
            AND a.attname = 'workspace_id') AS owned,
    array(SELECT p.privilege_type::text FROM information_schema.role_table_grants p
          WHERE p.table_name = c.relname AND p.grantee = 'relais_desk' ORDER BY 1) AS at_desk
    FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"""


@pytest.fixture
def tables(ground):
    with ground.database.begin() as db:
        return rows(db, _TABLES)


def _seen(database, workspace, table):
    with database.begin(workspace) as db:
        return db.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608


def test_every_table_is_locked_and_none_was_forgotten(tables):
    assert len(tables) > 40
    assert [t["name"] for t in tables if not t["forced"] or ROAD not in t["policies"]] == []
    bare = {t["name"] for t in tables if DESK not in t["policies"]}
    forgotten = bare - apart.HUBS_OWN  # give them a workspace_id, or name them there
    assert forgotten == set()


def test_every_table_that_names_a_workspace_has_the_desks_policy(tables):
    owned = [t for t in tables if t["owned"] and t["name"] not in apart.HUBS_OWN]
    assert owned
    assert all(DESK in t["policies"] for t in owned)


def test_no_desk_may_touch_what_is_the_hubs_own(tables):
    assert [t["name"] for t in tables if t["name"] in apart.HUBS_OWN and t["at_desk"]] == []


def test_the_pool_is_not_the_owner_and_cannot_pass_the_lock(ground):
    with ground.database.begin() as db:
        me = row(db, "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles "
                     "WHERE rolname = current_user")  # fmt: skip
    assert dict(me) == {"rolname": ROAD, "rolsuper": False, "rolbypassrls": False}


def test_a_desk_sees_its_own_rows_and_the_road_sees_all(ground, workspace, other_workspace):
    base = ground.database
    mine, theirs = (_seen(base, w, "templates") for w in (workspace, other_workspace))
    assert mine == theirs > 0
    assert _seen(base, None, "templates") == mine + theirs
    assert _seen(base, workspace, "workspaces") == 1
    assert _seen(base, new_id(), "templates") == 0


def test_a_childs_rows_are_where_their_parents_are(ground, workspace, other_workspace):
    base = ground.database
    mine, theirs = (_seen(base, w, "template_versions") for w in (workspace, other_workspace))
    assert mine == theirs > 0
    assert _seen(base, None, "template_versions") == mine + theirs


@pytest.mark.parametrize("setting", ["''", "NULL"])
def test_a_desk_that_named_no_workspace_sees_nothing(ground, workspace, setting):
    with ground.database.begin() as db:
        db.execute(text(f"SELECT set_config('role', '{DESK}', true)"))
        db.execute(text(f"SELECT set_config('hub.workspace', {setting}, true)"))
        for table in ("templates", "template_versions", "workspaces", "api_keys"):
            counted = text(f"SELECT count(*) FROM {table}")  # noqa: S608
            assert db.execute(counted).scalar_one() == 0


def test_a_desk_cannot_write_into_another_workspace(ground, workspace, other_workspace):
    stolen = pytest.raises(DBAPIError, match="row-level security")
    with stolen, ground.database.begin(workspace) as db:
        keys.make(db, other_workspace, "stolen", ["read"])
    with ground.database.begin(workspace) as db:
        assert run(db, "UPDATE templates SET version = 9 WHERE workspace_id = :w",
                   w=other_workspace) == 0  # fmt: skip
        assert run(db, "DELETE FROM template_versions WHERE template_id IN "
                       "(SELECT id FROM templates WHERE workspace_id = :w)",
                   w=other_workspace) == 0  # fmt: skip


def test_the_next_user_of_a_connection_is_back_on_the_road(settings, ground, workspace):
    database = connect(settings.database_url, pool=1)
    assert _seen(database, workspace, "workspaces") == 1
    with pytest.raises(DBAPIError), database.begin(workspace) as db:
        db.execute(text("SELECT 1 / 0"))
    with database.begin() as db:
        assert row(db, "SELECT current_user AS me, "
                       "current_setting('hub.workspace', true) AS at")["me"] == ROAD  # fmt: skip
        assert len(templates.listed(db, workspace)) > 0
    database.engine.dispose()


def test_a_table_of_a_later_step_is_locked_by_the_next_migration(settings, ground):
    import psycopg

    made = "CREATE TABLE later (id uuid, workspace_id uuid NOT NULL); CREATE TABLE loose (id uuid)"
    with psycopg.connect(settings.database_url, autocommit=True) as owner:
        owner.execute(made)
        try:
            schema.migrate(ground.database)
            with ground.database.begin() as db:
                found = {t["name"]: t for t in rows(db, _TABLES)}
        finally:
            owner.execute("DROP TABLE later, loose")
    assert found["later"]["forced"]
    assert found["later"]["policies"] == [DESK, ROAD]
    assert found["loose"]["forced"]
    assert found["loose"]["at_desk"] == []


def test_a_hub_that_would_work_as_the_owner_is_refused(settings, ground):
    import psycopg

    from hub.store.database import UnsafeDatabase

    with psycopg.connect(settings.database_url, autocommit=True) as owner:
        owner.execute(f"REVOKE SELECT ON workspaces FROM {ROAD}")  # noqa: S608
        try:
            with pytest.raises(UnsafeDatabase, match="apart"):
                refuse_unsafe(connect(settings.database_url, pool=1))
        finally:
            owner.execute(f"GRANT SELECT ON workspaces TO {ROAD}")
