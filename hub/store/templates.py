"""Templates: what a message says, in each language; versions are pinned by the messages."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, new_id, row, rows, run

_WHOLE = """SELECT t.*, v.title, v.texts, v.defaults, v.transliterate, v.max_parts, v.sender
    FROM templates t JOIN template_versions v ON v.template_id = t.id AND v.version = t.version"""


def save(
    db: Connection,
    workspace_id: UUID,
    slug: str,
    *,
    kind: str,
    title: str,
    texts: Mapping[str, str],
    defaults: Mapping[str, str],
    transliterate: bool = False,
    max_parts: int = 3,
    sender: str = "",
) -> Row:
    """A new template, or a new version of this one; `texts` is by language."""
    kept = row(
        db,
        """INSERT INTO templates (id, workspace_id, slug, kind, version)
           VALUES (:id, :workspace_id, :slug, :kind, 1)
           ON CONFLICT (workspace_id, slug)
               DO UPDATE SET version = templates.version + 1, kind = :kind
           RETURNING id, version""",
        id=new_id(),
        workspace_id=workspace_id,
        slug=slug,
        kind=kind,
    )
    if kept is None:
        raise LookupError(slug)
    run(
        db,
        """INSERT INTO template_versions (template_id, version, title, texts, defaults,
               transliterate, max_parts, sender)
           VALUES (:id, :version, :title, :texts, :defaults, :transliterate, :max_parts,
               :sender)""",
        id=kept["id"],
        version=kept["version"],
        title=title,
        texts=jsonb(dict(texts)),
        defaults=jsonb(dict(defaults)),
        transliterate=transliterate,
        max_parts=max_parts,
        sender=sender,
    )
    return kept


def by_workspaces(db: Connection, ids: Sequence[UUID]) -> dict[tuple[UUID, str], Row]:
    """Every template of these workspaces, by workspace and slug, in its newest version."""
    found = rows(db, f"{_WHOLE} WHERE t.workspace_id = ANY(:ids)", ids=list(set(ids)))
    return {(r["workspace_id"], r["slug"]): r for r in found}


def pinned(db: Connection, wanted: Sequence[tuple[UUID, int]]) -> dict[tuple[UUID, int], Row]:
    """Exact versions, by (template, version)."""
    found = rows(
        db,
        """SELECT t.slug, t.kind, v.* FROM template_versions v JOIN templates t
           ON t.id = v.template_id
           WHERE (v.template_id, v.version) IN (
               SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:versions AS int[])))""",
        ids=[i for i, _ in wanted],
        versions=[v for _, v in wanted],
    )
    return {(r["template_id"], r["version"]): r for r in found}


def get(db: Connection, workspace_id: UUID, slug: str) -> Row | None:
    """One template in its newest version."""
    return row(
        db,
        f"{_WHOLE} WHERE t.workspace_id = :workspace_id AND t.slug = :slug",
        workspace_id=workspace_id,
        slug=slug,
    )


def listed(db: Connection, workspace_id: UUID) -> Sequence[Row]:
    """A workspace's templates by slug."""
    return rows(db, f"{_WHOLE} WHERE t.workspace_id = :id ORDER BY t.slug", id=workspace_id)
