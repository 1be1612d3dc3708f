"""Forgetting: one person's data everywhere, at their word; and everybody's, each kind after its
time. What is left of a person is a token that nobody can turn back into a number: whoever said STOP
is still not written to, and sums still add up."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub import crash
from hub.store import audit
from hub.store.database import Database, Row, new_id, row, rows, run

BATCH = 1000

_SHORT = {
    "THEIRS": "workspace_id = :workspace_id AND phone = :token",
    "MESSAGES": "(SELECT id FROM messages WHERE workspace_id = :workspace_id AND phone = :token)",
    "EVENTS": "(SELECT id FROM events WHERE workspace_id = :workspace_id AND phone = :token)",
}
_STEPS: Mapping[str, str] = {
    "messages_cancelled": """UPDATE messages SET state = 'cancelled', reason = 'erased',
            sentence = 'Cancelled: the person''s data was erased.', changed_at = :now
        WHERE THEIRS AND state IN ('scheduled', 'held')""",
    "requests": """UPDATE intakes SET sealed = '' WHERE sealed <> '' AND state <> 'new'
        AND id IN (SELECT intake_id FROM events WHERE THEIRS
            UNION SELECT intake_id FROM replies WHERE THEIRS
            UNION SELECT intake_id FROM receipts WHERE message_id IN MESSAGES)""",
    "events": """UPDATE events SET person = '{}', data = '{}', state = 'decided'
        WHERE THEIRS AND (person <> '{}' OR data <> '{}')""",
    "decisions": """UPDATE decisions SET checks = '[]',
            record = jsonb_build_object('automation', record -> 'automation', 'erased', true)
        WHERE THEIRS AND record -> 'erased' IS NULL""",
    "texts": """UPDATE messages SET body = '', rich = NULL, variables = '{}', record = '',
            text_hash = NULL
        WHERE THEIRS AND (body <> '' OR variables <> '{}' OR record <> '')""",
    "links": """UPDATE links SET target = '', preview = '{}', utm = '{}',
            expires_at = least(expires_at, CAST(:now AS timestamptz))
        WHERE target <> '' AND message_id IN MESSAGES""",
    "suggestions": "DELETE FROM postbacks WHERE message_id IN MESSAGES",
    "replies": "UPDATE replies SET body = '' WHERE THEIRS AND body <> ''",
    "outcomes": """UPDATE write_backs SET outcome = outcome || '{"text": "", "sentence": ""}',
            state = CASE state WHEN 'new' THEN 'refused' ELSE state END, words = 'erased'
        WHERE words <> 'erased' AND message_id IN MESSAGES""",
    "tellings": """UPDATE tellings SET data = '{}', phone = '', answer = '', words = 'erased',
            state = CASE state WHEN 'new' THEN 'dead' ELSE state END
        WHERE words <> 'erased' AND id IN (SELECT id FROM tellings WHERE THEIRS
            UNION SELECT id FROM tellings WHERE message_id IN MESSAGES)""",
    "callbacks": """UPDATE callbacks SET progress = '{}'
        WHERE progress <> '{}' AND event_id IN EVENTS""",
    "wordings": "UPDATE consents SET wording = '' WHERE THEIRS AND wording <> ''",
    "bookings": "UPDATE bookings SET phone = '', title = '' WHERE THEIRS",
    "questions": "DELETE FROM questions WHERE THEIRS",
    "threads": "DELETE FROM threads WHERE THEIRS",
    "records": "DELETE FROM records WHERE THEIRS",
    "reach": "DELETE FROM reach WHERE THEIRS",
    "testers": """UPDATE workspaces SET testers = array_remove(testers, CAST(:token AS text))
        WHERE id = :workspace_id AND CAST(:token AS text) = ANY(testers)""",
    "people": "DELETE FROM people WHERE THEIRS",
    "numbers": "DELETE FROM numbers WHERE THEIRS",
}
_KEPT: Mapping[str, str] = {
    "clicks": "SELECT at, who, why, message_id FROM clicks WHERE message_id IN MESSAGES",
    "intakes": """SELECT * FROM intakes WHERE id IN (SELECT intake_id FROM events WHERE THEIRS
        UNION SELECT intake_id FROM replies WHERE THEIRS)""",
    **{
        noun: f"SELECT * FROM {noun} WHERE THEIRS"  # noqa: S608 - our own words
        for noun in ("people", "consents", "events", "decisions", "messages", "replies", "bookings",
                     "questions", "records", "reach", "threads", "erasures")
    },
}  # fmt: skip


def _whole(statement: str) -> str:
    for short, words in _SHORT.items():
        statement = statement.replace(short, words)
    return statement


# In this order, each in a transaction of its own and harmless twice: whoever is stopped in the
# middle begins again. The number itself goes last.
STEPS = {kind: _whole(statement) for kind, statement in _STEPS.items()}


def erase(
    database: Database, workspace_id: UUID, token: str, now: datetime, who: str = "clock"
) -> Row:
    """Forget one person in one workspace; the row that proves it: {id, began_at, ended_at, counts},
    what was erased by kind. One that was stopped in the middle is taken up again. `who` is as in
    the audit chain, which hears of the proof."""
    with database.begin() as db:
        proof = _begun(db, workspace_id, token, now)
    for kind, statement in STEPS.items():
        with database.begin() as db:
            done = run(db, statement, **_used(statement, workspace_id, token, now))
            _count(db, proof["id"], kind, done)
        crash.at("C33")
    with database.begin() as db:
        run(db, "UPDATE erasures SET ended_at = :now WHERE id = :id", id=proof["id"], now=now)
        ended = row(db, "SELECT * FROM erasures WHERE id = :id", id=proof["id"])
        if ended is None:
            raise LookupError(proof["id"])
        audit.note(db, now, who, "person.erase", str(proof["id"]), workspace_id, ended["counts"])
    return ended


def finish(database: Database, now: datetime) -> int:
    """Take up the erasures that were stopped in the middle; how many."""
    with database.begin() as db:
        found = rows(
            db,
            "SELECT * FROM erasures WHERE ended_at IS NULL AND began_at < :before",
            before=now - timedelta(minutes=10),
        )
    for one in found:
        erase(database, one["workspace_id"], one["phone"], now)
    return len(found)


def _begun(db: Connection, workspace_id: UUID, token: str, now: datetime) -> Row:
    known = row(
        db,
        """SELECT * FROM erasures WHERE workspace_id = :workspace_id AND phone = :token
           AND ended_at IS NULL""",
        workspace_id=workspace_id,
        token=token,
    )
    if known is not None:
        return known
    made = rows(
        db,
        """INSERT INTO erasures (id, workspace_id, phone, began_at)
           VALUES (:id, :workspace_id, :token, :now) RETURNING *""",
        id=new_id(),
        workspace_id=workspace_id,
        token=token,
        now=now,
    )
    return made[0]


def _count(db: Connection, erasure: UUID, kind: str, done: int) -> None:
    run(
        db,
        """UPDATE erasures SET counts = counts || jsonb_build_object(CAST(:kind AS text),
               coalesce((counts ->> :kind)::int, 0) + CAST(:done AS int)) WHERE id = :id""",
        id=erasure,
        kind=kind,
        done=done,
    )


def _used(statement: str, workspace_id: UUID, token: str, now: datetime) -> dict[str, Any]:
    given = {"workspace_id": workspace_id, "token": token, "now": now}
    return {name: value for name, value in given.items() if f":{name}" in statement}


# What is forgotten of everybody, by the class of its setting; nothing that still waits or is in
# doubt. A person who has neither bought nor been written to for so long is no customer.
_OLD: Mapping[str, str] = {
    "raw": """UPDATE intakes SET sealed = '' WHERE id IN (
        SELECT id FROM intakes WHERE received_at < :before AND state NOT IN ('new', 'dead', 'bad')
        AND sealed <> '' ORDER BY id LIMIT :most)""",
    "texts": """UPDATE messages SET body = '', rich = NULL, variables = '{}' WHERE id IN (
        SELECT id FROM messages WHERE changed_at < :before AND state IN ('sent', 'delivered',
            'read', 'failed', 'expired', 'skipped', 'cancelled')
        AND (body <> '' OR variables <> '{}') ORDER BY id LIMIT :most)""",
    "replies": """UPDATE replies SET body = '' WHERE id IN (
        SELECT id FROM replies WHERE received_at < :before AND body <> ''
        ORDER BY id LIMIT :most)""",
    "tellings": """DELETE FROM tellings WHERE id IN (
        SELECT id FROM tellings WHERE id < CAST(lpad(to_hex(CAST(
            extract(epoch FROM CAST(:before AS timestamptz)) * 1000 AS bigint)), 12, '0')
            || repeat('0', 20) AS uuid) ORDER BY id LIMIT :most)""",
    "numbers": """DELETE FROM numbers WHERE (phone, workspace_id) IN (
        SELECT n.phone, n.workspace_id FROM numbers n WHERE n.created_at < :before
        AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.workspace_id = n.workspace_id
            AND m.phone = n.phone AND (m.changed_at >= :before
                OR m.state IN ('scheduled', 'held', 'sending', 'uncertain')))
        AND NOT EXISTS (SELECT 1 FROM events e WHERE e.workspace_id = n.workspace_id
            AND e.phone = n.phone AND e.received_at >= :before)
        AND NOT EXISTS (SELECT 1 FROM bookings b WHERE b.workspace_id = n.workspace_id
            AND b.phone = n.phone AND b.starts_at >= :before)
        AND NOT EXISTS (SELECT 1 FROM workspaces w WHERE w.id = n.workspace_id
            AND n.phone = ANY(w.testers))
        LIMIT :most)""",
}


def tidy(
    database: Database, now: datetime, days: Mapping[str, int], go_on: Callable[[], bool]
) -> dict[str, int]:
    """Forget what is older than so many `days` of its class ("raw", "texts", "replies", "tellings",
    "numbers"; 0 keeps it), in batches while `go_on` says so; how many by class."""
    done = dict.fromkeys(days, 0)
    for kind, kept in days.items():
        while kept and go_on():
            with database.begin() as db:
                before = now - timedelta(days=kept)
                some = run(db, _OLD[kind], before=before, most=BATCH)
            done[kind] += some
            if some < BATCH:
                break
    return done


def of_person(db: Connection, workspace_id: UUID, token: str) -> dict[str, list[dict[str, Any]]]:
    """Everything the hub keeps of one person, by noun, as plain rows."""
    found: dict[str, list[dict[str, Any]]] = {}
    for noun, query in _KEPT.items():
        kept = rows(db, _whole(query), workspace_id=workspace_id, token=token)
        found[noun] = [dict(one) for one in kept]
    return found
