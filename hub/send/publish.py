"""Publishing a template: linted with the merchant's own events and prices, kept if nothing errs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.compose.lint import Finding, Report, Samples, ShopWords, TemplateWords, lint
from hub.contract.connector import Agent
from hub.store import connections, drafts, prices, samples, templates, versions, workspaces
from hub.store.database import Row
from hub.store.drafts import Author
from hub.store.ground import Ground

_TOKEN = len("/3fKx9QbT0a")
_LINTED = (
    "kind",
    "texts",
    *(n for n in TemplateWords.__dataclass_fields__ if n in templates.USUAL),
)


@dataclass(frozen=True)
class Published:
    """The template in its newest version, None where errors kept it back; what was found."""

    template: Row | None
    report: Report


def publish(
    ground: Ground,
    db: Connection,
    workspace_id: UUID,
    slug: str,
    wanted: Mapping[str, Any],
    *,
    by: Author | None = None,
    expects: int | None = None,
) -> Published:
    """Save the template if its words changed and nothing errs. `wanted` is as in the API, whole.

    With `expects`, these are the words of the draft of that version, which is gone then. Raises
    Conflict where somebody saved the draft, or published the template, since."""
    if expects is not None:
        _unchanged(db, workspace_id, slug, expects)
    report = examine(ground, db, workspace_id, wanted)
    if report.errors:
        return Published(None, report)
    known = templates.get(db, workspace_id, slug)
    if known is None or any(known[name] != value for name, value in wanted.items()):
        made = templates.save(db, workspace_id, slug, **wanted)
        if by is not None:
            versions.sign(db, "template", made["id"], made["version"], by, ground.clock())
        known = templates.get(db, workspace_id, slug)
    if expects is not None:
        drafts.drop(db, workspace_id, "template", slug)
    return Published(known, report)


def _unchanged(db: Connection, workspace_id: UUID, slug: str, expects: int) -> None:
    draft = drafts.take(db, workspace_id, "template", slug, expects=expects)
    if draft is None:
        raise drafts.Conflict(None)
    newest = versions.listed(db, workspace_id, "template", slug, limit=1)
    if newest and newest[0].version > draft.based_on:
        raise drafts.Conflict(draft, newest[0])


def examine(
    ground: Ground, db: Connection, workspace_id: UUID, wanted: Mapping[str, Any]
) -> Report:
    """What the linter says of a template and of each of its other wordings."""
    shop = shop_words(ground, db, workspace_id)
    tried = samples_for(db, workspace_id, wanted.get("event", ""))
    words = words_of(wanted)
    report = lint(words, shop, tried)
    others = [
        found
        for name, wording in wanted.get("variants", {}).items()
        for found in _variant(name, wording, words, shop, tried)
    ]
    return Report((*report.findings, *others), report.bills)


def words_of(wanted: Mapping[str, Any]) -> TemplateWords:
    """A template, as the API or a row has it, for the linter."""
    return TemplateWords(**{name: wanted[name] for name in _LINTED if name in wanted})


def shop_words(ground: Ground, db: Connection, workspace_id: UUID) -> ShopWords:
    """The merchant as the linter sees it."""
    shop = workspaces.get(db, workspace_id)
    if shop is None:
        raise LookupError(workspace_id)
    agent = agent_of(ground, db, workspace_id)
    links = shop["link_url"].rstrip("/") or f"{ground.settings.address}/l"
    return ShopWords(
        brand=shop["brand"],
        stop_code=shop["stop_code"],
        sender=shop["sender"],
        country=shop["country"],
        link_length=len(links) + _TOKEN,
        has_agent=agent is not None and agent.active,
        prices=prices.prices_of(db, workspace_id),
        zone=shop["zone"],
    )


def samples_for(
    db: Connection, workspace_id: UUID, event: str, most: int = samples.MOST
) -> Samples:
    """The workspace's own events of this type, the newest ones."""
    return Samples(samples.of_event(db, workspace_id, event, most) if event else ())


def _variant(
    name: str, wording: Mapping[str, Any], words: TemplateWords, shop: ShopWords, tried: Samples
) -> Iterator[Finding]:
    """A wording's own findings; what it leaves unsaid is the template's."""
    texts = wording.get("texts") or words.texts
    yield from _unspoken(name, texts, words)
    changed = replace(words, texts=texts, rich=wording.get("rich") or {})
    for found in lint(changed, shop, tried).findings:
        part = found.where.partition(".")[0]
        if wording.get(part):
            yield replace(found, where=f"variants.{name}.{found.where}")


def _unspoken(name: str, texts: Mapping[str, str], words: TemplateWords) -> Iterator[Finding]:
    """The languages of the template that this wording lacks: people would read a foreign one."""
    for language in words.texts:
        if language not in texts:
            said = "This wording has no text in this language, and the template has. Write it."
            at = f"variants.{name}.texts.{language}"
            yield Finding("error", "missing_language", said, at, language, "sms")


def agent_of(ground: Ground, db: Connection, workspace_id: UUID) -> Agent | None:
    """Who the workspace's RCS comes from: the first active connection that carries it, preferably
    one whose agent is active; None where there is none."""
    found = []
    for connection in connections.listed(db, workspace_id):
        known = ground.connectors.get(connection["connector"])
        carrier = known.carrier if known else None
        if carrier is None or connection["state"] != "active":
            continue
        settings = connection["settings"]
        if "rcs" in carrier.channels_of(settings):
            found.append(carrier.agent(settings) if carrier.agent else Agent(""))
    return next((agent for agent in found if agent.active), found[0] if found else None)
