"""Coupons: codes made for one message each, and those that a template's messages share."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, rows, run


def of_messages(db: Connection, ids: Sequence[UUID]) -> dict[UUID, Row]:
    """The codes of these messages, by message."""
    found = rows(db, "SELECT * FROM coupons WHERE message_id = ANY(:ids)", ids=list(ids))
    return {r["message_id"]: r for r in found}


def shared(
    db: Connection, workspace_ids: Sequence[UUID], codes: Sequence[str]
) -> dict[tuple[UUID, str], Row]:
    """Codes that stand for many messages, by workspace and code."""
    found = rows(
        db,
        """SELECT * FROM coupons WHERE workspace_id = ANY(:workspaces) AND code = ANY(:codes)
           AND message_id IS NULL""",
        workspaces=list(set(workspace_ids)),
        codes=list(set(codes)),
    )
    return {(r["workspace_id"], r["code"]): r for r in found}


def add_all(db: Connection, wanted: Sequence[Mapping[str, Any]]) -> None:
    """Codes that a shop is still to be told of; one that stands already is left as it is."""
    if not wanted:
        return
    run(
        db,
        """INSERT INTO coupons (id, workspace_id, connection_id, message_id, template_id, code,
               terms, expires_at, due_at, created_at)
           SELECT id, workspace_id, connection_id, message_id, template_id, code, terms,
               expires_at, due_at, due_at
           FROM jsonb_to_recordset(:wanted) AS c(id uuid, workspace_id uuid, connection_id uuid,
               message_id uuid, template_id uuid, code text, terms jsonb, expires_at timestamptz,
               due_at timestamptz)
           ON CONFLICT DO NOTHING""",
        wanted=jsonb(list(wanted)),
    )


def claim(db: Connection, now: datetime, until: datetime, limit: int) -> Sequence[Row]:
    """Codes to tell shops of, handed to one worker until then."""
    return rows(
        db,
        """UPDATE coupons SET due_at = :until, tries = tries + 1 WHERE id IN (
               SELECT id FROM coupons WHERE state = 'new' AND due_at <= :now
               ORDER BY due_at, id FOR UPDATE SKIP LOCKED LIMIT :limit)
           RETURNING *""",
        now=now,
        until=until,
        limit=limit,
    )


def settle(db: Connection, told: Sequence[Mapping[str, Any]]) -> None:
    """What shops said: {id, state, reference, words}."""
    if not told:
        return
    run(
        db,
        """UPDATE coupons SET state = t.state, reference = t.reference, words = t.words
           FROM jsonb_to_recordset(:told) AS t(id uuid, state text, reference text, words text)
           WHERE coupons.id = t.id AND coupons.state = 'new'""",
        told=jsonb(list(told)),
    )


def by_codes(db: Connection, wanted: Sequence[tuple[UUID, str]]) -> dict[tuple[UUID, str], Row]:
    """Codes as an order names them, whatever their case, by workspace and code in capitals."""
    if not wanted:
        return {}
    found = rows(
        db,
        """SELECT * FROM coupons WHERE (workspace_id, upper(code)) IN (
               SELECT * FROM unnest(CAST(:workspaces AS uuid[]), CAST(:codes AS text[])))""",
        workspaces=[workspace for workspace, _ in wanted],
        codes=[code.upper() for _, code in wanted],
    )
    return {(r["workspace_id"], r["code"].upper()): r for r in found}
