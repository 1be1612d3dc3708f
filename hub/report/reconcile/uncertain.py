"""Uncertain sends: what the hub has not settled in a quarter of an hour, and what only a person
can settle."""

from collections.abc import Sequence
from datetime import timedelta

from hub.report.reconcile.check import Check, Finding
from hub.report.reconcile.grouping import by_workspace
from hub.store.database import Row, rows
from hub.store.ground import Ground

AUTOMATIC = timedelta(minutes=15)


def look(ground: Ground) -> Sequence[Finding]:
    """Uncertain messages that are late, or final and not settled."""
    with ground.database.begin() as db:
        found = rows(
            db,
            """SELECT workspace_id, count(*) AS found, count(final_at) AS final FROM messages
               WHERE state = 'uncertain' AND settled_as = ''
               AND (final_at IS NOT NULL OR sending_at < :before) GROUP BY workspace_id""",
            before=ground.clock() - AUTOMATIC,
        )
    return by_workspace(found, _words, "found")


def _words(found: Sequence[Row]) -> str:
    final = sum(one["final"] for one in found)
    late = sum(one["found"] for one in found) - final
    said = []
    if final:
        said.append(f"Messages that only you can settle: {final}.")
    if late:
        said.append(f"Still uncertain after a quarter of an hour: {late}.")
    return " ".join(said)


CHECK = Check(
    "uncertain",
    "Uncertain messages are settled.",
    "Settle them: hub uncertain list.",
    timedelta(minutes=1),
    look,
)
