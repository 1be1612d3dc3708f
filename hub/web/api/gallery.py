"""The gallery: ready-made messages that ship with the hub, to be taken and then edited."""

from collections.abc import Mapping
from typing import Any

from hub.compose.gallery import Scenario
from hub.send.publish import publish
from hub.send.ready_made import scenarios, words_of
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
    return Answer({"items": [_card(one) for one in scenarios(ask.ground).values()]})


@desk.route("POST /gallery/{slug}", scope="manage", answers={200: shape(TEMPLATE)})
def take(ask: Ask, slug: str) -> Answer:
    """Take a ready-made message as a template of that name; without an RCS agent, its SMS alone."""
    scenario = scenarios(ask.ground).get(slug)
    if scenario is None:
        raise not_found("message in the gallery")
    with ask.begin() as db:
        words = words_of(ask.ground, db, ask.workspace_id, scenario)
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
