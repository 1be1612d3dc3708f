"""Automations: written as documents, started and paused; each change is a new version."""

from typing import Any

from sqlalchemy import Connection

from hub.automations.document import DocumentError, parse
from hub.automations.drafting import lacking
from hub.store import automations, templates
from hub.store.database import Row
from hub.web.api.problems import invalid, not_found
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.schemas import TIME, listed, one_of, optional, shape, text, whole
from hub.web.api.templates import slug_problems

desk = Desk("automations")

_AUTOMATION = shape(
    {
        "slug": text(),
        "version": whole(1, 10**9),
        "state": one_of("draft", "test", "live", "paused"),
        "live_since": optional(TIME),
        "document": {"type": "object"},
    }
)


@desk.route("GET /automations", scope="read", answers={200: shape({"items": listed(_AUTOMATION)})})
def listing(ask: Ask) -> Answer:
    """List the automations, each with its document."""
    with ask.begin() as db:
        found = automations.by_workspaces(db, [ask.workspace_id])
    return Answer({"items": [_shown(automation) for automation in found]})


@desk.route("GET /automations/{slug}", scope="read", answers={200: _AUTOMATION})
def one(ask: Ask, slug: str) -> Answer:
    """Look at one automation."""
    with ask.begin() as db:
        return Answer(_shown(_standing(ask, db, slug)))


@desk.route(
    "PUT /automations/{slug}",
    scope="manage",
    takes={"type": "object"},
    answers={200: _AUTOMATION},
)
def put(ask: Ask, slug: str) -> Answer:
    """Write an automation's document. A new one is a draft until it is started."""
    problems = list(slug_problems(slug))
    try:
        document = parse(ask.body)
    except DocumentError as error:
        raise invalid(*problems, *((p.field, p.words) for p in error.problems)) from None
    with ask.begin() as db:
        template = templates.get(db, ask.workspace_id, document.template)
        problems += lacking(document, template)
        if problems:
            raise invalid(*problems)
        known = automations.get(db, ask.workspace_id, slug)
        state = known["state"] if known is not None else "draft"
        if known is None or known["document"] != ask.body:
            automations.save(db, ask.workspace_id, slug, ask.body, state, ask.ground.clock())
        return Answer(_shown(_standing(ask, db, slug)))


@desk.route("POST /automations/{slug}/start", scope="manage", answers={200: _AUTOMATION})
def start(ask: Ask, slug: str) -> Answer:
    """Start it: events from now on are answered."""
    return _set(ask, slug, "live")


@desk.route("POST /automations/{slug}/pause", scope="manage", answers={200: _AUTOMATION})
def pause(ask: Ask, slug: str) -> Answer:
    """Pause it: nothing more is sent by it, and what waits is not sent either."""
    return _set(ask, slug, "paused")


def _set(ask: Ask, slug: str, state: str) -> Answer:
    with ask.begin() as db:
        automations.set_state(db, ask.workspace_id, slug, state, ask.ground.clock())
        return Answer(_shown(_standing(ask, db, slug)))


def _standing(ask: Ask, db: Connection, slug: str) -> Row:
    found = automations.get(db, ask.workspace_id, slug)
    if found is None:
        raise not_found("automation")
    return found


def _shown(automation: Row) -> dict[str, Any]:
    names = ("slug", "version", "state", "live_since", "document")
    return {name: automation[name] for name in names}
