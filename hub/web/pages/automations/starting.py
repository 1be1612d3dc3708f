"""A new automation: from a starter, with its message on a phone, or from an empty sentence."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import gettext
from sqlalchemy import Connection

from hub.automations import drafting
from hub.automations.document import as_json
from hub.automations.drafting import Taken
from hub.automations.stand_ins import as_slug
from hub.automations.starters import STARTERS
from hub.compose.gallery import Scenario, load
from hub.contract import VOCABULARY
from hub.contract.rich import rich_of
from hub.send.previewing import preview
from hub.send.publish import agent_of, publish
from hub.store import templates
from hub.store.database import Row
from hub.web.pages.automations.choices import happens
from hub.web.pages.automations.own import HERE, author, shop_of, wing
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Shown

_MOST_TRIES = 50


@wing.way("GET /automations/new", may="write")
def new(visit: Visit) -> Shown:
    """The starters, with the message each sends on a phone; or an empty sentence."""
    return _new(visit, visit.args.get("starter", "cart-reminder"))


@wing.way("POST /automations/new", may="write")
def begin(visit: Visit) -> Shown | Go:
    """A new automation, as a draft."""
    starter, name = visit.form.get("starter", ""), visit.form.get("name", "").strip()[:100]
    if starter not in STARTERS and visit.form.get("event") not in VOCABULARY:
        return _new(visit, starter, gettext("Choose what it begins with."))
    with visit.begin() as db:
        document = _document(visit, db, starter, name)
        slug = _begun(visit, db, document)
    if slug is None:
        return _new(visit, starter, gettext("There are many of this name. Give it another name."))
    return Go(
        f"{HERE}/{slug}", said=gettext("This is a draft: it sends nothing before you publish it.")
    )


def _document(visit: Visit, db: Connection, starter: str, name: str) -> dict[str, Any]:
    if starter not in STARTERS:
        event = visit.form["event"]
        kind = "marketing" if VOCABULARY[event].subject in ("cart", "contact") else "transactional"
        send = {"template": "", "kind": kind}
        return {
            "name": name or gettext("New automation"),
            "trigger": {"event": event},
            "send": send,
        }
    document = as_json(STARTERS[starter])
    _have_template(visit, db, STARTERS[starter].template)
    return {**document, "name": name or document["name"]}


def _have_template(visit: Visit, db: Connection, slug: str) -> None:
    """The starter's own message, from the gallery, where the workspace has none of that name."""
    scenario = _gallery(Path(visit.ground.settings.templates)).get(slug)
    if templates.get(db, visit.workspace_id, slug) is None and scenario is not None:
        publish(visit.ground, db, visit.workspace_id, slug, _words(visit, db, scenario))


def _words(visit: Visit, db: Connection, scenario: Scenario) -> dict[str, Any]:
    words = {**templates.USUAL, **scenario.as_template()}
    has_agent = agent_of(visit.ground, db, visit.workspace_id) is not None
    return words if has_agent else {**words, "rich": {}}


def _begun(visit: Visit, db: Connection, document: Mapping[str, Any]) -> str | None:
    """The slug that it was begun under; None where every such name is taken."""
    own = as_slug(str(document["name"]))
    for slug in [own, *(f"{own}-{n}" for n in range(2, _MOST_TRIES))]:
        if slug == "new":
            continue
        try:
            now = visit.ground.clock()
            drafting.begin(db, visit.workspace_id, slug, document, author(visit), now)
        except Taken:
            continue
        return slug
    return None


def _new(visit: Visit, starter: str, wrong: str = "") -> Shown:
    chosen = starter if starter in STARTERS else ""
    with visit.begin() as db:
        shown = _shown(visit, db, STARTERS[chosen].template) if chosen else None
        brand = shop_of(visit, db)["brand"]
    starters = [(slug, one, happens(one.event)) for slug, one in STARTERS.items()]
    events = [(name, happens(name)) for name in VOCABULARY]
    values = {"here": HERE, "starters": starters, "chosen": chosen, "shown": shown,
              "events": events, "brand": brand, "wrong": wrong, "form": visit.form}  # fmt: skip
    return Shown("automations/new.html", values, 422 if wrong else 200)


def _shown(visit: Visit, db: Connection, slug: str) -> dict[str, Any] | None:
    """A starter's message on a phone: the workspace's own, else the gallery's."""
    scenario = _gallery(Path(visit.ground.settings.templates)).get(slug)
    own: Row | Mapping[str, Any] | None = templates.get(db, visit.workspace_id, slug)
    words = own or (_words(visit, db, scenario) if scenario else None)
    if words is None:
        return None
    language = str((visit.seat or {}).get("language") or "")
    made = preview(visit.ground, db, visit.workspace_id, words, language=language)
    content = (made["rcs"] or {}).get("content")
    return {**made, "rich": rich_of(content) if content else None}


@lru_cache(maxsize=4)
def _gallery(folder: Path) -> Mapping[str, Scenario]:
    return {one.slug: one for one in load(folder)}
