"""Subscriptions: connections whose vendor no longer delivers to us, or has not been asked whether
it does. Repairing them is `hub.connections.health`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hub.report.reconcile.check import Check, Finding
from hub.report.reconcile.grouping import by_workspace
from hub.store.database import Row, rows
from hub.store.ground import Ground

PATIENCE = timedelta(hours=1)


def look(ground: Ground) -> Sequence[Finding]:
    """Connections that need a person, or whose check is overdue."""
    now = ground.clock()
    with ground.database.begin() as db:
        found = rows(
            db,
            """SELECT workspace_id, connector, label, state, check_due_at FROM connections
               WHERE state IN ('active', 'attention') ORDER BY id""",
        )
    ill = [one for one in found if unsure(one, now)]
    return by_workspace(ill, lambda group: f"Not known to deliver: {_named(group)}.")


def unsure(connection: Row, now: datetime) -> bool:
    """Whether nobody can say that its deliveries come."""
    overdue = connection["check_due_at"] is not None and connection["check_due_at"] < now - PATIENCE
    return connection["state"] == "attention" or overdue


def _named(found: Sequence[Row]) -> str:
    return ", ".join(sorted({str(one["label"] or one["connector"]) for one in found})[:5])


CHECK = Check(
    "subscriptions",
    "Vendors deliver to the hub.",
    "Look at the connection; it says what is wrong.",
    timedelta(minutes=5),
    look,
)
