"""Versions of automations and templates: who published which, when, and what each said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection

from hub.store import templates
from hub.store.database import row, rows, run

What = Literal["automation", "template"]
_TABLES = {
    "automation": ("automations", "automation_versions", "automation_id"),
    "template": ("templates", "template_versions", "template_id"),
}


@dataclass(frozen=True)
class Author:
    """Who writes: a user, or a key that is named."""

    user_id: UUID | None
    name: str


@dataclass(frozen=True)
class Version:
    """One version; `standing` is the one in force. `published_name` is empty where nobody is known
    to have published it: it came with the workspace, or was written before names were kept."""

    version: int
    at: datetime
    published_by: UUID | None
    published_name: str
    standing: bool


def listed(
    db: Connection,
    workspace_id: UUID,
    what: What,
    slug: str,
    *,
    before: int | None = None,
    limit: int = 50,
) -> list[Version]:
    """The versions of one, newest first."""
    table, kept, key = _TABLES[what]
    found = rows(
        db,
        f"""SELECT v.version, coalesce(v.published_at, v.created_at) AS at, v.published_by,
                v.published_name, v.version = o.version AS standing
            FROM {table} o JOIN {kept} v ON v.{key} = o.id
            WHERE o.workspace_id = :workspace_id AND o.slug = :slug
            AND v.version < coalesce(CAST(:before AS int), 2147483647)
            ORDER BY v.version DESC LIMIT :limit""",  # noqa: S608 - our own names
        workspace_id=workspace_id,
        slug=slug,
        before=before,
        limit=limit,
    )
    return [Version(**one) for one in found]


def standing(db: Connection, workspace_id: UUID, what: What, slug: str) -> int:
    """The version in force; 0 where nothing was published yet."""
    found = row(
        db,
        f"SELECT version FROM {_TABLES[what][0]} WHERE workspace_id = :id AND slug = :slug",  # noqa: S608
        id=workspace_id,
        slug=slug,
    )
    return int(found["version"]) if found else 0


def document(
    db: Connection, workspace_id: UUID, what: What, slug: str, version: int
) -> dict[str, Any] | None:
    """What one version said; a template as it is published, with its kind of today."""
    if what == "template":
        return _words(db, workspace_id, slug, version)
    found = row(
        db,
        """SELECT v.document FROM automations a JOIN automation_versions v
               ON v.automation_id = a.id AND v.version = :version
           WHERE a.workspace_id = :id AND a.slug = :slug""",
        id=workspace_id,
        slug=slug,
        version=version,
    )
    return dict(found["document"]) if found else None


def _words(db: Connection, workspace_id: UUID, slug: str, version: int) -> dict[str, Any] | None:
    known = templates.get(db, workspace_id, slug)
    if known is None:
        return None
    found = templates.pinned(db, [(known["id"], version)]).get((known["id"], version))
    names = ("kind", "title", "texts", *templates.USUAL)
    return {name: found[name] for name in names} if found else None


def sign(db: Connection, what: What, made: UUID, version: int, by: Author, now: datetime) -> None:
    """Say who published a version of the automation or template of this id, and when."""
    _, kept, key = _TABLES[what]
    run(
        db,
        f"""UPDATE {kept} SET published_by = :by, published_name = :name, published_at = :now
            WHERE {key} = :id AND version = :version""",  # noqa: S608 - our own names
        id=made,
        version=version,
        by=by.user_id,
        name=by.name,
        now=now,
    )
