"""Stuck: rows that an arrow should have taken a minute ago. What rests on purpose, because of its
hour, its carrier or its vendor, has a later turn and is not among them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.report.reconcile.check import Check, Finding
from hub.store.database import Row, rows
from hub.store.ground import Ground

PATIENCE = timedelta(minutes=1)

_STUCK = """
    SELECT 'arrived' AS what, workspace_id, count(*) AS n, min(due_at) AS oldest FROM intakes
        WHERE state = 'new' AND due_at < :before GROUP BY workspace_id
    UNION ALL SELECT 'events', workspace_id, count(*), min(due_at) FROM events
        WHERE state = 'new' AND due_at < :before GROUP BY workspace_id
    UNION ALL SELECT 'messages', workspace_id, count(*), min(due_at) FROM messages
        WHERE state IN ('scheduled', 'held') AND due_at < :before GROUP BY workspace_id
    UNION ALL SELECT 'uncertain', workspace_id, count(*), min(due_at) FROM messages
        WHERE state = 'uncertain' AND final_at IS NULL AND due_at < :before GROUP BY workspace_id
    UNION ALL SELECT 'clicks', workspace_id, count(*), min(at) FROM clicks
        WHERE state = 'new' AND at < :before GROUP BY workspace_id
    UNION ALL SELECT 'codes', workspace_id, count(*), min(due_at) FROM coupons
        WHERE state = 'new' AND due_at < :before GROUP BY workspace_id
    UNION ALL SELECT 'results', w.workspace_id, count(*), min(w.due_at) FROM write_backs w
        JOIN connections c ON c.id = w.connection_id
        WHERE w.state = 'new' AND w.due_at + c.gather < :before
        AND coalesce(c.paused_until, :before) <= :before AND c.state = 'active'
        GROUP BY w.workspace_id"""


def look(ground: Ground) -> Sequence[Finding]:
    """Rows over a minute past their turn, on every shelf."""
    now = ground.clock()
    with ground.database.begin() as db:
        return judge(map(dict, stuck(db, now)), now)


def stuck(db: Connection, now: datetime) -> Sequence[Row]:
    """What stands still: what, workspace_id, n, oldest."""
    return rows(db, _STUCK, before=now - PATIENCE)


def judge(found: Iterable[Mapping[str, Any]], now: datetime) -> list[Finding]:
    """One finding for each workspace, the oldest shelf first."""
    shelves: dict[UUID, list[Mapping[str, Any]]] = {}
    for one in sorted(found, key=lambda one: one["oldest"]):
        shelves.setdefault(one["workspace_id"], []).append(one)
    return [
        Finding(workspace, sum(one["n"] for one in group), _words(group, now))
        for workspace, group in shelves.items()
    ]


def _words(group: Sequence[Mapping[str, Any]], now: datetime) -> str:
    said = (f"{one['what']} ({one['n']}, {_late(now - one['oldest'])})" for one in group)
    return f"Standing still: {', '.join(said)}."


def _late(by: timedelta) -> str:
    return f"{by // timedelta(minutes=1)} minutes late"


CHECK = Check(
    "stuck",
    "What is due is worked on.",
    "See that workers and the clock run (hub doctor), and look at the worker's log.",
    timedelta(minutes=1),
    look,
)
