"""The description of the API, made from the routes themselves: OpenAPI 3.1."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from hub import __version__
from hub.web.api.problems import TITLES
from hub.web.api.routes import Route
from hub.web.api.schemas import CSV, DAY, PROBLEM, text, whole

_QUERY: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "limit": ("How many at most.", whole(1, 200)),
    "cursor": ("`next_cursor` of the page before.", text()),
    "state": ("Only those in this state.", text(20)),
    "type": ("Only those of this event.", text(40)),
    "day": ("The day, in the workspace's zone; today when left out.", DAY),
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Your own name for this request. The same again gives the same answer.",
    "schema": text(200, empty=False),
}
_ABOUT = (
    "Events come in, messages go out, results go home. Every request carries a key of one "
    "workspace: `Authorization: Bearer rls_…`. Errors are problem documents (RFC 9457)."
)


def describe(routes: Iterable[Route], address: str) -> dict[str, Any]:
    """The whole document; `address` is where this hub answers."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Relais", "version": __version__, "description": _ABOUT},
        "servers": [{"url": f"{address}/api/v1"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": PROBLEM},
            "responses": {"Problem": _problem()},
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": route.name,
        "tags": [route.tag],
        "summary": route.says,
        "description": f"Needs the scope `{route.scope}`.",
        "parameters": _parameters(route),
        "responses": {
            **{str(status): _answer(status, shape) for status, shape in route.answers.items()},
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }
    if route.takes is not None:
        made["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": route.takes}},
        }
    return made


def _parameters(route: Route) -> list[dict[str, Any]]:
    path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    query = [
        {"name": name, "in": "query", "description": _QUERY[name][0], "schema": _QUERY[name][1]}
        for name in route.query
    ]
    return [*path, *query, *([_KEY] if route.idempotent else [])]


def _answer(status: int, shape: Mapping[str, Any] | None) -> dict[str, Any]:
    says = {200: "Done.", 201: "Made.", 202: "Taken in.", 204: "Gone."}[status]
    if shape is None:
        return {"description": says}
    if shape is CSV:
        return {"description": says, "content": {"text/csv": {"schema": shape}}}
    return {"description": says, "content": {"application/json": {"schema": shape}}}


def _problem() -> dict[str, Any]:
    codes = "\n".join(f"- `/problems/{code}`: {title}" for code, (_, title) in TITLES.items())
    return {
        "description": f"A problem document. Its type is one of:\n\n{codes}",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
