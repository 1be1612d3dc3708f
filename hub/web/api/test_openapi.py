"""The description is valid, holds every route, and every route asks for a key and a scope."""

import re
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from hub.store.keys import SCOPES
from hub.web.api import PREFIX, ROUTES

OPEN = f"{PREFIX}/openapi.json"


@pytest.fixture
def rules(flask_app: Flask) -> list[Any]:
    """The API's routes as Flask has them."""
    found = [rule for rule in flask_app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    return [rule for rule in found if rule.rule != OPEN]


def _described(rule: Any) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix(PREFIX))


def _methods(rule: Any) -> set[str]:
    return rule.methods - {"HEAD", "OPTIONS"}


def test_the_description_is_valid_openapi_3_1(flask_app: Flask):
    answer = flask_app.test_client().get(OPEN)
    assert answer.status_code == 200
    OpenAPIV31SpecValidator(answer.json).validate()


def test_every_route_is_described(flask_app: Flask, rules: list[Any]):
    paths = flask_app.test_client().get(OPEN).json["paths"]
    described = {(path, method.upper()) for path, item in paths.items() for method in item}
    assert described == {(_described(rule), m) for rule in rules for m in _methods(rule)}


def test_every_route_asks_for_a_key(flask_app: Flask, rules: list[Any]):
    client = flask_app.test_client()
    for rule in rules:
        at = re.sub(r"<[^>]+>", "x", rule.rule)
        for method in _methods(rule):
            answer = client.open(f"{at}?key=rls_a_b&access_token=rls_a_b", method=method, json={})
            assert (answer.status_code, answer.json["type"]) == (401, "/problems/no-key"), at
            assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_every_route_asks_for_its_scope(flask_app: Flask, rules: list[Any], program_of, workspace):
    by_name = {route.name: route for route in ROUTES}
    for rule in rules:
        route = by_name[rule.endpoint.removeprefix("api.")]
        assert route.scope in SCOPES
        others = [scope for scope in SCOPES if scope != route.scope]
        program = program_of(workspace, *others)
        at = re.sub(r"<[^>]+>", "x", rule.rule).removeprefix(PREFIX)
        for method in _methods(rule):
            act = getattr(program, method.lower())
            answer = act(at) if method in ("GET", "DELETE") else act(at, {})
            assert (answer.status_code, answer.json["type"]) == (403, "/problems/no-scope"), at


def test_only_get_is_free_of_a_body(flask_app: Flask):
    assert all(route.takes is None for route in ROUTES if route.method in ("GET", "DELETE"))
