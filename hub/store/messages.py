"""Messages: one SMS or RCS to one number, from planned to settled."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, row, rows, run

RANK = {
    "scheduled": 0,
    "held": 0,
    "sending": 1,
    "uncertain": 2,
    "sent": 3,
    "expired": 4,
    "failed": 4,
    "delivered": 5,
    "read": 6,
    "skipped": 9,
    "cancelled": 9,
}
WAITING = ("scheduled", "held")
# Each in words of its own, so that PostgreSQL sees which index holds the rare ones.
_IN_STATE = {"": "", **{state: f"AND m.state = '{state}'" for state in RANK}}

_COLUMNS = """id, workspace_id, decision_id, event_id, automation_id, template_id,
    template_version, kind, channel, phone, language, zone, variables, state, reason, sentence,
    due_at, once_key, cart, sender, source_id, subject, record, created_at,
    changed_at"""


ADD = f"""INSERT INTO messages ({_COLUMNS}, variant) SELECT {_COLUMNS}, coalesce(variant, '')
    FROM jsonb_to_recordset(:planned) AS m(id uuid, workspace_id uuid, decision_id uuid,
        event_id uuid, automation_id uuid, template_id uuid, template_version int,
        kind text, channel text, phone text, language text, zone text, variables jsonb,
        variant text, state text, reason text, sentence text, due_at timestamptz,
        once_key text, cart text, sender text, source_id uuid,
        subject text, record text, created_at timestamptz, changed_at timestamptz)
    ON CONFLICT DO NOTHING RETURNING id"""  # noqa: S608 - our own column names


def add_all(db: Connection, planned: Sequence[Mapping[str, Any]]) -> set[UUID]:
    """Insert; the ids that were new. A second message for the same once-key is not made."""
    if not planned:
        return set()
    return {r["id"] for r in rows(db, ADD, planned=jsonb(list(planned)))}


def once(db: Connection, keys: Sequence[tuple[UUID, str]]) -> dict[tuple[UUID, str], Row]:
    """Messages that already stand for these (automation, once-key), locked."""
    if not keys:
        return {}
    distinct = sorted(set(keys))
    found = rows(
        db,
        """SELECT m.id, m.automation_id, m.once_key, m.state, e.occurred_at
           FROM unnest(CAST(:ids AS uuid[]), CAST(:keys AS text[])) asked(automation_id, once_key)
           JOIN automations a ON a.id = asked.automation_id
           JOIN messages m ON m.workspace_id = a.workspace_id AND m.automation_id = a.id
               AND m.once_key = asked.once_key
           JOIN events e ON e.id = m.event_id
           WHERE m.once_key IS NOT NULL AND m.state <> 'cancelled' AND m.stands_in_for IS NULL
           AND m.resends IS NULL ORDER BY m.id FOR UPDATE OF m""",
        ids=[automation for automation, _ in distinct],
        keys=[key for _, key in distinct],
    )
    return {(r["automation_id"], r["once_key"]): r for r in found}


def cancel(
    db: Connection, ids: Sequence[UUID], now: datetime, reason: str, sentence: str
) -> list[UUID]:
    """Cancel those that still wait; the ids that were."""
    if not ids:
        return []
    found = rows(
        db,
        """UPDATE messages SET state = 'cancelled', reason = :reason, sentence = :sentence,
               changed_at = :now
           WHERE id = ANY(:ids) AND state IN ('scheduled', 'held') RETURNING id""",
        ids=list(ids),
        now=now,
        reason=reason,
        sentence=sentence,
    )
    return [r["id"] for r in found]


def cancel_each(db: Connection, ended: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Cancel those that still wait, each with its own {id, reason, sentence}."""
    if not ended:
        return
    run(
        db,
        """UPDATE messages SET state = 'cancelled', reason = c.reason, sentence = c.sentence,
               changed_at = :now
           FROM jsonb_to_recordset(:ended) AS c(id uuid, reason text, sentence text)
           WHERE messages.id = c.id AND state IN ('scheduled', 'held')""",
        ended=jsonb(list(ended)),
        now=now,
    )


def cancel_marketing(db: Connection, workspace_id: UUID, phone: str, now: datetime) -> int:
    """STOP: nothing marketing that waits for this number goes any more. How many there were."""
    return run(
        db,
        """UPDATE messages SET state = 'cancelled', reason = 'stopped', changed_at = :now,
               sentence = 'Cancelled: the person opted out by STOP.'
           WHERE workspace_id = :workspace_id AND phone = :phone AND kind = 'marketing'
           AND state IN ('scheduled', 'held')""",
        workspace_id=workspace_id,
        phone=phone,
        now=now,
    )


