"""Decisions: one automation's answer to one event, with every check it made; never rewritten."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, row, rows

ADD = """INSERT INTO decisions (id, workspace_id, event_id, automation_id, version, phone, step,
        action, reason, checks, record, message_id, decided_at)
    SELECT id, workspace_id, event_id, automation_id, version, phone, coalesce(step, 0),
        action, reason, checks, record, message_id, decided_at
    FROM jsonb_to_recordset(:made) AS d(id uuid, workspace_id uuid, event_id uuid,
        automation_id uuid, version int, phone text, step int, action text, reason text,
        checks jsonb, record jsonb, message_id uuid, decided_at timestamptz)
    ON CONFLICT DO NOTHING RETURNING id"""


def add_all(db: Connection, made: Sequence[Mapping[str, Any]]) -> set[UUID]:
    """Insert; the ids that were new. An automation answers an event once for each step."""
    if not made:
        return set()
    return {r["id"] for r in rows(db, ADD, made=jsonb(list(made)))}


def get(db: Connection, workspace_id: UUID | None, decision_id: UUID) -> Row | None:
    """One decision; without a workspace for the operator's own commands."""
    return row(
        db,
        """SELECT * FROM decisions WHERE id = :id
           AND (CAST(:workspace_id AS uuid) IS NULL OR workspace_id = :workspace_id)""",
        id=decision_id,
        workspace_id=workspace_id,
    )


def of_event(db: Connection, event_id: UUID) -> Sequence[Row]:
    """Every automation's answer to one event, with the automation's slug."""
    return rows(
        db,
        """SELECT d.*, a.slug AS automation FROM decisions d
           LEFT JOIN automations a ON a.id = d.automation_id
           WHERE d.event_id = :id ORDER BY d.id""",
        id=event_id,
    )
