"""Doubles: one message for which a carrier told two ids of its own. The hub gave it once, as far as
it knows; the phone may have shown it twice."""

from collections.abc import Sequence
from datetime import timedelta

from hub.report.reconcile.check import Check, Finding
from hub.report.reconcile.grouping import by_workspace
from hub.store.database import first_id, rows
from hub.store.ground import Ground

BACK = timedelta(days=2)


def look(ground: Ground) -> Sequence[Finding]:
    """Messages of the last two days with receipts under more than one id."""
    with ground.database.begin() as db:
        found = rows(
            db,
            """SELECT workspace_id, count(*) AS found FROM (
                   SELECT workspace_id, message_id FROM receipts
                   WHERE id >= :since AND message_id IS NOT NULL AND carrier_message_id <> ''
                   GROUP BY workspace_id, message_id
                   HAVING count(DISTINCT carrier_message_id) > 1) twice
               GROUP BY workspace_id""",
            since=first_id(ground.clock() - BACK),
        )
    words = "Messages that a carrier may have delivered twice: {}."
    return by_workspace(found, lambda group: words.format(group[0]["found"]), "found")


CHECK = Check(
    "doubles",
    "A carrier knows a message under one id.",
    "Ask the carrier, with the ids that hub explain shows.",
    timedelta(hours=1),
    look,
)
