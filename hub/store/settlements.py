"""Settlements: how an uncertain message was settled, by whom; and the message sent again for it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, new_id, row, rows, run
from hub.store.tellings import keeping_steps

# What a message that is sent again has from the old one.
_COPIED = (
    "workspace_id", "decision_id", "event_id", "automation_id", "template_id", "template_version",
    "kind", "channel", "phone", "language", "zone", "variables", "variant", "cart", "source_id",
    "subject", "record", "once_key", "campaign_id",
)  # fmt: skip
_OPEN = """id = ANY(:ids) AND state = 'uncertain' AND settled_as = ''
    AND (CAST(:workspace_id AS uuid) IS NULL OR workspace_id = :workspace_id)"""


def mark(
    db: Connection,
    ids: Sequence[UUID],
    workspace_id: UUID | None,
    verdict: str,
    sentence: str,
    now: datetime,
) -> Sequence[Row]:
    """Settle those that are uncertain and not settled yet: arrived is «sent», not_arrived is
    «failed», sent_again stays uncertain for ever. The rows as they are now."""
    state = {"arrived": "sent", "not_arrived": "failed", "sent_again": "uncertain"}[verdict]
    return rows(
        db,
        f"""WITH changed AS (
                UPDATE messages SET state = :state, settled_as = :verdict, reason = :reason,
                    sentence = :sentence, final_at = coalesce(final_at, :now), expires_at = NULL,
                    sent_at = CASE WHEN :state = 'sent' THEN coalesce(sent_at, :now)
                        ELSE sent_at END,
                    owner = NULL, changed_at = :now
                WHERE {_OPEN} RETURNING *),
            telling AS ({keeping_steps("changed")})
            SELECT * FROM changed""",  # noqa: S608 - our own words
        ids=list(ids),
        workspace_id=workspace_id,
        state=state,
        verdict=verdict,
        reason="" if state == "sent" else "settled",
        sentence=sentence,
        now=now,
    )


def mark_failed(
    db: Connection, message_id: UUID, workspace_id: UUID, since: datetime, now: datetime
) -> Sequence[Row]:
    """Settle one that surely did not arrive as sent again: planned no earlier than `since`, and no
    SMS took its place. Its state stays as it is. The row, if it was such a one."""
    return rows(
        db,
        """UPDATE messages m SET settled_as = 'sent_again', changed_at = :now
           WHERE m.id = :id AND m.workspace_id = :workspace_id AND m.state IN ('failed', 'expired')
           AND m.settled_as IN ('', 'not_arrived') AND m.created_at >= :since
           AND NOT EXISTS (SELECT 1 FROM messages b WHERE b.stands_in_for = m.id) RETURNING *""",
        id=message_id,
        workspace_id=workspace_id,
        since=since,
        now=now,
    )


def keep(db: Connection, settled: Sequence[Row], by_whom: str, now: datetime) -> None:
    """Who settled these; never changed afterwards."""
    run(
        db,
        """INSERT INTO settlements (message_id, workspace_id, verdict, by_whom, at)
           SELECT m.id, m.workspace_id, m.settled_as, :by_whom, :now
           FROM messages m WHERE m.id = ANY(:ids) ON CONFLICT DO NOTHING""",
        ids=[r["id"] for r in settled],
        by_whom=by_whom[:200],
        now=now,
    )


def resend(db: Connection, ids: Sequence[UUID], now: datetime, sentence: str) -> Sequence[Row]:
    """A new message for each of these, due now; at most one for each, ever. What was made: its id,
    which it `resends`, its kind."""
    copied = ", ".join(_COPIED)
    return rows(
        db,
        f"""INSERT INTO messages (id, {copied}, state, sentence, due_at, resends, created_at,
                changed_at)
            SELECT new.id, {", ".join(f"m.{name}" for name in _COPIED)}, 'scheduled', :sentence,
                :now, m.id, :now, :now
            FROM messages m JOIN unnest(CAST(:ids AS uuid[]), CAST(:new AS uuid[]))
                AS new(old, id) ON new.old = m.id
            WHERE m.settled_as = 'sent_again'
            ON CONFLICT DO NOTHING RETURNING id, resends, kind""",  # noqa: S608 - our own names
        ids=list(ids),
        new=[new_id() for _ in ids],
        now=now,
        sentence=sentence,
    )


def take_back(db: Connection, arrived: Sequence[UUID], now: datetime, sentence: str) -> int:
    """The old message arrived after all: what was to be sent again for it and still waits does not
    go. How many."""
    return run(
        db,
        """UPDATE messages SET state = 'cancelled', reason = 'arrived', sentence = :sentence,
               changed_at = :now
           WHERE resends = ANY(:ids) AND state IN ('scheduled', 'held')""",
        ids=list(arrived),
        now=now,
        sentence=sentence,
    )


def of_message(db: Connection, message_id: UUID) -> Row | None:
    """How one message was settled, and the message sent again for it."""
    return row(
        db,
        """SELECT s.*, n.id AS resent_as FROM settlements s
           LEFT JOIN messages n ON n.resends = s.message_id WHERE s.message_id = :id""",
        id=message_id,
    )
