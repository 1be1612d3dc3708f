"""People: a phone number with what the vendors' records say of its owner."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store import numbers
from hub.store.database import Row, jsonb, row, rows, run
from hub.store.numbers import Number
from hub.store.sealing import Vault

# Who is known with all of it already is not written, nor even locked.
_KEEP = """INSERT INTO people (id, workspace_id, phone, country, first_name, last_name, email,
        language, zone)
    SELECT f.* FROM jsonb_to_recordset(:found) AS f(id uuid, workspace_id uuid, phone text,
        country text, first_name text, last_name text, email text, language text, zone text)
    LEFT JOIN people p ON p.workspace_id = f.workspace_id AND p.phone = f.phone
    WHERE p.id IS NULL
        OR f.first_name NOT IN ('', p.first_name) OR f.last_name NOT IN ('', p.last_name)
        OR f.email NOT IN ('', p.email) OR f.language NOT IN ('', p.language)
        OR f.zone NOT IN ('', p.zone)
    ORDER BY f.workspace_id, f.phone
    ON CONFLICT (workspace_id, phone) DO UPDATE SET
        first_name = coalesce(nullif(excluded.first_name, ''), people.first_name),
        last_name = coalesce(nullif(excluded.last_name, ''), people.last_name),
        email = coalesce(nullif(excluded.email, ''), people.email),
        language = coalesce(nullif(excluded.language, ''), people.language),
        zone = coalesce(nullif(excluded.zone, ''), people.zone),
        updated_at = now()"""


def keep_all(db: Connection, found: Sequence[Mapping[str, Any]]) -> None:
    """Insert or refresh; what a record leaves empty keeps its older value."""
    if found:
        run(db, _KEEP, found=jsonb(list(found)))


def keep_named(
    db: Connection,
    vault: Vault,
    named: Iterable[tuple[UUID, Number]],
    found: Sequence[Mapping[str, Any]],
) -> None:
    """The same, with the numbers that these people have."""
    if found:
        values = numbers.sealed(vault, named)
        run(db, f"WITH named AS ({numbers.KEEP}) {_KEEP}", found=jsonb(list(found)), **values)


def by_phones(
    db: Connection, workspace_ids: Sequence[UUID], phones: Sequence[str]
) -> dict[tuple[UUID, str], Row]:
    """What is known of these numbers, by workspace and phone, without opening them: country, kind
    and zones; and of their owners."""
    if not phones:
        return {}
    found = rows(
        db,
        """SELECT workspace_id, phone, coalesce(nullif(p.country, ''), n.country, '') AS country,
               coalesce(n.kind, 'mobile') AS kind, coalesce(n.zones, '') AS zones,
               coalesce(p.failures, 0) AS failures, p.first_name, p.last_name, p.language, p.zone
           FROM (SELECT * FROM numbers
               WHERE workspace_id = ANY(:workspaces) AND phone = ANY(:phones)) n
           FULL JOIN (SELECT * FROM people
               WHERE workspace_id = ANY(:workspaces) AND phone = ANY(:phones)) p
           USING (workspace_id, phone)""",
        workspaces=list(set(workspace_ids)),
        phones=list(set(phones)),
    )
    return {(r["workspace_id"], r["phone"]): r for r in found}


def by_emails(
    db: Connection, wanted: Sequence[tuple[UUID, str]]
) -> dict[tuple[UUID, str], list[str]]:
    """The numbers known under these (workspace, e-mail address in small letters)."""
    if not wanted:
        return {}
    found = rows(
        db,
        """SELECT workspace_id, lower(email) AS email, phone FROM people
           WHERE email <> '' AND (workspace_id, lower(email)) IN (
               SELECT * FROM unnest(CAST(:workspaces AS uuid[]), CAST(:emails AS text[])))
           ORDER BY id""",
        workspaces=[workspace_id for workspace_id, _ in wanted],
        emails=[email for _, email in wanted],
    )
    numbers: dict[tuple[UUID, str], list[str]] = {}
    for line in found:
        numbers.setdefault((line["workspace_id"], line["email"]), []).append(line["phone"])
    return numbers


def known(db: Connection, workspace_id: UUID, phones: Sequence[str]) -> set[str]:
    """Which of these numbers are somebody's already."""
    found = rows(
        db,
        "SELECT phone FROM people WHERE workspace_id = :workspace_id AND phone = ANY(:phones)",
        workspace_id=workspace_id,
        phones=list(phones),
    )
    return {one["phone"] for one in found}


def get(db: Connection, workspace_id: UUID, phone: str) -> Row | None:
    """One person."""
    return row(
        db,
        "SELECT * FROM people WHERE workspace_id = :workspace_id AND phone = :phone",
        workspace_id=workspace_id,
        phone=phone,
    )


def listed(db: Connection, workspace_id: UUID, after: UUID | None, limit: int) -> Sequence[Row]:
    """A page of people, oldest first, by id."""
    return rows(
        db,
        """SELECT * FROM people WHERE workspace_id = :workspace_id
           AND (CAST(:after AS uuid) IS NULL OR id > :after) ORDER BY id LIMIT :limit""",
        workspace_id=workspace_id,
        after=after,
        limit=limit,
    )


def count_failure(db: Connection, numbers: Sequence[tuple[UUID, str]]) -> None:
    """One more permanent failure for each of these (workspace, phone)."""
    if not numbers:
        return
    run(
        db,
        """UPDATE people SET failures = failures + n.times
           FROM (SELECT workspace_id, phone, count(*) AS times
                 FROM unnest(CAST(:workspaces AS uuid[]), CAST(:phones AS text[]))
                     AS t(workspace_id, phone) GROUP BY workspace_id, phone) n
           WHERE people.workspace_id = n.workspace_id AND people.phone = n.phone""",
        workspaces=[workspace_id for workspace_id, _ in numbers],
        phones=[phone for _, phone in numbers],
    )


def lift(db: Connection, workspace_id: UUID, phone: str, now: datetime) -> bool:
    """Forget a number's failures, at a person's word."""
    return bool(
        run(
            db,
            """UPDATE people SET failures = 0, updated_at = :now
               WHERE workspace_id = :workspace_id AND phone = :phone""",
            workspace_id=workspace_id,
            phone=phone,
            now=now,
        )
    )
