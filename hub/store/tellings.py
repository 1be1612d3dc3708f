"""Tellings: what happened, on its way to the endpoints that listen. The statement that writes what
happened keeps them too, so nothing is asked, and nothing is kept, where nobody listens."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, rows, run

# What an endpoint may listen to, in the order in which a list offers it.
TYPES = (
    "message.sent", "message.delivered", "message.read", "message.failed", "message.skipped",
    "message.clicked", "message.replied", "message.bought",
    "person.opted_out", "person.opted_in",
    "booking.confirmed", "booking.declined", "booking.postponed",
    "connection.attention", "connection.recovered",
)  # fmt: skip
TEST = "endpoint.test"

# Endpoints with something to tell, whom nobody is telling now, and that are not at rest.
DUE = """endpoints e CROSS JOIN LATERAL (SELECT t.due_at FROM tellings t
        WHERE t.endpoint_id = e.id AND t.state = 'new' ORDER BY t.due_at LIMIT 1) t
    WHERE e.state = 'on' AND t.due_at <= :now
    AND coalesce(e.resting_until, :now) <= :now AND coalesce(e.telling_until, :now) <= :now"""


def keeping(
    of: str,
    type: str,
    *,
    marker: str,
    data: str,
    message: str = "NULL::uuid",
    phone: str = "''",
    at: str = ":now",
) -> str:
    """SQL, the last part of a statement or one of its WITHs: a telling for each row of `of` (called
    r, with its workspace_id) and each endpoint that listens to its `type`. The rest are SQL too.

    The same `marker` is told once to each endpoint.
    """
    return f"""INSERT INTO tellings (workspace_id, endpoint_id, type, message_id, phone, marker,
            data, at, due_at)
        SELECT r.workspace_id, e.id, {type}, {message}, {phone}, {marker}, {data}, {at}, {at}
        FROM {of} JOIN endpoints e ON e.workspace_id = r.workspace_id
            AND e.state IN ('on', 'paused') AND {type} = ANY(e.types)
        ON CONFLICT DO NOTHING"""  # noqa: S608 - our own words, here and below


# A message that arrived before its carrier said «sent» was sent all the same: both are told.
_STEPS = """{of} r CROSS JOIN LATERAL unnest(CASE
    WHEN r.state IN ('delivered', 'read') AND r.sent_at = :now THEN ARRAY['sent', r.state]
    WHEN r.state IN ('sent', 'delivered', 'read', 'failed', 'expired', 'skipped')
        THEN ARRAY[r.state] ELSE '{{}}' END) s(step)"""


def keeping_steps(of: str) -> str:
    """SQL as `keeping`'s, for messages that changed: `of` has their id, workspace_id, phone, state,
    reason, sentence, sent_at and changed_at."""
    return keeping(
        _STEPS.format(of=of),
        "('message.' || CASE s.step WHEN 'expired' THEN 'failed' ELSE s.step END)",
        message="r.id",
        phone="r.phone",
        marker="r.id || ':' || s.step",
        data="""CASE s.step WHEN r.state THEN jsonb_build_object('state', r.state,
            'reason', r.reason, 'sentence', r.sentence)
            ELSE jsonb_build_object('state', s.step, 'reason', '', 'sentence', '') END""",
        at="r.changed_at",
    )


def claim(db: Connection, now: datetime, until: datetime, limit: int) -> Sequence[Row]:
    """Due tellings of one endpoint, handed to one worker until then."""
    return rows(
        db,
        f"""WITH chosen AS (
               SELECT e.id FROM endpoints e WHERE e.id IN (
                   SELECT e.id FROM {DUE} ORDER BY t.due_at LIMIT 20)
               AND coalesce(e.telling_until, :now) <= :now
               FOR UPDATE OF e SKIP LOCKED LIMIT 1),
           taken AS (UPDATE endpoints SET telling_until = :until
               WHERE id IN (SELECT id FROM chosen))
           UPDATE tellings SET due_at = :until, tries = tries + 1, calls = calls + 1
           WHERE id IN (
               SELECT id FROM tellings WHERE state = 'new' AND due_at <= :now
               AND endpoint_id = (SELECT id FROM chosen)
               ORDER BY due_at, id FOR UPDATE SKIP LOCKED LIMIT :limit)
           RETURNING *""",  # noqa: S608 - our own words
        now=now,
        until=until,
        limit=limit,
    )


def give_back(db: Connection, ids: Sequence[UUID], due_at: datetime) -> None:
    """Claimed and not tried: as if it had not been claimed, but later."""
    run(
        db,
        """UPDATE tellings SET tries = tries - 1, calls = calls - 1, due_at = :due
           WHERE id = ANY(:ids) AND state = 'new'""",
        ids=list(ids),
        due=due_at,
    )


def close(db: Connection, results: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """What the endpoint answered: {id, state, code, answer, words, took, due_at}."""
    run(
        db,
        """UPDATE tellings SET state = r.state, code = r.code, answer = r.answer, words = r.words,
               took = r.took, called_at = :now, due_at = coalesce(r.due_at, tellings.due_at),
               done_at = CASE WHEN r.state = 'done' THEN CAST(:now AS timestamptz) END
           FROM jsonb_to_recordset(:results) AS r(id uuid, state text, code int, answer text,
               words text, took int, due_at timestamptz)
           WHERE tellings.id = r.id AND tellings.state = 'new'""",
        results=jsonb(list(results)),
        now=now,
    )


def add_test(db: Connection, endpoint: Row, now: datetime) -> UUID:
    """One that nothing happened for, to this endpoint alone, whatever it listens to; its id."""
    made = rows(
        db,
        """INSERT INTO tellings (workspace_id, endpoint_id, type, marker, at, due_at)
           VALUES (:workspace_id, :endpoint_id, :type, CAST(next_id() AS text), :now, :now)
           RETURNING id""",
        workspace_id=endpoint["workspace_id"],
        endpoint_id=endpoint["id"],
        type=TEST,
        now=now,
    )
    found: UUID = made[0]["id"]
    return found


def facts(db: Connection, message_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """What is said of these messages, by id: what does not change any more once they went."""
    if not message_ids:
        return {}
    found = rows(
        db,
        """SELECT m.id, m.phone, m.channel, m.kind, m.parts, m.price, m.currency, m.subject,
               m.stands_in_for, m.event_id, t.slug AS template, m.template_version,
               a.slug AS automation, c.connector AS source
           FROM messages m JOIN templates t ON t.id = m.template_id
           LEFT JOIN automations a ON a.id = m.automation_id
           LEFT JOIN connections c ON c.id = m.source_id
           WHERE m.id = ANY(:ids)""",
        ids=list(set(message_ids)),
    )
    return {r["id"]: r for r in found}
