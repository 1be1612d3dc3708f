"""Health: up, ready, and the gauges, for those who may see them."""

from dataclasses import replace
from typing import Any

from flask import Flask

from hub.store import keys
from hub.store.database import run
from hub.store.ground import Ground
from hub.web.health import lacks_of_broker


def test_it_is_up_and_ready(flask_app: Flask):
    client = flask_app.test_client()
    assert client.get("/healthz").text == "ok\n"
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (200, "ready\n")


def test_an_old_schema_is_not_ready(flask_app: Flask, ground: Ground):
    with ground.database.begin() as db:
        run(db, "UPDATE alembic_version SET version_num = '0000'")
    answer = flask_app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert "run hub migrate" in answer.text


def test_a_broker_that_is_away_is_named(ground: Ground):
    away = replace(ground.settings, redis_url="redis://127.0.0.1:1/0")
    assert list(lacks_of_broker(away.redis_url)) == ["Redis does not answer."]
    assert list(lacks_of_broker(ground.settings.redis_url)) == []


def test_the_gauges_count_what_is_there(flask_app: Flask, shop: Any, carrier: Any, road: Any):
    shop.simulator.place_order(phone="06 39 98 01 23", country="FR")
    road.walk()
    text = flask_app.test_client().get("/metrics").text
    assert 'relais_messages{kind="transactional",state="delivered"} 1.0' in text
    assert 'relais_waiting{what="intakes"} 0.0' in text
    assert f'relais_connections{{connector="{shop.slug}",state="active"}} 1.0' in text
    assert "relais_workers 1.0" in text


def test_the_gauges_are_for_this_machine_or_for_a_key(
    flask_app: Flask, ground: Ground, workspace: object
):
    client = flask_app.test_client()
    far = {"REMOTE_ADDR": "203.0.113.7"}
    assert client.get("/metrics", environ_base=far).status_code == 401
    proxied = {"X-Forwarded-For": "203.0.113.7"}
    assert client.get("/metrics", headers=proxied).status_code == 401
    with ground.database.begin() as db:
        key = keys.make(db, workspace, "prometheus", ["read"])  # type: ignore[arg-type]
    bearer = {"Authorization": f"Bearer {key}"}
    assert client.get("/metrics", environ_base=far, headers=bearer).status_code == 200
