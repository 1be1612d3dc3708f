"""Checks: what is compared again and again, when next, and what was found for whom."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, new_id, row, rows, run


def plan(db: Connection, names: Iterable[str], now: datetime) -> None:
    """See that each of these is looked at; a new one at once. Others are forgotten."""
    wanted = list(names)
    run(db, "DELETE FROM checks WHERE name <> ALL(:names)", names=wanted)
    run(
        db,
        """INSERT INTO checks (name, due_at) SELECT name, :now FROM unnest(
               CAST(:names AS text[])) AS name ON CONFLICT DO NOTHING""",
        names=wanted,
        now=now,
    )


def claim(db: Connection, now: datetime, until: datetime) -> str | None:
    """One that is due, handed to one worker until then."""
    found = row(
        db,
        """UPDATE checks SET due_at = :until WHERE name = (
               SELECT name FROM checks WHERE due_at <= :now
               ORDER BY due_at, name FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING name""",
        now=now,
        until=until,
    )
    return str(found["name"]) if found else None


def keep(
    db: Connection, name: str, found: int, words: str, seconds: float, now: datetime, due: datetime
) -> None:
    """How a look went, and when the next is due."""
    run(
        db,
        """UPDATE checks SET checked_at = :now, found = :found, words = :words,
               seconds = :seconds, due_at = :due WHERE name = :name""",
        name=name,
        found=found,
        words=words[:1000],
        seconds=seconds,
        now=now,
        due=due,
    )


def excuse(db: Connection, name: str, words: str, due: datetime) -> None:
    """A look that failed: what it found last stands, with the reason."""
    run(
        db,
        "UPDATE checks SET words = :words, due_at = :due WHERE name = :name",
        name=name,
        words=words[:1000],
        due=due,
    )


def keep_findings(
    db: Connection, name: str, findings: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """What is found for each {workspace_id, found, words}: a line that stands goes on, a new one
    begins, and one of which nothing is found any more ends."""
    given = jsonb([{**one, "id": new_id()} for one in findings])
    run(
        db,
        """UPDATE findings SET ended_at = :now WHERE name = :name AND ended_at IS NULL
           AND workspace_id NOT IN (SELECT workspace_id FROM jsonb_to_recordset(:given)
               AS g(workspace_id uuid))""",
        name=name,
        given=given,
        now=now,
    )
    run(
        db,
        """INSERT INTO findings (id, workspace_id, name, found, words, since, at)
           SELECT id, workspace_id, :name, found, words, :now, :now
           FROM jsonb_to_recordset(:given) AS g(id uuid, workspace_id uuid, found int, words text)
           ON CONFLICT (workspace_id, name) WHERE ended_at IS NULL
               DO UPDATE SET found = excluded.found, words = excluded.words, at = excluded.at""",
        name=name,
        given=given,
        now=now,
    )


def standing(db: Connection) -> Sequence[Row]:
    """Every check, as its last look left it."""
    return rows(db, "SELECT * FROM checks ORDER BY name")


def made(db: Connection) -> dict[str, datetime | None]:
    """When each was compared last; on the road role, and nothing of any merchant's."""
    return {r["name"]: r["checked_at"] for r in rows(db, "SELECT name, checked_at FROM checks")}


def findings_of(db: Connection, workspace_id: UUID) -> dict[str, Row]:
    """What stands for one workspace, by the check's name."""
    found = rows(
        db,
        "SELECT * FROM findings WHERE workspace_id = :id AND ended_at IS NULL",
        id=workspace_id,
    )
    return {r["name"]: r for r in found}


def forget(db: Connection, before: datetime) -> int:
    """Findings that ended before then; how many."""
    return run(db, "DELETE FROM findings WHERE ended_at < :before", before=before)
