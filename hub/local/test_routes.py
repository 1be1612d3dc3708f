"""A route that learns late writes the same addresses."""

from flask import Flask, url_for
from werkzeug.routing import Rule

from hub.local.routes import LateRule


def addresses(kind):
    app = Flask("routes", static_folder=None)
    app.url_rule_class = kind
    for name, rule in {"page": "/a b/<int:n>/<path:rest>", "plain": "/é", "home": "/"}.items():
        app.add_url_rule(rule, name, lambda **_: "")
    with app.test_request_context("/"):
        return [
            url_for("page", n=7, rest="x/y z", more="1 2"),
            url_for("page", n=7, rest="x"),
            url_for("plain", _external=True),
            url_for("home", _anchor="top"),
        ]


def test_an_address_is_the_same_as_of_a_route_that_learnt_at_once():
    assert addresses(LateRule) == addresses(Rule)
