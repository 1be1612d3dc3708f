"""Silence: messages that a carrier took and said no more of, long after its receipts usually come,
although it was asked. Asking is `hub.send.silent`."""

from collections.abc import Sequence
from datetime import timedelta

from hub.report.reconcile.check import Check, Finding
from hub.report.reconcile.grouping import by_workspace
from hub.store.database import Row, rows
from hub.store.ground import Ground


def look(ground: Ground) -> Sequence[Finding]:
    """Carrier connections with messages that nobody told the end of."""
    with ground.database.begin() as db:
        found = rows(
            db,
            """SELECT s.workspace_id, s.silent, s.seconds, c.connector FROM silences s
               JOIN connections c ON c.id = s.connection_id
               WHERE s.silent > 0 AND c.state <> 'removed' ORDER BY s.connection_id""",
        )
    return by_workspace(found, _words, "silent")


def _words(found: Sequence[Row]) -> str:
    return " ".join(
        f"Sent through {one['connector']} without a receipt after {one['seconds'] / 60:.0f} "
        f"minutes: {one['silent']}."
        for one in found
    )


CHECK = Check(
    "silent",
    "Carriers tell what became of what they took.",
    "Look at the callback address in the carrier's account.",
    timedelta(minutes=5),
    look,
)
