"""Templates: what a message says in each language; each change is a new version."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hub.compose.language import TemplateError, compile_template
from hub.send.writing import variables_of
from hub.store import templates
from hub.web.api.problems import invalid, not_found
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.rows import picked
from hub.web.api.schemas import FLAG, SLUG_PATTERN, by_name, listed, one_of, shape, text, whole

desk = Desk("templates")

_TEXTS = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 50,
    "propertyNames": {"pattern": "^[a-z]{2}$"},
    "additionalProperties": text(20_000),
}
_REQUIRED = {
    "kind": one_of("marketing", "transactional"),
    "title": text(100, empty=False),
    "texts": _TEXTS,
}
_OPTIONAL = {
    "defaults": by_name(text(300)),
    "transliterate": FLAG,
    "max_parts": whole(1, 10),
    "sender": {"type": "string", "pattern": "^([A-Za-z0-9 ]{1,11}|\\+?[0-9]{3,15})?$"},
}
_WORDS = shape(_REQUIRED, _OPTIONAL)
_TEMPLATE = shape({"slug": text(), "version": whole(1, 10**9), **_REQUIRED, **_OPTIONAL})
_USUAL: Mapping[str, Any] = {"defaults": {}, "transliterate": False, "max_parts": 3, "sender": ""}


@desk.route("GET /templates", scope="read", answers={200: shape({"items": listed(_TEMPLATE)})})
def listing(ask: Ask) -> Answer:
    """List the templates, each in its newest version."""
    with ask.ground.database.begin() as db:
        found = templates.listed(db, ask.workspace_id)
    return Answer({"items": [_shown(template) for template in found]})


@desk.route("GET /templates/{slug}", scope="read", answers={200: _TEMPLATE})
def one(ask: Ask, slug: str) -> Answer:
    """Look at one template."""
    with ask.ground.database.begin() as db:
        found = templates.get(db, ask.workspace_id, slug)
    if found is None:
        raise not_found("template")
    return Answer(_shown(found))


@desk.route("PUT /templates/{slug}", scope="manage", takes=_WORDS, answers={200: _TEMPLATE})
def put(ask: Ask, slug: str) -> Answer:
    """Write a template, or a new version of it. Messages that wait keep the version they have."""
    wanted = {**_USUAL, **ask.body}
    problems = [*slug_problems(slug), *_problems(wanted)]
    if problems:
        raise invalid(*problems)
    with ask.ground.database.begin() as db:
        known = templates.get(db, ask.workspace_id, slug)
        if known is None or picked(known, tuple(wanted)) != wanted:
            templates.save(db, ask.workspace_id, slug, **wanted)
            known = templates.get(db, ask.workspace_id, slug)
    if known is None:
        raise not_found("template")
    return Answer(_shown(known))


def slug_problems(slug: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a new name, as a field's problem."""
    if len(slug) > 80 or not re.fullmatch(SLUG_PATTERN, slug):
        yield "slug", "Use small letters, digits and hyphens, at most 80."


def _problems(wanted: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    variables = variables_of()
    for language, source in wanted["texts"].items():
        try:
            compile_template(source, variables)
        except TemplateError as error:
            yield f"texts.{language}", str(error)
    known = {variable.name for variable in variables}
    for name in wanted["defaults"]:
        if name not in known:
            yield f"defaults.{name}", "This is not a variable that a template can use."


def _shown(template: Any) -> dict[str, Any]:
    return picked(template, ("slug", "version", *_REQUIRED, *_OPTIONAL))
