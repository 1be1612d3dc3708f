"""Merchants kept apart by PostgreSQL itself: the second lock, behind the `workspace_id` that every
query names.

Two roles nobody signs in as. `relais_road` works over all merchants, as the arrows do, and is what
the pool is. `relais_desk` sees and writes the rows of the one workspace that its transaction has
named, and none where none was named. The owner of the tables makes them and does nothing else.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from hub.store.database import DESK, ROAD, Row, UnsafeDatabase, rows

# Written by their own functions only; nobody changes or deletes what stands there.
READ_ONLY = frozenset({"audit"})
# Belongs to no merchant: the road may use it, no desk may look.
HUBS_OWN = frozenset({"alembic_version", "checks", "restores", "sealing_keys", "sessions", "users",
                      "wrong_tries"})  # fmt: skip

_MINE = "NULLIF(current_setting('hub.workspace', true), '')::uuid"
_AGAIN = 5  # another database of the cluster may be making the same roles at this moment
# Every table not yet kept apart: whose column names the merchant, or which parent does.
_OPEN = f"""SELECT c.oid::regclass::text AS name, c.relname AS plain,
    CASE WHEN c.relname = 'workspaces' THEN 'id' ELSE (
        SELECT attname FROM pg_attribute a WHERE a.attrelid = c.oid
        AND a.attname = 'workspace_id' AND NOT a.attisdropped) END AS owner,
    p.child, p.parent, p.key
    FROM pg_class c LEFT JOIN LATERAL (
        SELECT a.attname AS child, k.confrelid::regclass::text AS parent, f.attname AS key
        FROM pg_constraint k
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        JOIN pg_attribute f ON f.attrelid = k.confrelid AND f.attnum = k.confkey[1]
        WHERE k.conrelid = c.oid AND k.contype = 'f' AND cardinality(k.conkey) = 1
        AND EXISTS (SELECT 1 FROM pg_attribute w WHERE w.attrelid = k.confrelid
                    AND w.attname = 'workspace_id')
        ORDER BY k.conkey LIMIT 1) p ON true
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
    AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
        SELECT 1 FROM pg_policy y WHERE y.polrelid = c.oid AND y.polname = '{ROAD}'))
    ORDER BY c.relname"""  # noqa: S608 - our own names


def make_roles(db: Connection) -> None:
    """Both roles, with this connection's user as a member. Raises UnsafeDatabase in words."""
    for _ in range(_AGAIN):
        if not _missing(db):
            return
        try:
            with db.begin_nested():
                _make(db)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") == "42501":  # insufficient privilege
                break
    if left := _missing(db):
        raise UnsafeDatabase(
            "The database's user may not make the roles that keep merchants apart. Let an "
            f"administrator run: {' '.join(left)}"
        )


def keep_apart(db: Connection) -> list[str]:
    """Lock every table that is not locked yet, those that later steps add too; their names."""
    make_roles(db)
    done = []
    for table in rows(db, _OPEN):
        for statement in _locks(table):
            db.execute(text(statement))
        done.append(table["plain"])
    return done


def _missing(db: Connection) -> list[str]:
    """What an administrator would have to run."""
    found = {r["rolname"]: r for r in rows(
        db,
        """SELECT rolname, pg_has_role(oid, 'USAGE') AS member FROM pg_roles
           WHERE rolname = ANY(:names)""",
        names=[ROAD, DESK],
    )}  # fmt: skip
    user = db.execute(text("SELECT quote_ident(session_user)")).scalar_one()
    made = [f"CREATE ROLE {n} NOLOGIN;" for n in (ROAD, DESK) if n not in found]
    in_it = [n for n in (ROAD, DESK) if n in found and found[n]["member"]]
    joined = [f"GRANT {n} TO {user};" for n in (ROAD, DESK) if n not in in_it]
    return [*made, *joined]


def _make(db: Connection) -> None:
    for statement in _missing(db):
        db.execute(text(statement))


def _locks(table: Row) -> Iterator[str]:
    name, own = table["name"], table["plain"] in HUBS_OWN
    may = "SELECT" if table["plain"] in READ_ONLY else "SELECT, INSERT, UPDATE, DELETE"
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"
    yield f"DROP POLICY IF EXISTS {ROAD} ON {name}"
    yield f"CREATE POLICY {ROAD} ON {name} TO {ROAD} USING (true) WITH CHECK (true)"
    yield f"GRANT {may} ON {name} TO {ROAD}"
    mine = "" if own else _mine(table)
    if mine:
        yield f"DROP POLICY IF EXISTS {DESK} ON {name}"
        yield f"CREATE POLICY {DESK} ON {name} TO {DESK} USING ({mine}) WITH CHECK ({mine})"
        yield f"GRANT {may} ON {name} TO {DESK}"


def _mine(table: Row) -> str:
    """Whether a row is the named workspace's; a child's is where its parent's is."""
    if table["owner"]:
        return f"{table['owner']} = {_MINE}"
    if not table["parent"]:
        return ""
    parent, key, child = table["parent"], table["key"], table["child"]
    return (
        f"EXISTS (SELECT 1 FROM {parent} p WHERE p.{key} = {table['name']}.{child} "  # noqa: S608
        f"AND p.workspace_id = {_MINE})"
    )
