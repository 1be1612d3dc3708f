"""Callbacks: a CRM's workflow steps that wait for what becomes of their message."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import Progress
from hub.store.database import Row, jsonb, rows, run
from hub.store.numbers import unnamed

MOST_TRIES = 12

_SEEN = """SELECT c.*, e.state AS event_state, e.reason AS event_reason, m.id AS message_id,
        m.state AS message_state, m.reason AS message_reason, m.sentence AS message_sentence,
        m.changed_at, d.reason AS decision_reason, d.checks -> -1 ->> 'sentence' AS decided,
        r.body AS reply
    FROM callbacks c JOIN events e ON e.id = c.event_id
    LEFT JOIN LATERAL (SELECT * FROM messages WHERE event_id = c.event_id
        ORDER BY id DESC LIMIT 1) m ON true
    LEFT JOIN LATERAL (SELECT * FROM decisions WHERE event_id = c.event_id
        ORDER BY action, id DESC LIMIT 1) d ON true
    LEFT JOIN LATERAL (SELECT body FROM replies WHERE message_id = m.id
        ORDER BY id LIMIT 1) r ON true"""

# What ends the waiting, whichever comes first: the deadline is the hub's own.
_RIPE = """c.state = 'waiting' AND c.due_at <= :now AND (
    c.deadline_at <= :now OR e.state = 'dead' OR (e.state = 'decided' AND m.id IS NULL)
    OR m.state IN ('skipped', 'cancelled', 'failed', 'expired') OR r.body IS NOT NULL
    OR (c.waits_for = 'sent' AND m.state IN ('sent', 'delivered', 'read'))
    OR (c.waits_for = 'delivered' AND m.state IN ('delivered', 'read')))"""

RIPE = f"{_SEEN} WHERE {_RIPE}"


def add_all(db: Connection, found: Sequence[Mapping[str, Any]]) -> int:
    """Insert; a step that waits already waits once. How many were new."""
    if not found:
        return 0
    return run(
        db,
        """INSERT INTO callbacks (id, workspace_id, connection_id, event_id, door, reference,
               waits_for, deadline_at, state, due_at)
           SELECT id, workspace_id, connection_id, event_id, door, reference, waits_for,
               deadline_at, state, due_at
           FROM jsonb_to_recordset(:found) AS c(id uuid, workspace_id uuid, connection_id uuid,
               event_id uuid, door text, reference text, waits_for text, deadline_at timestamptz,
               state text, due_at timestamptz)
           ON CONFLICT DO NOTHING""",
        found=jsonb(list(found)),
    )


def standing(db: Connection, connection_id: UUID, references: Sequence[str]) -> dict[str, Row]:
    """What is known of these steps, by reference; see `progress_of`."""
    found = rows(
        db,
        f"{_SEEN} WHERE c.connection_id = :id AND c.reference = ANY(:references)",
        id=connection_id,
        references=list(references),
    )
    return {r["reference"]: r for r in found}


def claim(db: Connection, now: datetime, until: datetime, limit: int) -> Sequence[Row]:
    """Steps of one door of one connection whose waiting ends now, handed to one worker."""
    ripe = rows(
        db,
        f"{RIPE} ORDER BY c.due_at, c.id LIMIT :limit",
        now=now,
        limit=limit,
    )
    if not ripe:
        return []
    first = (ripe[0]["connection_id"], ripe[0]["door"])
    mine = [r["id"] for r in ripe if (r["connection_id"], r["door"]) == first]
    claimed = rows(
        db,
        """UPDATE callbacks SET due_at = :until, tries = tries + 1 WHERE id IN (
               SELECT id FROM callbacks WHERE id = ANY(:ids) AND state = 'waiting'
               AND due_at <= :now ORDER BY id FOR UPDATE SKIP LOCKED)
           RETURNING id""",
        ids=mine,
        now=now,
        until=until,
    )
    taken = [r["id"] for r in claimed]
    return rows(db, f"{_SEEN} WHERE c.id = ANY(:ids) ORDER BY c.id", ids=taken)


def close(db: Connection, results: Sequence[Mapping[str, Any]]) -> None:
    """What the vendor answered: state, words, the progress told, when to try again."""
    run(
        db,
        """UPDATE callbacks SET state = r.state, words = r.words, progress = r.progress,
               due_at = coalesce(r.due_at, callbacks.due_at)
           FROM jsonb_to_recordset(:results) AS r(id uuid, state text, words text,
               progress jsonb, due_at timestamptz)
           WHERE callbacks.id = r.id AND callbacks.state = 'waiting'""",
        results=jsonb(list(results)),
    )


def progress_of(row: Row, now: datetime) -> Progress:
    """What became of one step, as the workflow is told it."""
    state, reason, sentence = _state(row)
    late = row["deadline_at"] <= now and row["waits_for"] != state
    if late and state in ("waiting", "scheduled", "sent", "uncertain"):
        sentence = f"No result came in time; the last that is known: {state}. {sentence}".strip()
        state, reason = "expired", state
    elif late and row["waits_for"] == "replied" and state in ("delivered", "read"):
        sentence, reason = "It was delivered; no reply came in time.", "no_reply"
    return Progress(
        reference=row["reference"],
        state=state,
        reason=reason,
        sentence=unnamed(sentence),
        message_id=str(row["message_id"] or ""),
        reply=(row["reply"] or "")[:1000],
        at=row["changed_at"],
    )


_NOTHING_ASKED = "Not sent: no template was named and no automation answers."
_PLAIN = {"held": "scheduled", "sending": "scheduled", "expired": "failed"}


def _state(row: Row) -> tuple[str, str, str]:
    if row["message_id"] is None:
        return _without_message(row)
    if row["reply"] is not None:
        return "replied", "", ""
    state = str(row["message_state"])
    reason = row["message_reason"] or ("expired" if state == "expired" else "")
    return _PLAIN.get(state, state), reason, row["message_sentence"]


def _without_message(row: Row) -> tuple[str, str, str]:
    if row["decision_reason"]:
        return "skipped", row["decision_reason"], row["decided"] or ""
    if row["event_state"] == "dead":
        return "failed", "hub", f"The hub could not work on it: {row['event_reason']}"
    if row["event_state"] == "decided":
        return (
            "skipped",
            "no_template",
            _NOTHING_ASKED,
        )
    return "waiting", "", ""
