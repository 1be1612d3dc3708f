"""The gallery: ready-made messages that ship with the hub, to be taken and then edited."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from hub.compose.gallery import Scenario, load
from hub.send.publish import agent_of, publish
from hub.store import templates
from hub.web.api.problems import invalid, not_found
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.rows import picked
from hub.web.api.schemas import listed, one_of, shape, text
from hub.web.api.template_shapes import TEMPLATE

desk = Desk("gallery")

_CARD = shape(
    {
        "slug": text(),
        "title": text(),
        "kind": one_of("marketing", "transactional"),
        "sector": text(),
        "events": listed(text()),
        "languages": listed(text()),
        "channels": listed(text()),
        "advice": {"type": "object"},
    }
)


@desk.route("GET /gallery", scope="read", answers={200: shape({"items": listed(_CARD)})})
def listing(ask: Ask) -> Answer:
    """List the ready-made messages, each with advice in its languages."""
    return Answer({"items": [_card(one) for one in _scenarios(ask).values()]})


@desk.route("POST /gallery/{slug}", scope="manage", answers={200: shape(TEMPLATE)})
def take(ask: Ask, slug: str) -> Answer:
    """Take a ready-made message as a template of that name; without an RCS agent, its SMS alone."""
    scenario = _scenarios(ask).get(slug)
    if scenario is None:
        raise not_found("message in the gallery")
    with ask.begin() as db:
        words = {**templates.USUAL, **scenario.as_template()}
        if agent_of(ask.ground, db, ask.workspace_id) is None:
            words["rich"] = {}
        made = publish(ask.ground, db, ask.workspace_id, slug, words)
    if made.template is None:
        raise invalid(*((found.where, found.words) for found in made.report.errors))
    return Answer(picked(made.template, tuple(TEMPLATE)))


def _card(scenario: Scenario) -> Mapping[str, Any]:
    english = scenario.text("en") or scenario.texts[0]
    return {
        "slug": scenario.slug,
        "title": english.title,
        "kind": scenario.kind,
        "sector": scenario.sector,
        "events": list(scenario.events),
        "languages": sorted({t.language for t in scenario.texts}),
        "channels": sorted({t.channel for t in scenario.texts}),
        "advice": {t.language: t.advice for t in scenario.spoken("sms")},
    }


def _scenarios(ask: Ask) -> Mapping[str, Scenario]:
    return _gallery(Path(ask.ground.settings.templates))


@lru_cache(maxsize=4)
def _gallery(folder: Path) -> Mapping[str, Scenario]:
    return {one.slug: one for one in load(folder)}
