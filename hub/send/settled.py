"""Settled: what a person, or an automation's policy, says of uncertain messages. A message that is
sent again is a new one, with its own place in the limits and its own price."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from hub.send.outcomes import outcome_of, said_of
from hub.store import settlements, write_backs
from hub.store.database import Row

VERDICTS = ("arrived", "not_arrived", "sent_again")
_SENTENCES: Mapping[str, str] = {
    "arrived": "",
    "not_arrived": "Not delivered: a person settled that it did not arrive.",
    "sent_again": "Uncertain, and sent again as a new message by {by}. It may have arrived too.",
}
AGAIN_WITHIN = timedelta(days=7)  # what failed longer ago says something about another day
_FAILED_AGAIN = "Sent again by {by}: the message before it did not arrive."
_AGAIN = "Sent again: nobody knows whether the message before it arrived."


def settle_as(
    db: Connection,
    verdict: str,
    ids: Sequence[UUID],
    workspace_id: UUID | None,
    by_whom: str,
    now: datetime,
) -> Sequence[Row]:
    """Settle uncertain messages as one of VERDICTS, in one workspace or (None) in any. Those that
    were; the others are certain by now, settled already, or not there."""
    if verdict == "sent_again":
        return send_again(db, ids, workspace_id, by_whom, now)
    changed = settlements.mark(db, ids, workspace_id, verdict, _SENTENCES[verdict], now)
    settlements.keep(db, changed, by_whom, now)
    write_backs.add_all(db, [o for row in changed for o in _told(row, now)])
    return changed


def send_again(
    db: Connection, ids: Sequence[UUID], workspace_id: UUID | None, by_whom: str, now: datetime
) -> Sequence[Row]:
    """A new message for each that is still uncertain. The old ones, settled."""
    sentence = _SENTENCES["sent_again"].format(by=by_whom)
    changed = settlements.mark(db, ids, workspace_id, "sent_again", sentence, now)
    settlements.keep(db, changed, by_whom, now)
    settlements.resend(db, [row["id"] for row in changed], now, _AGAIN)
    return changed


def send_failed_again(
    db: Connection, message_id: UUID, workspace_id: UUID, by_whom: str, now: datetime
) -> Sequence[Row]:
    """A new message for one that failed or expired lately, judged like any other before it leaves;
    one for each, ever. The old one, or nothing where it may not be sent again."""
    changed = settlements.mark_failed(db, message_id, workspace_id, now - AGAIN_WITHIN, now)
    settlements.keep(db, changed, by_whom, now)
    settlements.resend(db, [row["id"] for row in changed], now, _FAILED_AGAIN.format(by=by_whom))
    return changed


def arrived_after_all(db: Connection, arrived: Sequence[Row], now: datetime) -> int:
    """Messages that were sent again and arrived all the same: what still waits does not go."""
    old = [row["id"] for row in arrived if row["settled_as"] == "sent_again"]
    if not old:
        return 0
    words = "Cancelled: the message before it arrived after all."
    return settlements.take_back(db, old, now, words)


def _told(row: Row, now: datetime) -> list[dict[str, object]]:
    if row["state"] == "sent":
        return outcome_of(row, "sent", now, said_of(row, "sent"), row["body"])
    return outcome_of(row, "failed", now, row["sentence"], row["body"])
