"""The last steps of a source: a ready-made automation, a try on a phone, switching it on."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from flask_babel import get_locale, gettext

from hub.automations.document import Automation, as_json, parse, sentence
from hub.automations.offering import offered
from hub.automations.rehearsing import rehearse
from hub.compose.gallery import Scenario, load
from hub.contract.rich import rich_of
from hub.send import previewing
from hub.send.publish import agent_of, publish
from hub.store import automations, samples, templates, workspaces
from hub.store.database import Row
from hub.web.pages.connections.wing import note, of_row, standing, wing
from hub.web.pages.connections.words import about, steps
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing, Shown

_AT = "/connections/<uuid:connection_id>"


@wing.way(f"GET {_AT}/starter", may="connect")
def starter(visit: Visit, connection_id: UUID) -> Shown:
    """Ready-made automations for what this connection tells, with the phone beside them."""
    row = standing(visit, connection_id)
    found = _offers(visit, row)
    chosen = visit.args.get("starter", "")
    if chosen not in found:
        chosen = next(iter(found), "")
    with visit.begin() as db:
        known = automations.by_workspaces(db, [visit.workspace_id])
    return _shown(
        visit, row, "starter", "connections/starter.html", chosen=chosen,
        offers=[(slug, *_told(visit, slug, one), _state(known, slug))
                for slug, one in found.items()],
        preview=_preview(visit, found[chosen]) if chosen else None,
    )  # fmt: skip


@wing.way(f"POST {_AT}/starter", may="connect")
def choose(visit: Visit, connection_id: UUID) -> Go:
    """Take it: its message, and the automation as a draft. What is there already stays as it is."""
    row = standing(visit, connection_id)
    slug = visit.form.get("starter", "")
    wanted = _offers(visit, row).get(slug)
    if wanted is None:
        raise Missing
    with visit.begin() as db:
        if templates.get(db, visit.workspace_id, wanted.template) is None:
            publish(visit.ground, db, visit.workspace_id, wanted.template,
                    _words(visit, db, wanted.template))  # fmt: skip
        if automations.get(db, visit.workspace_id, slug) is None:
            now = visit.ground.clock()
            automations.save(db, visit.workspace_id, slug, as_json(wanted), "draft", now)
    return Go(f"/connections/{connection_id}/try?automation={slug}")


@wing.way(f"GET {_AT}/try", may="connect")
def rehearsal(visit: Visit, connection_id: UUID) -> Shown | Go:
    """A sample event, decided on as a real one would be, on a phone; nothing is sent."""
    row = standing(visit, connection_id)
    kept = _kept(visit)
    if kept is None:
        return Go(f"/connections/{connection_id}/starter")
    automation, real = parse(kept["document"]), visit.args.get("sample") == "newest"
    with visit.begin() as db:
        shop = workspaces.get(db, visit.workspace_id)
        newest = bool(samples.of_event(db, visit.workspace_id, automation.event, 1))
    if shop is None:
        raise Missing
    return _shown(
        visit, row, "try", "connections/try.html", slug=kept["slug"],
        sentence=sentence(automation), rung=visit.args.get("ring") == "1", newest=newest,
        preview=_preview(visit, automation, "newest" if real and newest else "declared"),
        verdict=rehearse(shop, automation, visit.ground.clock()), real=real and newest,
    )  # fmt: skip


@wing.way(f"GET {_AT}/on", may="connect")
def before_on(visit: Visit, connection_id: UUID) -> Shown | Go:
    """What will happen from the moment that it is on."""
    row = standing(visit, connection_id)
    kept = _kept(visit)
    if kept is None:
        return Go(f"/connections/{connection_id}/starter")
    with visit.begin() as db:
        shop = workspaces.get(db, visit.workspace_id)
    automation = parse(kept["document"])
    return _shown(
        visit, row, "on", "connections/on.html", slug=kept["slug"], shop=shop,
        automation=automation, sentence=sentence(automation), state=kept["state"],
    )  # fmt: skip


@wing.way(f"POST {_AT}/on", may="connect")
def switch_on(visit: Visit, connection_id: UUID) -> Go:
    """Its events are answered from now on."""
    standing(visit, connection_id)
    slug = visit.form.get("automation", "")
    with visit.begin() as db:
        now = visit.ground.clock()
        if automations.set_state(db, visit.workspace_id, slug, "live", now) is None:
            raise Missing
        kept = automations.get(db, visit.workspace_id, slug)
    note(visit, "automation.started", slug)
    name = kept["document"]["name"] if kept else slug
    words = gettext("«%(name)s» is on. It answers what happens from now on.", name=name)
    return Go(f"/connections/{connection_id}", said=words)


def _kept(visit: Visit) -> Row | None:
    with visit.begin() as db:
        return automations.get(db, visit.workspace_id, visit.args.get("automation", "")[:80])


def _offers(visit: Visit, row: Row) -> Mapping[str, Automation]:
    return offered(of_row(visit, row).emits, _scenarios(visit))


def _shown(visit: Visit, row: Row, here: str, template: str, **values: Any) -> Shown:
    slug, connector = row["connector"], of_row(visit, row)
    common = {"about": about(slug, connector), "steps": steps(slug, connector, here, row)}
    return Shown(template, {"row": row, **common, **values})


def _preview(visit: Visit, automation: Automation, sample: str = "declared") -> dict[str, Any]:
    """The message on a phone; the template of the workspace, else the gallery's own."""
    with visit.begin() as db:
        kept = templates.get(db, visit.workspace_id, automation.template)
        shop = workspaces.get(db, visit.workspace_id)
        words = kept or {**_words(visit, db, automation.template), "event": automation.event}
        made = previewing.preview(
            visit.ground, db, visit.workspace_id, words,
            language=shop["language"] if shop else "", sample=sample,
        )  # fmt: skip
    content = made["rcs"]["content"] if made["rcs"] and made["agent"] else None
    return {**made, "rich": rich_of(content) if content else None}


def _words(visit: Visit, db: Any, slug: str) -> dict[str, Any]:
    """The gallery's message as a template; without an RCS agent, its SMS alone."""
    scenario = _scenarios(visit).get(slug)
    if scenario is None:
        raise Missing
    words = {**templates.USUAL, **scenario.as_template()}
    if agent_of(visit.ground, db, visit.workspace_id) is None:
        words["rich"] = {}
    return words


def _told(visit: Visit, slug: str, automation: Automation) -> tuple[str, str]:
    """Its title and what it is good for, in the reader's language where the gallery has it."""
    scenario = _scenarios(visit).get(automation.template)
    text = scenario and (scenario.text(str(get_locale())) or scenario.text("en"))
    return (text.title, text.advice) if text else (automation.name, "")


def _state(known: Any, slug: str) -> str:
    return next((str(one["state"]) for one in known if one["slug"] == slug), "")


def _scenarios(visit: Visit) -> Mapping[str, Scenario]:
    return _gallery(Path(visit.ground.settings.templates))


@lru_cache(maxsize=4)
def _gallery(folder: Path) -> Mapping[str, Scenario]:
    return {one.slug: one for one in load(folder)}
