"""The REST API: one file per noun declares its routes; what all of them share stands beside."""

from collections.abc import Callable

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from hub.store.ground import Ground
from hub.web import often
from hub.web.api import (
    automations,
    connections,
    connectors,
    decisions,
    deliveries,
    doors,
    events,
    gallery,
    health,
    messages,
    openapi,
    people,
    prices,
    reach,
    routing,
    rules,
    spending,
    templates,
    uncertain,
    webhooks,
    workspace,
)
from hub.web.api.problems import respond, too_often
from hub.web.api.routes import Route

PREFIX = "/api/v1"
_DESKS = (
    workspace.desk,
    events.desk,
    messages.desk,
    uncertain.desk,
    decisions.desk,
    people.desk,
    templates.desk,
    gallery.desk,
    automations.desk,
    rules.desk,
    connectors.desk,
    connections.desk,
    routing.desk,
    reach.desk,
    prices.desk,
    spending.desk,
    webhooks.desk,
    deliveries.desk,
    health.desk,
)

ROUTES: tuple[Route, ...] = tuple(route for desk in _DESKS for route in desk.routes)


def door(ground: Ground, ring: Callable[[str], None]) -> Blueprint:
    """`/api/v1`, for programs with a key; its description at `/api/v1/openapi.json` is open."""
    api = Blueprint("api", __name__, url_prefix=PREFIX)
    front = doors.Front(ground, ring)
    wait = often.api_wait(ground.settings)
    for route in ROUTES:
        api.add_url_rule(
            route.rule,
            route.name,
            front.view(route),
            methods=[route.method],
            provide_automatic_options=False,
        )

    @api.before_request
    def not_too_often() -> Response | None:
        seconds = wait()
        return respond(too_often(seconds)) if seconds else None

    @api.get("/openapi.json", provide_automatic_options=False)
    def description() -> Response:
        return doors.as_json(openapi.describe(ROUTES, ground.settings.address))

    @api.app_errorhandler(HTTPException)
    def refused(error: HTTPException) -> ResponseReturnValue:
        """Flask's own refusals (no such page, too large) as problem documents, here only."""
        return doors.of_http(error) if request.path.startswith(PREFIX) else error

    return api
