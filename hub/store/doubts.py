"""Doubts: messages that a carrier may or may not have, until they are proven, sent again or
settled by a person."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, row, rows, run

_FOUND_LOCK = 52006  # advisory: one carrier id settles one message


def due(db: Connection, now: datetime, until: datetime, limit: int) -> Sequence[Row]:
    """Uncertain messages whose turn it is, handed to one worker until then; each with when it was
    first tried, and after how many minutes its automation would send it again, if it would."""
    return rows(
        db,
        """UPDATE messages m SET due_at = :until WHERE id IN (
               SELECT id FROM messages WHERE state = 'uncertain' AND final_at IS NULL
               AND due_at <= :now ORDER BY due_at FOR UPDATE SKIP LOCKED LIMIT :limit)
           RETURNING *, (SELECT min(started_at) FROM attempts
                         WHERE message_id = m.id) AS first_at,
               (SELECT v.document #>> '{on_uncertain,resend_after}' FROM decisions d
                JOIN automation_versions v
                    ON v.automation_id = d.automation_id AND v.version = d.version
                WHERE d.id = m.decision_id) AS resend_after""",
        now=now,
        until=until,
        limit=limit,
    )


def found(
    db: Connection, message_id: UUID, state: str, carrier_message_id: str, now: datetime
) -> Sequence[Row]:
    """The carrier knows an uncertain message after all; the row, if it still was uncertain and no
    other message has that id of the carrier's."""
    run(db, "SELECT pg_advisory_xact_lock(:lock)", lock=_FOUND_LOCK)
    return rows(
        db,
        """UPDATE messages m SET state = :state, carrier_message_id = :name, reason = '',
               sentence = '', sent_at = coalesce(sent_at, :now), owner = NULL, changed_at = :now
           WHERE id = :id AND state = 'uncertain' AND (:name = '' OR NOT EXISTS (
               SELECT 1 FROM messages o WHERE o.carrier_id = m.carrier_id
               AND o.carrier_message_id = :name AND o.id <> m.id)) RETURNING *""",
        id=message_id,
        state=state,
        name=carrier_message_id,
        now=now,
    )


def replay(db: Connection, message_id: UUID, fence: int, now: datetime) -> None:
    """In doubt, at a carrier that knows a reference again: given once more, to that carrier."""
    run(
        db,
        """UPDATE messages SET state = 'scheduled', reason = 'replayed', pinned = true,
               sentence = 'Waiting: given to the carrier again, which tells the two apart.',
               due_at = :now, lookups = 0, owner = NULL, changed_at = :now
           WHERE id = :id AND state = 'uncertain' AND fence = :fence AND settled_as = ''""",
        id=message_id,
        fence=fence,
        now=now,
    )


def send_again(db: Connection, message_id: UUID, fence: int, now: datetime) -> int:
    """Proven not sent: back in the queue, unless anything happened to it since it was asked; how
    many were (1 or 0)."""
    return run(
        db,
        """UPDATE messages SET state = 'scheduled', reason = 'proved_unsent',
               sentence = 'Waiting: the carrier never had it, so it goes again.', due_at = :now,
               lookups = 0, owner = NULL, changed_at = :now
           WHERE id = :id AND state = 'uncertain' AND fence = :fence AND settled_as = ''""",
        id=message_id,
        fence=fence,
        now=now,
    )


def ask_again(db: Connection, message_id: UUID, at: datetime, lookups: int) -> None:
    """When the carrier is asked next, and how many misses count so far."""
    run(
        db,
        """UPDATE messages SET due_at = :at, lookups = :lookups
           WHERE id = :id AND state = 'uncertain'""",
        id=message_id,
        at=at,
        lookups=lookups,
    )


def close(db: Connection, message_id: UUID, why: str, sentence: str, now: datetime) -> None:
    """Nothing more is done by itself: a person settles it, or a receipt that comes late."""
    run(
        db,
        """UPDATE messages SET final_at = :now, reason = :why, sentence = :sentence,
               changed_at = :now
           WHERE id = :id AND state = 'uncertain' AND final_at IS NULL""",
        id=message_id,
        why=why,
        sentence=sentence,
        now=now,
    )


def named(db: Connection, carrier_id: UUID, names: Sequence[str]) -> set[str]:
    """Which of these ids of a carrier's are known to name a message."""
    found = rows(
        db,
        """SELECT carrier_message_id FROM messages
           WHERE carrier_id = :carrier AND carrier_message_id = ANY(:names)""",
        carrier=carrier_id,
        names=list(names),
    )
    return {r["carrier_message_id"] for r in found}


_LISTED = """SELECT m.*, c.connector, c.label, a.slug AS automation, t.slug AS template,
        n.id AS resent_as
    FROM messages m JOIN templates t ON t.id = m.template_id
    LEFT JOIN automations a ON a.id = m.automation_id
    LEFT JOIN connections c ON c.id = m.carrier_id
    LEFT JOIN messages n ON n.resends = m.id
    WHERE m.state = 'uncertain' AND m.settled_as = ''"""


def listed(
    db: Connection, workspace_id: UUID | None, before: UUID | None, limit: int
) -> Sequence[Row]:
    """A page of the uncertain messages nobody has settled, newest first, by id; of one workspace,
    or (None) of all, for the operator's own commands."""
    return rows(
        db,
        f"""{_LISTED} AND (CAST(:workspace_id AS uuid) IS NULL OR m.workspace_id = :workspace_id)
            AND (CAST(:before AS uuid) IS NULL OR m.id < :before)
            ORDER BY m.id DESC LIMIT :limit""",
        workspace_id=workspace_id,
        before=before,
        limit=limit,
    )


def get(db: Connection, message_id: UUID) -> Row | None:
    """One of them."""
    return row(db, f"{_LISTED} AND m.id = :id", id=message_id)
