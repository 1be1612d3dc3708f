"""Sheets: a template with all that is written of it: what is published, what is being drafted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store import drafts, templates, versions
from hub.store.database import Row
from hub.store.drafts import Author, Conflict, Draft

__all__ = ["Author", "Conflict", "Draft", "Sheet", "Taken", "begin", "restore", "save", "sheet",
           "sheets"]  # fmt: skip

WHAT: versions.What = "template"
NAMES = ("kind", "title", "texts", *templates.USUAL)
RESERVED = frozenset({"new", "gallery"})  # names of pages


class Taken(LookupError):
    """There is a template of this name already, or somebody is writing one."""


@dataclass(frozen=True)
class Sheet:
    """A template. `version` is 0 and `published` None where it was never published."""

    slug: str
    version: int
    published: Mapping[str, Any] | None
    draft: Draft | None

    @property
    def document(self) -> dict[str, Any]:
        """What is being written, else what is published, whole."""
        found = self.draft.document if self.draft else self.published or {}
        return {**templates.USUAL, **found}

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.document.get("title") or self.slug)

    @property
    def expects(self) -> int:
        """What a page that shows this sheet names when it saves."""
        return self.draft.version if self.draft else 0

    @property
    def is_changed(self) -> bool:
        """Whether the draft says anything that is not published."""
        return self.draft is not None and self.document != (self.published or {})


def sheets(db: Connection, workspace_id: UUID) -> list[Sheet]:
    """Every template, and every draft of one that is still to be, by title; two queries."""
    written = drafts.listed(db, workspace_id, WHAT)
    known = {one["slug"]: one for one in templates.listed(db, workspace_id)}
    found = [_sheet(slug, known.get(slug), written.get(slug)) for slug in {*known, *written}]
    return sorted(found, key=lambda one: (one.title.casefold(), one.slug))


def sheet(db: Connection, workspace_id: UUID, slug: str) -> Sheet | None:
    """One, published or still to be."""
    known = templates.get(db, workspace_id, slug)
    draft = drafts.get(db, workspace_id, WHAT, slug)
    return _sheet(slug, known, draft) if known or draft else None


def begin(
    db: Connection,
    workspace_id: UUID,
    slug: str,
    document: Mapping[str, Any],
    by: Author,
    now: datetime,
) -> Draft:
    """A new template, as a draft. Raises Taken."""
    if slug in RESERVED or templates.get(db, workspace_id, slug) is not None:
        raise Taken(slug)
    try:
        return save(db, workspace_id, slug, document, expects=0, by=by, now=now)
    except Conflict:
        raise Taken(slug) from None


def save(
    db: Connection,
    workspace_id: UUID,
    slug: str,
    document: Mapping[str, Any],
    *,
    expects: int,
    by: Author,
    now: datetime,
    based_on: int | None = None,
) -> Draft:
    """Keep the draft; see drafts.save. Raises Conflict."""
    whole = {**templates.USUAL, **document}
    return drafts.save(
        db, workspace_id, WHAT, slug, whole, expects=expects, by=by, now=now, based_on=based_on
    )


def restore(
    db: Connection,
    workspace_id: UUID,
    slug: str,
    version: int,
    *,
    expects: int,
    by: Author,
    now: datetime,
) -> Draft | None:
    """An old version as the draft; None where there is none of that number. Raises Conflict."""
    old = versions.document(db, workspace_id, WHAT, slug, version)
    if old is None:
        return None
    seen = versions.standing(db, workspace_id, WHAT, slug)
    return save(db, workspace_id, slug, old, expects=expects, by=by, now=now, based_on=seen)


def _sheet(slug: str, known: Row | None, draft: Draft | None) -> Sheet:
    published = {name: known[name] for name in NAMES} if known else None
    return Sheet(slug, known["version"] if known else 0, published, draft)
