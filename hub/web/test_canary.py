"""A number, a key and a token that come in by every door: none is in the log, in an answer, or in
the figures."""

import io
import logging
import re

import pytest
from sqlalchemy import create_engine

from hub import config
from hub.contract import Rejected
from hub.store import keys

NUMBER = "+33639980777"
SPELT = ("639980777", "6 39 98 07 77", "6.39.98.07.77")
SECRET = "canarycanarycanarycanary0123456789"
CALLS = [
    ("GET", "/api/v1/people/{n}", None),
    ("GET", "/api/v1/people/06%2039%2098%2007%2077", None),
    ("GET", "/api/v1/workspace?key={s}&cursor={s}", None),
    ("GET", "/api/v1/people?cursor={s}", None),
    ("GET", "/api/v1/templates/{s}", None),
    ("POST", "/api/v1/messages", '{{"template": "none", "to": {{"phone": "{n}"}}}}'),
    ("POST", "/api/v1/messages", '{{"template": "{s}", "to": '),
    ("POST", "/api/v1/events", '{{"type": "{s}", "person": {{"phone": "{n}"}}}}'),
    ("POST", "/api/v1/connections", '{{"connector": "none", "secrets": {{"password": "{s}"}}}}'),
    ("POST", "/api/v1/connections", '{{"connector": "{shop}", "settings": {{"url": "http://{s}@127.0.0.1"}}}}'),
    ("PUT", "/api/v1/workspace", '{{"sender": "{n}", "link_url": "https://{s}"}}'),
    ("POST", "/hooks/{shop}/{s}", '{{"billing": {{"phone": "{n}"}}}}'),
    ("POST", "/hooks/nobody/{s}?token={s}", "{n}"),
    ("POST", "/hooks/{shop}/granted", '{{"consumer_secret": "{s}"}}'),
    ("GET", "/l/{s}", None),
    ("GET", "/connect/{s}", None),
    ("GET", "/connect/back?state={s}&code={s}", None),
    ("GET", "/nowhere/{s}", None),
    ("GET", "/breaks/{s}", None),
]  # fmt: skip


@pytest.fixture
def log():
    """All of the log, as it is written."""
    kept, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(kept), root.level
    handler.setFormatter(config._Lines())
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield kept
    root.removeHandler(handler)
    root.setLevel(level)


def found_in(text, *more):
    return [one for one in (SECRET, NUMBER, *SPELT, *more) if one in text]


@pytest.fixture
def client(flask_app):
    def breaks(what):
        number, key = NUMBER, f"Bearer {what}"  # locals, as a trace might show them
        raise ValueError(f"{number} 06 39 98 07 77 {key} password={what} /hooks/shop/{what}")

    flask_app.add_url_rule("/breaks/<what>", "breaks", breaks)
    return flask_app.test_client()


def walk(client, key, shop):
    for method, path, body in CALLS:
        head = {"Authorization": f"Bearer {key}", "Content-Type": "application/json",
                "Idempotency-Key": SECRET, "X-WC-Webhook-Signature": SECRET,
                "Cookie": f"relais_sign_in={SECRET}"}  # fmt: skip
        filled = {"n": NUMBER, "s": SECRET, "shop": shop}
        said = body.format(**filled) if body else None
        yield client.open(path.format(**filled), method=method, headers=head, data=said)


def test_nothing_that_came_in_is_in_the_log_in_an_error_or_in_the_figures(
    client, ground, workspace, cast, log
):
    with ground.database.begin() as db:
        key = keys.make(db, workspace, "canary", keys.SCOPES)
    for key_used in (key, f"rls_{SECRET}_{SECRET}"):
        for answer in walk(client, key_used, cast["shop"]):
            if answer.status_code >= 400:
                assert found_in(answer.text, key) == [], answer.request.path
    assert "ValueError" in log.getvalue()
    assert found_in(log.getvalue(), key) == []
    assert found_in(client.get("/metrics").text, key) == []


def test_a_database_that_breaks_tells_the_log_no_value(client, ground, workspace, cast, log):
    with ground.database.begin() as db:
        key = keys.make(db, workspace, "canary", keys.SCOPES)
    broken = ground.database.url.replace("postgresql:", "postgresql+psycopg:") + "_gone"
    object.__setattr__(ground.database, "engine", create_engine(broken))
    for answer in walk(client, key, cast["shop"]):
        assert found_in(answer.text, key) == []
    password = re.search(r":([^:@/]+)@", ground.database.url)[1]
    assert "api.busy" in log.getvalue()
    assert found_in(log.getvalue(), key, password) == []


def test_the_vendors_words_are_told_without_what_was_sent(client, ground, log):
    words = Rejected("The signature does not fit.")
    words.__cause__ = ValueError(f"secret={SECRET} {NUMBER}")
    logging.getLogger("hub.x").error("x.rejected", extra={"to": NUMBER}, exc_info=words)
    assert "x.rejected" in log.getvalue()
    assert found_in(log.getvalue()) == []
