"""Campaigns: one file sent once under one name; its people, their words and their messages come in
by COPY, thousands at a time."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from hub.store import records
from hub.store.database import Row, new_id, row, rows, run

# One line of the file, as it is copied; empty text where it says nothing.
_STAGE = """CREATE TEMP TABLE IF NOT EXISTS campaign_lines (phone text, sealed bytea, country text,
    kind text, zones text, person_id uuid, message_id uuid, word_id uuid, first_name text,
    last_name text, email text, language text, verdict text, said_at timestamptz, source text,
    wording text, variables jsonb) ON COMMIT DELETE ROWS"""
_COPY = "COPY campaign_lines FROM STDIN"


class Staged(NamedTuple):
    """One person as `pour` takes them; ids as 32 hexadecimal digits."""

    phone: str
    sealed: bytes
    country: str
    kind: str
    zones: str
    person_id: str
    message_id: str
    word_id: str
    first_name: str
    last_name: str
    email: str
    language: str
    verdict: str
    said_at: str | None
    source: str
    wording: str
    variables: str


# In the order in which every arrow keeps them, and each by phone: nobody waits in a circle, and an
# index is walked once from left to right. What is asked of other tables is asked line by line
# (LIMIT holds PostgreSQL to it): a plan that reads the whole table is one for each chunk.
_NUMBERS = """INSERT INTO numbers (workspace_id, phone, sealed, country, kind, zones)
    SELECT :workspace, phone, sealed, country, kind, zones FROM campaign_lines ORDER BY phone
    ON CONFLICT DO NOTHING"""
_PEOPLE = """INSERT INTO people (id, workspace_id, phone, country, first_name, last_name, email,
        language)
    SELECT person_id, :workspace, phone, country, l.first_name, l.last_name, l.email, l.language
    FROM campaign_lines l LEFT JOIN LATERAL (SELECT id, first_name, last_name, email, language
        FROM people WHERE workspace_id = :workspace AND phone = l.phone LIMIT 1) p ON true
    WHERE p.id IS NULL
        OR l.first_name NOT IN ('', p.first_name) OR l.last_name NOT IN ('', p.last_name)
        OR l.email NOT IN ('', p.email) OR l.language NOT IN ('', p.language)
    ORDER BY phone ON CONFLICT (workspace_id, phone) DO UPDATE SET
        first_name = coalesce(nullif(excluded.first_name, ''), people.first_name),
        last_name = coalesce(nullif(excluded.last_name, ''), people.last_name),
        email = coalesce(nullif(excluded.email, ''), people.email),
        language = coalesce(nullif(excluded.language, ''), people.language), updated_at = now()"""
# As `consent.add_all`: a record that still says what it said is no second word. Told are those that
# another system may know the person of.
_WORDS = """WITH heard AS (
        INSERT INTO consents (id, workspace_id, phone, verdict, source, said_at, wording)
        SELECT word_id, :workspace, phone, verdict, coalesce(nullif(w.source, ''), :source),
            said_at, wording
        FROM campaign_lines w WHERE verdict <> '' AND verdict IS DISTINCT FROM (
            SELECT b.verdict FROM consents b WHERE b.workspace_id = :workspace
            AND b.phone = w.phone AND b.source = coalesce(nullif(w.source, ''), :source)
            AND b.said_at <= w.said_at ORDER BY b.said_at DESC, b.id DESC LIMIT 1)
        ORDER BY phone ON CONFLICT DO NOTHING RETURNING id, phone)
    SELECT id FROM heard WHERE (SELECT true FROM records r
        WHERE r.workspace_id = :workspace AND r.phone = heard.phone LIMIT 1)"""
_MESSAGES = """INSERT INTO messages (id, workspace_id, decision_id, template_id, template_version,
        kind, channel, phone, language, zone, variables, state, due_at, campaign_id, created_at,
        changed_at)
    SELECT message_id, :workspace, :campaign, :template, :version, :kind, :channel, phone,
        coalesce(nullif(language, ''), :language), :zone, variables, 'scheduled', :due, :campaign,
        :now, :now
    FROM campaign_lines ORDER BY phone ON CONFLICT DO NOTHING"""


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
    people: Iterable[Staged],
    *,
    now: datetime,
    source: str,
    **common: str,
) -> int:
    """Keep these people, their numbers, what they said of consent, and a message for each; what
    stands already stays as it is. How many messages are new.

    The decision to send stands under the campaign's own id. `source` is where a consent comes from
    that does not say it; `common`: kind, channel, language, zone.
    """
    db.exec_driver_sql(_STAGE)
    with db.connection.cursor().copy(_COPY) as copy:
        for one in people:
            copy.write_row(one)
    workspace = campaign["workspace_id"]
    run(db, _NUMBERS, workspace=workspace)
    run(db, _PEOPLE, workspace=workspace)
    words = [r["id"] for r in rows(db, _WORDS, workspace=workspace, source=source)]
    records.spread(db, words, now)
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
