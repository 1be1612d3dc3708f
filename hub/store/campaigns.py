"""Campaigns: one file sent once under one name; its people, their words and their messages come in
by COPY, thousands at a time."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store import records
from hub.store.database import Row, new_id, row, rows, run

# One line of the file, as it is copied; the order of `STAGED`.
_STAGE = """CREATE TEMP TABLE IF NOT EXISTS campaign_lines (person_id uuid, decision_id uuid,
    message_id uuid, consent_id uuid, phone text, country text, first_name text, last_name text,
    email text, language text, verdict text, said_at timestamptz, source text, wording text,
    variables jsonb) ON COMMIT DELETE ROWS"""
STAGED = (
    "person_id", "decision_id", "message_id", "consent_id", "phone", "country", "first_name",
    "last_name", "email", "language", "verdict", "said_at", "source", "wording", "variables",
)  # fmt: skip

_PEOPLE = """INSERT INTO people (id, workspace_id, phone, country, first_name, last_name, email,
        language)
    SELECT person_id, :workspace, phone, country, first_name, last_name, email, language
    FROM campaign_lines ORDER BY phone
    ON CONFLICT (workspace_id, phone) DO UPDATE SET
        first_name = coalesce(nullif(excluded.first_name, ''), people.first_name),
        last_name = coalesce(nullif(excluded.last_name, ''), people.last_name),
        email = coalesce(nullif(excluded.email, ''), people.email),
        language = coalesce(nullif(excluded.language, ''), people.language), updated_at = now()
    WHERE (excluded.first_name, excluded.last_name, excluded.email, excluded.language)
        IS DISTINCT FROM (people.first_name, people.last_name, people.email, people.language)"""
# As `consent.add_all`: a record that still says what it said is no second word.
_WORDS = """INSERT INTO consents (id, workspace_id, phone, verdict, source, said_at, wording)
    SELECT consent_id, :workspace, phone, verdict, source, said_at, wording
    FROM campaign_lines w WHERE verdict <> '' AND verdict IS DISTINCT FROM (
        SELECT b.verdict FROM consents b WHERE b.workspace_id = :workspace AND b.phone = w.phone
        AND b.source = w.source AND b.said_at <= w.said_at
        ORDER BY b.said_at DESC, b.id DESC LIMIT 1)
    ON CONFLICT DO NOTHING RETURNING id"""
_DECISIONS = """INSERT INTO decisions (id, workspace_id, phone, action, checks, record, message_id,
        decided_at)
    SELECT decision_id, :workspace, phone, 'send', CAST(:checks AS jsonb), CAST(:record AS jsonb),
        message_id, :now
    FROM campaign_lines ON CONFLICT DO NOTHING"""
_MESSAGES = """INSERT INTO messages (id, workspace_id, decision_id, template_id, template_version,
        kind, channel, phone, language, zone, variables, state, due_at, campaign_id, created_at,
        changed_at)
    SELECT message_id, :workspace, decision_id, :template, :version, :kind, :channel, phone,
        coalesce(nullif(language, ''), :language), :zone, variables, 'scheduled', :due, :campaign,
        :now, :now
    FROM campaign_lines ON CONFLICT DO NOTHING"""


def begin(
    db: Connection,
    workspace_id: UUID,
    name: str,
    file_hash: bytes,
    template: Row,
    due_at: datetime,
    now: datetime,
) -> Row:
    """The campaign of this name and file: the one that stands, else a new one."""
    run(
        db,
        """INSERT INTO campaigns (id, workspace_id, name, template_id, template_version, file_hash,
               due_at, created_at, changed_at)
           VALUES (:id, :workspace_id, :name, :template_id, :version, :file_hash, :due_at, :now,
               :now) ON CONFLICT DO NOTHING""",
        id=new_id(),
        workspace_id=workspace_id,
        name=name,
        template_id=template["id"],
        version=template["version"],
        file_hash=file_hash,
        due_at=due_at,
        now=now,
    )
    stands = known(db, workspace_id, name, file_hash)
    if stands is None:
        raise LookupError(name)
    return stands


def known(db: Connection, workspace_id: UUID, name: str, file_hash: bytes) -> Row | None:
    """The campaign of this name and file, where there is one."""
    return row(
        db,
        """SELECT * FROM campaigns
           WHERE workspace_id = :workspace_id AND name = :name AND file_hash = :file_hash""",
        workspace_id=workspace_id,
        name=name,
        file_hash=file_hash,
    )


def lock(db: Connection, campaign_id: UUID) -> Row | None:
    """One campaign, held still until this transaction ends: whoever sends its file takes turns."""
    return row(db, "SELECT * FROM campaigns WHERE id = :id FOR UPDATE", id=campaign_id)


def pour(
    db: Connection,
    campaign: Row,
    people: Iterable[Sequence[Any]],
    *,
    now: datetime,
    **common: Any,
) -> int:
    """People as `STAGED` names them, their numbers kept already, each with a word in the ledger
    where they said one, a decision and a message; what stands already stays as it is. How many
    messages are new.

    `common`: kind, channel, language, zone, checks and record (JSON as text).
    """
    db.exec_driver_sql(_STAGE)
    cursor = db.connection.cursor()
    columns = ", ".join(STAGED)
    with cursor.copy(f"COPY campaign_lines ({columns}) FROM STDIN") as copy:
        for one in people:
            copy.write_row(one)
    workspace = campaign["workspace_id"]
    run(db, _PEOPLE, workspace=workspace)
    words = [r["id"] for r in rows(db, _WORDS, workspace=workspace)]
    records.spread(db, words, now)
    checks = {name: common.pop(name) for name in ("checks", "record")}
    run(db, _DECISIONS, workspace=workspace, now=now, **checks)
    return run(
        db, _MESSAGES, workspace=workspace, now=now, campaign=campaign["id"],
        template=campaign["template_id"], version=campaign["template_version"],
        due=max(campaign["due_at"], now), **common,
    )  # fmt: skip


def come_to(db: Connection, campaign_id: UUID, line: int, made: int, now: datetime) -> None:
    """The file has been read to this line, and so many more messages stand."""
    run(
        db,
        """UPDATE campaigns SET line = :line, messages = messages + :made, changed_at = :now
           WHERE id = :id""",
        id=campaign_id,
        line=line,
        made=made,
        now=now,
    )


def finish(db: Connection, campaign_id: UUID, now: datetime) -> None:
    """The whole file has been read."""
    run(
        db,
        "UPDATE campaigns SET state = 'done', changed_at = :now WHERE id = :id AND state = 'open'",
        id=campaign_id,
        now=now,
    )


def cancel(db: Connection, campaign_id: UUID, now: datetime) -> int:
    """Nothing of it goes that no carrier has yet; how many messages were stopped."""
    run(
        db,
        "UPDATE campaigns SET state = 'cancelled', changed_at = :now WHERE id = :id",
        id=campaign_id,
        now=now,
    )
    return run(
        db,
        """UPDATE messages SET state = 'cancelled', reason = 'campaign_cancelled',
               sentence = 'Cancelled: the campaign was stopped.', changed_at = :now
           WHERE campaign_id = :id AND state IN ('scheduled', 'held')""",
        id=campaign_id,
        now=now,
    )
