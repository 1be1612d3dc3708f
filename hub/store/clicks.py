"""Clicks: who opened a link, a person or a robot, and when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import Connection

from hub.store.database import Database, Row, new_id, rows, run
from hub.store.tellings import keeping

# What waits for `hub.send.clicks`; robots are never among it.
DUE = "SELECT 1 FROM clicks WHERE state = 'new'"

_TAKE = """WITH link AS (
    SELECT l.*, l.expires_at > %(now)s + w.clock_ahead AS open,
        %(now)s + w.clock_ahead AS opened_at, w.brand, w.link_domains, w.privacy_url, w.stop_code
    FROM links l JOIN workspaces w ON w.id = l.workspace_id
    WHERE l.token_hash = %(token_hash)s AND (l.kind = 'page' OR NOT %(button)s)
    AND (%(owners)s::uuid[] IS NULL OR l.workspace_id = ANY(%(owners)s::uuid[]))),
kept AS (
    INSERT INTO clicks (id, workspace_id, token_hash, message_id, who, why, at, state)
    SELECT %(id)s, workspace_id, token_hash, message_id, %(who)s, %(why)s, opened_at,
        CASE %(who)s::text WHEN 'person' THEN 'new' ELSE 'told' END
    FROM link WHERE open)
SELECT * FROM link"""

BUTTON = "button"
# Once for each link, by the first who opened it.
_TELLING = keeping(
    "(SELECT t.*, l.label, l.kind FROM told t JOIN links l USING (token_hash) "
    "WHERE t.who = 'person' ORDER BY t.at) r",
    "'message.clicked'",
    message="r.message_id",
    marker="r.message_id || ' clicked ' || r.label",
    data="jsonb_build_object('link', r.label, 'kind', r.kind)",
    at="r.at",
)


def take(
    database: Database,
    token_hash: bytes,
    now: datetime,
    *,
    who: str,
    why: str,
    owners: Sequence[UUID] | None = None,
    button: bool = False,
) -> dict[str, Any] | None:
    """The link with its workspace's brand and limits, its opening kept in the same statement while
    it is `open`. `owners` are the workspaces whose links may be opened here; None for all."""
    values = {
        "token_hash": token_hash,
        "id": new_id(),
        "who": who,
        "why": why,
        "now": now,
        "owners": list(owners) if owners is not None else None,
        "button": button,
    }
    return _at_once(database, _TAKE, values)


def _at_once(database: Database, sql: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The first row of a statement that is a transaction by itself: one way to the server and
    back where BEGIN and COMMIT would make three. It is on disk when this returns."""
    raw = database.engine.raw_connection()
    driver = cast("psycopg.Connection[Any]", raw.driver_connection)
    try:
        driver.autocommit = True
        with driver.cursor(row_factory=dict_row) as cursor:
            found = cursor.execute(sql, values).fetchone()
        driver.autocommit = False
    except BaseException:
        raw.invalidate()  # nobody is to be given a connection left in another mode
        raise
    finally:
        raw.close()
    return found


def claim(db: Connection, limit: int) -> Sequence[Row]:
    """Clicks that nothing was made of yet, now told; each with its link's label and kind."""
    return rows(
        db,
        f"""WITH chosen AS (
               SELECT id FROM clicks WHERE state = 'new'
               ORDER BY at, id FOR UPDATE SKIP LOCKED LIMIT :limit),
           told AS (
               UPDATE clicks SET state = 'told' WHERE id IN (SELECT id FROM chosen) RETURNING *),
           telling AS ({_TELLING})
           SELECT t.*, l.label, l.kind FROM told t JOIN links l USING (token_hash)
           ORDER BY t.at, t.id""",  # noqa: S608 - our own words
        limit=limit,
    )


def count(
    db: Connection, message_ids: Sequence[UUID], visits: Sequence[int], firsts: Sequence[datetime]
) -> None:
    """Add to what these messages have brought. A button tapped on a page whose own opening nobody
    saw (a browser that had it in hand) makes at least one."""
    run(
        db,
        """UPDATE messages SET clicks = greatest(clicks + n.visits, 1),
               clicked_at = least(clicked_at, n.first)
           FROM unnest(CAST(:ids AS uuid[]), CAST(:visits AS int[]),
               CAST(:firsts AS timestamptz[])) AS n(id, visits, first)
           WHERE messages.id = n.id""",
        ids=list(message_ids),
        visits=list(visits),
        firsts=list(firsts),
    )


def of_message(db: Connection, message_id: UUID) -> Sequence[Row]:
    """Every opening of a message's links, robots too, oldest first (at, who, why, label, kind,
    target)."""
    return rows(
        db,
        """SELECT c.id, c.at, c.who, c.why, l.label, l.kind, l.target
           FROM clicks c JOIN links l USING (token_hash)
           WHERE c.message_id = :id ORDER BY c.at, c.id""",
        id=message_id,
    )
