"""What the search box of every page asks the rows: people by how a name begins, messages by the
record they are about. A handful of each, found through an index whatever there is."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, rows

_BEGINS = """SELECT id FROM people p WHERE p.workspace_id = :workspace_id
    AND p.found_{0} <> '' AND p.found_{0} >= lower(CAST(:typed AS text)) COLLATE "C"
    AND p.found_{0} < (lower(CAST(:typed AS text)) || chr(1114111)) COLLATE "C"
    ORDER BY p.found_{0} LIMIT :limit"""


def people_named(db: Connection, workspace_id: UUID, typed: str, limit: int) -> list[UUID]:
    """People whose first or last name begins so, the nearest to it first."""
    found = rows(
        db,
        f"({_BEGINS.format('first')}) UNION ALL ({_BEGINS.format('last')})",
        workspace_id=workspace_id,
        typed=typed,
        limit=limit,
    )
    return list(dict.fromkeys(one["id"] for one in found))[:limit]


def messages_about(
    db: Connection, workspace_id: UUID, subjects: Sequence[str], limit: int
) -> Sequence[Row]:
    """Ids of the newest messages that events of these records brought, such as "order:1043"."""
    return rows(
        db,
        """WITH e AS MATERIALIZED (SELECT id FROM events
               WHERE workspace_id = :workspace_id AND subject = ANY(:subjects) LIMIT 100),
           found AS MATERIALIZED (SELECT m.id FROM e JOIN messages m ON m.event_id = e.id)
           SELECT id FROM found ORDER BY id DESC LIMIT :limit""",
        workspace_id=workspace_id,
        subjects=list(subjects),
        limit=limit,
    )
