"""Automations: a slug, a state, and versions of a document that are never rewritten."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub import crash
from hub.store.database import Row, jsonb, new_id, row, rows, run
from hub.store.lasting import Lasting

ON = ("live", "test")  # it answers events: everybody's, or those of testers
_WHOLE = """SELECT a.*, v.document FROM automations a
    JOIN automation_versions v ON v.automation_id = a.id AND v.version = a.version"""


def save(
    db: Connection,
    workspace_id: UUID,
    slug: str,
    document: Mapping[str, Any],
    state: str,
    now: datetime,
) -> Row:
    """A new automation, or a new version of this one; `live_since` is kept while it stays on (live,
    or answering testers)."""
    kept = row(
        db,
        """INSERT INTO automations (id, workspace_id, slug, state, version, live_since)
           VALUES (:id, :workspace_id, :slug, :state, 1, :live)
           ON CONFLICT (workspace_id, slug) DO UPDATE SET version = automations.version + 1,
               state = :state, live_since = CASE WHEN automations.state = :state
                   THEN automations.live_since ELSE :live END
           RETURNING id, version""",
        id=new_id(),
        workspace_id=workspace_id,
        slug=slug,
        state=state,
        live=now if state in ON else None,
    )
    if kept is None:
        raise LookupError(slug)
    crash.at("C11")
    run(
        db,
        """INSERT INTO automation_versions (automation_id, version, document)
           VALUES (:id, :version, :document)""",
        id=kept["id"],
        version=kept["version"],
        document=jsonb(dict(document)),
    )
    return kept


def set_state(
    db: Connection, workspace_id: UUID, slug: str, state: str, now: datetime
) -> Row | None:
    """Start it, for everybody or for testers alone, or pause it. Once it is started for everybody,
    it answers what happens from then on."""
    return row(
        db,
        """UPDATE automations SET state = :state, live_since = CASE WHEN :state = state
               THEN coalesce(live_since, :now) ELSE :now END
           WHERE workspace_id = :workspace_id AND slug = :slug RETURNING id""",
        workspace_id=workspace_id,
        slug=slug,
        state=state,
        now=now if state in ON else None,
    )


def by_workspaces(db: Connection, ids: Sequence[UUID]) -> Sequence[Row]:
    """Every automation of these workspaces, with its current document."""
    return rows(db, f"{_WHOLE} WHERE a.workspace_id = ANY(:ids) ORDER BY a.id", ids=list(set(ids)))


def by_ids(db: Connection, ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Several at once, by id, with the current document."""
    found = rows(db, f"{_WHOLE} WHERE a.id = ANY(:ids)", ids=list(set(ids)))
    return {r["id"]: r for r in found}


_SLUGS: Lasting[UUID, str] = Lasting(4096)


def slugs(db: Connection, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What these are called; that never changes."""
    return _SLUGS.of(ids, lambda new: {id: r["slug"] for id, r in by_ids(db, new).items()})


def get(db: Connection, workspace_id: UUID, slug: str) -> Row | None:
    """One automation, with its current document."""
    return row(
        db,
        f"{_WHOLE} WHERE a.workspace_id = :workspace_id AND a.slug = :slug",
        workspace_id=workspace_id,
        slug=slug,
    )
