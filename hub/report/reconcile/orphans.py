"""Orphans: receipts about messages that the hub does not know. Each is kept for seven days, and
read again as soon as its message is known."""

from collections.abc import Sequence
from datetime import timedelta

from hub.report.reconcile.check import Check, Finding
from hub.report.reconcile.grouping import by_workspace
from hub.store.database import rows
from hub.store.ground import Ground

PATIENCE = timedelta(minutes=10)


def look(ground: Ground) -> Sequence[Finding]:
    """Receipts that have waited for their message for a while."""
    with ground.database.begin() as db:
        found = rows(
            db,
            """SELECT workspace_id, count(*) AS found FROM receipts
               WHERE message_id IS NULL AND received_at < :before GROUP BY workspace_id""",
            before=ground.clock() - PATIENCE,
        )
    words = "Receipts about messages that this hub did not send: {}."
    return by_workspace(found, lambda group: words.format(group[0]["found"]), "found")


CHECK = Check(
    "orphans",
    "Receipts belong to messages.",
    "See whether another system uses the same carrier account.",
    timedelta(minutes=10),
    look,
)
