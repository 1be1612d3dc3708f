"""Templates: what a message says, in each language; versions are pinned by the messages."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, new_id, row, rows, run
from hub.store.lasting import Lasting

# What a version says and how it goes, with what old callers leave unsaid; see migration 0003.
USUAL: Mapping[str, Any] = {
    "defaults": {},
    "transliterate": False,
    "max_parts": 3,
    "sender": "",
    "event": "",
    "rich": {},
    "ttl_minutes": 240,
    "expects_replies": False,
    "page": "",
    "previews": {},
    "utm": {},
    "link_days": 30,
    "coupon": None,
    "variants": {},
}
_JSON = ("texts", "defaults", "rich", "previews", "utm", "coupon", "variants")
_WHOLE = """SELECT t.*, v.title, v.texts, v.defaults, v.transliterate, v.max_parts, v.sender,
        v.event, v.rich, v.ttl_minutes, v.expects_replies, v.page, v.previews, v.utm, v.link_days,
        v.coupon, v.variants
    FROM templates t JOIN template_versions v ON v.template_id = t.id AND v.version = t.version"""


def save(
    db: Connection,
    workspace_id: UUID,
    slug: str,
    *,
    kind: str,
    title: str,
    texts: Mapping[str, str],
    **more: Any,
) -> Row:
    """A new template, or a new version of this one; `texts` is by language, `more` as in USUAL."""
    if unknown := set(more) - set(USUAL):
        raise TypeError(f"A template has no {', '.join(sorted(unknown))}.")
    kept = _numbered(db, workspace_id, slug, kind)
    words = {**USUAL, **more, "title": title, "texts": texts}
    values = {n: jsonb(v) if n in _JSON and v is not None else v for n, v in words.items()}
    run(
        db,
        """INSERT INTO template_versions (template_id, version, title, texts, defaults,
               transliterate, max_parts, sender, event, rich, ttl_minutes, expects_replies, page,
               previews, utm, link_days, coupon, variants)
           VALUES (:id, :version, :title, :texts, :defaults, :transliterate, :max_parts, :sender,
               :event, :rich, :ttl_minutes, :expects_replies, :page, :previews, :utm, :link_days,
               :coupon, :variants)""",
        id=kept["id"],
        version=kept["version"],
        **values,
    )
    return kept


def _numbered(db: Connection, workspace_id: UUID, slug: str, kind: str) -> Row:
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


_VERSIONS: Lasting[tuple[UUID, int], Row] = Lasting(512)


def lasting(db: Connection, wanted: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], Row]:
    """The same, read once in the life of this process: a version's words never change. Its `kind`
    may be an older one."""
    return _VERSIONS.of(wanted, partial(pinned, db))


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