def waiting_for(
    db: Connection,
    workspace_ids: Sequence[UUID],
    *,
    subjects: Sequence[str],
    carts: Sequence[str],
    phones: Sequence[str],
) -> Sequence[Row]:
    """Waiting messages about these subjects, carts or phones, with when their event occurred."""
    return rows(
        db,
        """SELECT m.id, m.workspace_id, m.automation_id, m.source_id, m.subject, m.cart, m.phone,
               e.occurred_at, e.connection_id
           FROM messages m JOIN events e ON e.id = m.event_id
           WHERE m.state IN ('scheduled', 'held') AND m.workspace_id = ANY(:workspaces)
           AND (m.subject = ANY(:subjects) OR (m.cart <> '' AND m.cart = ANY(:carts))
                OR m.phone = ANY(:phones))""",
        workspaces=list(set(workspace_ids)),
        subjects=list(set(subjects)),
        carts=list(set(carts)),
        phones=list(set(phones)),
    )


def get(db: Connection, workspace_id: UUID | None, message_id: UUID) -> Row | None:
    """One message; without a workspace for the operator's own commands."""
    return row(
        db,
        """SELECT * FROM messages WHERE id = :id
           AND (CAST(:workspace_id AS uuid) IS NULL OR workspace_id = :workspace_id)""",
        id=message_id,
        workspace_id=workspace_id,
    )


def by_ids(db: Connection, ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Several at once, by id."""
    found = rows(db, "SELECT * FROM messages WHERE id = ANY(:ids)", ids=list(set(ids)))
    return {r["id"]: r for r in found}


def lock(db: Connection, ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Several at once, by id, locked in one order, so that two never wait for each other."""
    found = rows(
        db,
        "SELECT * FROM messages WHERE id = ANY(:ids) ORDER BY id FOR UPDATE",
        ids=list(set(ids)),
    )
    return {r["id"]: r for r in found}


def by_carrier_ids(
    db: Connection, pairs: Sequence[tuple[UUID, str]]
) -> dict[tuple[UUID, str], UUID]:
    """Which message a carrier's own id names, by (carrier, its id)."""
    found = rows(
        db,
        """SELECT id, carrier_id, carrier_message_id FROM messages
           WHERE (carrier_id, carrier_message_id) IN (
               SELECT * FROM unnest(CAST(:carriers AS uuid[]), CAST(:ids AS text[])))""",
        carriers=[carrier for carrier, _ in pairs],
        ids=[name for _, name in pairs],
    )
    return {(r["carrier_id"], r["carrier_message_id"]): r["id"] for r in found}


def last_to(db: Connection, who: Sequence[tuple[UUID, str]]) -> dict[tuple[UUID, str], Row]:
    """The newest message that reached the carrier of each (workspace, phone): what a reply
    answers where the carrier does not say."""
    if not who:
        return {}
    found = rows(
        db,
        """SELECT m.* FROM (SELECT DISTINCT w.workspace_id, w.phone
               FROM unnest(CAST(:workspaces AS uuid[]), CAST(:phones AS text[]))
                   AS w(workspace_id, phone)) w
           JOIN LATERAL (SELECT * FROM messages m
               WHERE m.workspace_id = w.workspace_id AND m.phone = w.phone
               AND m.state IN ('sent', 'delivered', 'read', 'uncertain', 'sending')
               AND m.sending_at IS NOT NULL
               ORDER BY m.sending_at DESC LIMIT 1) m ON true""",
        workspaces=[workspace for workspace, _ in who],
        phones=[phone for _, phone in who],
    )
    return {(r["workspace_id"], r["phone"]): r for r in found}


def last_from_a_record(db: Connection, workspace_id: UUID, phone: str) -> Row | None:
    """The newest message to this number that a vendor's record asked for."""
    return row(
        db,
        """SELECT * FROM messages WHERE workspace_id = :workspace_id AND phone = :phone
           AND source_id IS NOT NULL AND state NOT IN ('scheduled', 'held', 'skipped', 'cancelled')
           ORDER BY created_at DESC LIMIT 1""",
        workspace_id=workspace_id,
        phone=phone,
    )


def listed(
    db: Connection, workspace_id: UUID, before: UUID | None, limit: int, state: str = ""
) -> Sequence[Row]:
    """A page of the log, newest first, by id."""
    return rows(
        db,
        f"""SELECT m.*, a.slug AS automation, t.slug AS template FROM messages m
            JOIN templates t ON t.id = m.template_id
            LEFT JOIN automations a ON a.id = m.automation_id
            WHERE m.workspace_id = :workspace_id {_IN_STATE[state]}
            {"AND m.id < :before" if before else ""}
            ORDER BY m.id DESC LIMIT :limit""",  # noqa: S608 - our own words
        workspace_id=workspace_id,
        limit=limit,
        **({"before": before} if before else {}),
    )
