"""Deliveries: the log of what endpoints were told, newest first, and telling it again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, row, rows, run
from hub.store.tellings import TEST, TYPES

STATES = ("new", "done", "dead")
_FEW = 1000  # beyond this many nobody counts


def page(
    db: Connection,
    endpoint_id: UUID,
    *,
    limit: int,
    before: UUID | None = None,
    state: str = "",
    type: str = "",
) -> Sequence[Row]:
    """The newest deliveries of an endpoint, before the one named; of one state or type alone."""
    # Each condition is in words only where it is asked, its value with it: a plan for any value
    # reads a million of the usual to find ten of the rare.
    wheres = ["endpoint_id = :endpoint_id"]
    values: dict[str, object] = {"endpoint_id": endpoint_id, "limit": limit}
    if before is not None:
        wheres.append("id < :before")
        values["before"] = before
    if state in STATES:
        wheres.append(f"state = '{state}'")
    if type in (*TYPES, TEST):
        wheres.append(f"type = '{type}'")
    return rows(
        db,
        f"""SELECT * FROM tellings WHERE {" AND ".join(wheres)}
            ORDER BY id DESC LIMIT :limit""",  # noqa: S608 - our own words
        **values,
    )


def one(db: Connection, workspace_id: UUID, delivery_id: UUID) -> Row | None:
    """One delivery with its endpoint's address."""
    return row(
        db,
        """SELECT t.*, e.url, e.label, e.whole_numbers, e.state AS endpoint_state FROM tellings t
           JOIN endpoints e ON e.id = t.endpoint_id
           WHERE t.id = :id AND t.workspace_id = :workspace_id AND e.state <> 'removed'""",
        id=delivery_id,
        workspace_id=workspace_id,
    )


def counts(db: Connection, endpoint_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """How many of each endpoint's wait and how many were given up; a thousand stands for more."""
    found = rows(
        db,
        f"""SELECT e.id, (SELECT count(*) FROM (SELECT 1 FROM tellings t
                WHERE t.endpoint_id = e.id AND t.state = 'new' LIMIT {_FEW}) n) AS waiting,
            (SELECT count(*) FROM (SELECT 1 FROM tellings t
                WHERE t.endpoint_id = e.id AND t.state = 'dead' LIMIT {_FEW}) n) AS dead
            FROM endpoints e WHERE e.id = ANY(:ids)""",  # noqa: S608 - our own words
        ids=list(endpoint_ids),
    )
    return {r["id"]: r for r in found}


def send_again(db: Connection, workspace_id: UUID, delivery_id: UUID, now: datetime) -> bool:
    """From the first try on, under the same id; false where it waits already. One that arrived goes
    again too, which its receiver knows by the id."""
    return bool(
        run(
            db,
            """UPDATE tellings SET state = 'new', due_at = :now, tries = 0, words = ''
               WHERE id = :id AND workspace_id = :workspace_id AND words <> 'erased'
               AND (state <> 'new' OR due_at > :now)""",
            id=delivery_id,
            workspace_id=workspace_id,
            now=now,
        )
    )


def send_failed_again(db: Connection, endpoint_id: UUID, since: datetime, now: datetime) -> int:
    """All that were given up since then, from the first try on; how many."""
    return run(
        db,
        """UPDATE tellings SET state = 'new', due_at = :now, tries = 0, words = ''
           WHERE endpoint_id = :id AND state = 'dead' AND at >= :since AND words <> 'erased'""",
        id=endpoint_id,
        since=since,
        now=now,
    )
