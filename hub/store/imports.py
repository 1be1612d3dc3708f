"""Imports: files of people on their way in. Their lines are sealed, and forgotten when they are in,
or a day after anybody last touched them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection

from hub.store.database import Row, jsonb, new_id, row, rows, run
from hub.store.sealing import Vault, place

KEPT = timedelta(days=1)  # an upload that nobody goes on with
_PLAIN = """id, workspace_id, name, state, lines, at_line, columns, evidence, counts, bad,
    created_at, changed_at"""
Cells = Sequence[Sequence[str]]


def add(
    db: Connection,
    vault: Vault,
    workspace_id: UUID,
    *,
    name: str,
    digest: bytes,
    cells: Cells,
    now: datetime,
) -> UUID:
    """Keep a file's cells, the headings first; the id of the same file where it is here already."""
    made = new_id()
    sealed = vault.seal(orjson.dumps(list(cells)), _where(workspace_id, made))
    run(
        db,
        """INSERT INTO imports (id, workspace_id, file_hash, name, sealed, lines, created_at,
               changed_at)
           VALUES (:id, :workspace_id, :digest, :name, :sealed, :lines, :now, :now)
           ON CONFLICT (workspace_id, file_hash) WHERE state <> 'dropped' DO NOTHING""",
        id=made,
        workspace_id=workspace_id,
        digest=digest,
        name=name,
        sealed=sealed,
        lines=len(cells) - 1,
        now=now,
    )
    [kept] = rows(
        db,
        """SELECT id FROM imports WHERE workspace_id = :workspace_id AND file_hash = :digest
           AND state <> 'dropped'""",
        workspace_id=workspace_id,
        digest=digest,
    )
    found: UUID = kept["id"]
    return found


def get(db: Connection, workspace_id: UUID, import_id: UUID, *, hold: bool = False) -> Row | None:
    """One, without its lines; with `hold` nobody else changes it until this transaction ends."""
    return row(
        db,
        f"""SELECT {_PLAIN} FROM imports WHERE workspace_id = :workspace_id AND id = :id
            {"FOR UPDATE" if hold else ""}""",  # noqa: S608 - our own words
        workspace_id=workspace_id,
        id=import_id,
    )


def listed(db: Connection, workspace_id: UUID, limit: int = 20) -> Sequence[Row]:
    """The newest ones."""
    return rows(
        db,
        """SELECT id, name, state, lines, at_line, counts, created_at FROM imports
           WHERE workspace_id = :workspace_id AND state <> 'dropped'
           ORDER BY id DESC LIMIT :limit""",
        workspace_id=workspace_id,
        limit=limit,
    )


def cells(db: Connection, vault: Vault, workspace_id: UUID, import_id: UUID) -> list[list[str]]:
    """Its lines, the headings first; none once they are forgotten."""
    found = row(
        db,
        "SELECT sealed FROM imports WHERE workspace_id = :workspace_id AND id = :id",
        workspace_id=workspace_id,
        id=import_id,
    )
    if found is None or not found["sealed"]:
        return []
    opened: list[list[str]] = orjson.loads(
        vault.unseal(found["sealed"], _where(workspace_id, import_id))
    )
    return opened


def plan(
    db: Connection,
    import_id: UUID,
    *,
    columns: Mapping[str, Any],
    evidence: Mapping[str, str],
    counts: Mapping[str, Any],
    bad: Sequence[tuple[int, str]],
    now: datetime,
) -> None:
    """What its columns are, and what would come of it. One that runs is not planned anew."""
    run(
        db,
        """UPDATE imports SET columns = :columns, evidence = :evidence, counts = :counts,
               bad = :bad, changed_at = :now WHERE id = :id AND state = 'read'""",
        id=import_id,
        columns=jsonb(dict(columns)),
        evidence=jsonb(dict(evidence)),
        counts=jsonb(dict(counts)),
        bad=jsonb([list(one) for one in bad]),
        now=now,
    )


def come_to(db: Connection, import_id: UUID, line: int, now: datetime) -> None:
    """So many lines are in; with the last one the lines are forgotten."""
    run(
        db,
        """UPDATE imports SET at_line = :line, changed_at = :now,
               state = CASE WHEN :line >= lines THEN 'done' ELSE 'running' END,
               sealed = CASE WHEN :line >= lines THEN '' ELSE sealed END WHERE id = :id""",
        id=import_id,
        line=line,
        now=now,
    )


def drop(db: Connection, import_id: UUID, now: datetime) -> None:
    """Forget its lines; who is in already stays."""
    run(
        db,
        """UPDATE imports SET state = 'dropped', sealed = '', changed_at = :now
           WHERE id = :id AND state IN ('read', 'running')""",
        id=import_id,
        now=now,
    )


def forget_old(db: Connection, now: datetime) -> int:
    """Drop what nobody went on with; how many."""
    return run(
        db,
        """UPDATE imports SET state = 'dropped', sealed = '', changed_at = :now
           WHERE sealed <> '' AND changed_at < :before""",
        now=now,
        before=now - KEPT,
    )


def _where(workspace_id: UUID, import_id: UUID) -> bytes:
    return place(workspace_id, "imports", "sealed", import_id)
