"""Drafting: an automation is written beside what runs, and takes its place when it is published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.automations.document import Automation, DocumentError, Problem, parse
from hub.automations.wordings import names_of
from hub.store import automations, drafts, templates, versions
from hub.store.database import Row
from hub.store.drafts import Author, Conflict, Draft

__all__ = ["Author", "Conflict", "Draft", "Sheet", "Taken", "begin", "lacking", "problems",
           "publish", "restore", "save", "set_state", "sheet", "sheets"]  # fmt: skip

WHAT: versions.What = "automation"


class Taken(LookupError):
    """There is an automation of this name already, or somebody is writing one."""


@dataclass(frozen=True)
class Sheet:
    """An automation with all that is written of it. `version` is 0 and `published` None where it
    was never published; its `state` is then "draft"."""

    slug: str
    state: str
    version: int
    live_since: datetime | None
    published: Mapping[str, Any] | None
    draft: Draft | None

    @property
    def document(self) -> Mapping[str, Any]:
        """What is being written, else what is published."""
        return self.draft.document if self.draft else self.published or {}

    @property
    def name(self) -> str:
        """What people call it."""
        name = self.document.get("name")
        return name.strip() if isinstance(name, str) and name.strip() else self.slug

    @property
    def expects(self) -> int:
        """What a page that shows this sheet names when it saves."""
        return self.draft.version if self.draft else 0


def sheets(db: Connection, workspace_id: UUID) -> list[Sheet]:
    """Every automation, and every draft of one that is still to be, by name."""
    written = drafts.listed(db, workspace_id, WHAT)
    known = {one["slug"]: one for one in automations.by_workspaces(db, [workspace_id])}
    found = [_sheet(slug, known.get(slug), written.get(slug)) for slug in {*known, *written}]
    return sorted(found, key=lambda one: (one.name.casefold(), one.slug))


def sheet(db: Connection, workspace_id: UUID, slug: str) -> Sheet | None:
    """One of them; None where nobody wrote such a one."""
    known = automations.get(db, workspace_id, slug)
    draft = drafts.get(db, workspace_id, WHAT, slug)
    return _sheet(slug, known, draft) if known or draft else None


def _sheet(slug: str, known: Row | None, draft: Draft | None) -> Sheet:
    if known is None:
        return Sheet(slug, "draft", 0, None, None, draft)
    since, document = known["live_since"], known["document"]
    return Sheet(slug, known["state"], known["version"], since, document, draft)


def begin(
    db: Connection,
    workspace_id: UUID,
    slug: str,
    document: Mapping[str, Any],
    by: Author,
    now: datetime,
) -> Draft:
    """A new automation, as a draft. Raises Taken."""
    if sheet(db, workspace_id, slug) is not None:
        raise Taken(slug)
    return save(db, workspace_id, slug, document, expects=0, by=by, now=now)


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
    """Keep the draft, whether or not it could be published as it is. Raises Conflict."""
    return drafts.save(
        db, workspace_id, WHAT, slug, document, expects=expects, by=by, now=now, based_on=based_on
    )


def problems(db: Connection, workspace_id: UUID, document: Mapping[str, Any]) -> list[Problem]:
    """Everything that keeps a document from being published."""
    try:
        automation = parse(document)
    except DocumentError as error:
        return list(error.problems)
    template = templates.get(db, workspace_id, automation.template)
    return [Problem(field, words) for field, words in lacking(automation, template)]


def lacking(document: Automation, template: Row | None) -> Iterator[tuple[str, str]]:
    """What the template lacks: itself, or a wording that the document shares out."""
    if template is None:
        yield "send.template", f"There is no template «{document.template}»; write it first."
        return
    there = names_of(template)
    for name, _ in document.split:
        if name not in there:
            words = f"The template «{document.template}» has no wording «{name}»."
            yield f"split.{name}", f"{words} Write it there first."


def publish(
    db: Connection,
    workspace_id: UUID,
    slug: str,
    *,
    expects: int,
    by: Author,
    now: datetime,
    state: str | None = None,
) -> Sheet:
    """The draft becomes the version in force, and is gone. It keeps its state, or gets this one;
    a new automation is a "draft" until it is started. Raises Conflict where the draft or what is
    published is not what its writer saw, DocumentError with everything that is wrong with it."""
    draft = drafts.take(db, workspace_id, WHAT, slug, expects=expects)
    if draft is None:
        raise Conflict(None)
    known = automations.get(db, workspace_id, slug)
    if known is not None and known["version"] > draft.based_on:
        newest = versions.listed(db, workspace_id, WHAT, slug, limit=1)
        raise Conflict(draft, newest[0])
    if wrong := problems(db, workspace_id, draft.document):
        raise DocumentError(wrong)
    stays = known["state"] if known is not None else "draft"
    if known is None or known["document"] != draft.document:
        kept = automations.save(db, workspace_id, slug, draft.document, stays, now)
        versions.sign(db, WHAT, kept["id"], kept["version"], by, now)
    if state is not None:
        automations.set_state(db, workspace_id, slug, state, now)
    drafts.drop(db, workspace_id, WHAT, slug)
    found = sheet(db, workspace_id, slug)
    if found is None:
        raise LookupError(slug)
    return found


def restore(
    db: Connection,
    workspace_id: UUID,
    slug: str,
    version: int,
    *,
    expects: int,
    by: Author,
    now: datetime,
) -> Draft:
    """An old version as the draft. Raises Conflict, and LookupError where there is no such
    version."""
    document = versions.document(db, workspace_id, WHAT, slug, version)
    if document is None:
        raise LookupError(version)
    newest = versions.standing(db, workspace_id, WHAT, slug)
    return save(db, workspace_id, slug, document, expects=expects, by=by, now=now, based_on=newest)


def set_state(db: Connection, workspace_id: UUID, slug: str, state: str, now: datetime) -> bool:
    """Start it for everybody ("live") or for testers ("test"), or pause it ("paused"); False where
    there is none that was published."""
    return automations.set_state(db, workspace_id, slug, state, now) is not None
