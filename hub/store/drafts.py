"""Drafts: what somebody writes beside what is published. One for each automation and template;
whoever saves names the version they read, so that nobody overwrites what they have not seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store import versions
from hub.store.database import jsonb, row, rows, run
from hub.store.versions import Author, What

__all__ = ["Author", "Conflict", "Draft", "drop", "get", "listed", "save", "take"]

_NAMED = "workspace_id = :workspace_id AND what = :what AND slug = :slug"
_COLUMNS = "what, slug, document, version, based_on, edited_by, edited_name, edited_at"


@dataclass(frozen=True)
class Draft:
    """`version` counts its savings; `based_on` is the published version that it was begun from, 0
    where there was none. `edited_name` is the name of who saved it last, as it was then."""

    what: str
    slug: str
    document: Mapping[str, Any]
    version: int
    based_on: int
    edited_by: UUID | None
    edited_name: str
    edited_at: datetime


class Conflict(Exception):
    """Somebody was there meanwhile. `theirs` is the draft that stands now, None where it was
    published or thrown away; `published` is a version that the draft has never seen."""

    def __init__(
        self, theirs: Draft | None = None, published: versions.Version | None = None
    ) -> None:
        super().__init__(_words(theirs, published))
        self.theirs, self.published = theirs, published


def _words(theirs: Draft | None, published: versions.Version | None) -> str:
    if published is not None:
        who = published.published_name or "Somebody"
        return (
            f"{who} published version {published.version} since this draft was begun. Compare the "
            "two, then save again what is to stay."
        )
    if theirs is None:
        return "Somebody published this draft or threw it away meanwhile. Look at what stands now."
    return (
        f"{theirs.edited_name or 'Somebody'} saved this draft meanwhile. Compare the two, then "
        "save again what is to stay."
    )


def get(db: Connection, workspace_id: UUID, what: What, slug: str) -> Draft | None:
    """The draft of one; None where nobody writes."""
    return _one(db, "", workspace_id=workspace_id, what=what, slug=slug)


def listed(db: Connection, workspace_id: UUID, what: What) -> dict[str, Draft]:
    """All drafts of automations or of templates, by slug."""
    found = rows(
        db,
        f"SELECT {_COLUMNS} FROM drafts WHERE workspace_id = :id AND what = :what ORDER BY slug",  # noqa: S608
        id=workspace_id,
        what=what,
    )
    return {one["slug"]: Draft(**one) for one in found}


def save(
    db: Connection,
    workspace_id: UUID,
    what: What,
    slug: str,
    document: Mapping[str, Any],
    *,
    expects: int,
    by: Author,
    now: datetime,
    based_on: int | None = None,
) -> Draft:
    """Keep it where the draft still has the version that was read, 0 for none. `based_on` moves it
    on to a published version that its writer has seen. Raises Conflict with what stands instead."""
    stands = take(db, workspace_id, what, slug, expects=expects)
    base = based_on
    if base is None:
        base = stands.based_on if stands else versions.standing(db, workspace_id, what, slug)
    if stands and (stands.document, stands.based_on) == (document, base):
        return stands
    kept = row(
        db,
        f"""INSERT INTO drafts ({_COLUMNS}, workspace_id)
            VALUES (:what, :slug, :document, 1, :base, :by, :name, :now, :workspace_id)
            ON CONFLICT (workspace_id, what, slug) DO UPDATE SET document = :document,
                version = drafts.version + 1, based_on = :base, edited_by = :by,
                edited_name = :name, edited_at = :now
            WHERE drafts.version = :expects RETURNING {_COLUMNS}""",  # noqa: S608 - our own column names
        document=jsonb(dict(document)),
        base=base,
        by=by.user_id,
        name=by.name,
        now=now,
        expects=expects,
        workspace_id=workspace_id,
        what=what,
        slug=slug,
    )
    if kept is None:  # two began it at the same moment
        raise Conflict(get(db, workspace_id, what, slug))
    return Draft(**kept)


def take(
    db: Connection, workspace_id: UUID, what: What, slug: str, *, expects: int
) -> Draft | None:
    """The draft, held still until this transaction ends. Raises Conflict where it has not the
    version that is expected, 0 for none."""
    found = _one(db, "FOR UPDATE", workspace_id=workspace_id, what=what, slug=slug)
    if (found.version if found else 0) != expects:
        raise Conflict(found)
    return found


def drop(
    db: Connection, workspace_id: UUID, what: What, slug: str, *, expects: int | None = None
) -> bool:
    """Throw it away; whether there was one. Raises Conflict where another version is expected."""
    if expects is not None:
        take(db, workspace_id, what, slug, expects=expects)
    gone = run(db, f"DELETE FROM drafts WHERE {_NAMED}",  # noqa: S608 - our own words
               workspace_id=workspace_id, what=what, slug=slug)  # fmt: skip
    return gone > 0


def _one(db: Connection, how: str, **named: Any) -> Draft | None:
    found = row(db, f"SELECT {_COLUMNS} FROM drafts WHERE {_NAMED} {how}", **named)  # noqa: S608
    return None if found is None else Draft(**found)
