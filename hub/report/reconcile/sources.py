"""Sources: each is polled when its turn comes, at once after an outage, from before where it
stopped. One whose turn has passed is behind."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from hub.report.reconcile.check import Check, Finding
from hub.report.reconcile.grouping import by_workspace
from hub.store.database import Row, rows
from hub.store.ground import Ground

PATIENCE = timedelta(minutes=2)


def look(ground: Ground) -> Sequence[Finding]:
    """Sources whose poll is overdue."""
    now = ground.clock()
    with ground.database.begin() as db:
        late = [source for source in _polled(db) if behind(source, now)]
    return by_workspace(late, lambda found: f"Not polled in time: {_named(found)}.")


def behind(source: Row, now: datetime) -> bool:
    """Whether its turn passed, and nothing of the vendor's own making keeps it waiting."""
    resting = source["paused_until"] is not None and source["paused_until"] > now
    return not resting and bool(source["poll_due_at"] < now - PATIENCE)


def _polled(db: Connection) -> Sequence[Row]:
    return rows(
        db,
        """SELECT id, workspace_id, connector, label, poll_due_at, paused_until FROM connections
           WHERE poll_due_at IS NOT NULL AND state IN ('active', 'attention') ORDER BY id""",
    )


def _named(found: Sequence[Row]) -> str:
    return ", ".join(sorted({str(one["label"] or one["connector"]) for one in found})[:5])


CHECK = Check(
    "sources",
    "Sources are polled in time.",
    "See that a worker and the clock run: hub doctor.",
    timedelta(minutes=1),
    look,
)
