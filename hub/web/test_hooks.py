"""The door for deliveries: genuine ones are kept before they are answered, others never are."""

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.store.database import row, rows
from hub.web import site
from hub.work.nudges import Nudges, celery_app


@pytest.fixture
def door(shop, ground, flask_app, road):
    road.walk()
    with ground.database.begin() as db:
        connection = row(db, "SELECT * FROM connections WHERE id = :id", id=shop.connection_id)
    path = f"/hooks/{shop.slug}/{connection['hook_token']}"
    secret = ground.credentials(connection)["webhook_secret"]
    return Door(flask_app.test_client(), path, shop.simulator, secret, ground)


class Door:
    def __init__(self, client, path, simulator, secret, ground):
        self.client, self.path, self.ground = client, path, ground
        self.simulator, self.secret = simulator, secret

    def signed(self, body, topic="order.updated"):
        digest = hmac.new(self.secret.encode(), body, hashlib.sha256).digest()
        headers = {
            "X-WC-Webhook-Topic": topic,
            "X-WC-Webhook-ID": "1",
            "X-WC-Webhook-Signature": base64.b64encode(digest).decode(),
            "Content-Type": "application/json",
        }
        return self.client.post(self.path, data=body, headers=headers)

    def kept(self):
        with self.ground.database.begin() as db:
            return row(db, "SELECT count(*) AS n FROM intakes")["n"]


ORDER = json.dumps({"id": 77, "status": "processing", "billing": {}}).encode()


def test_a_signed_delivery_is_kept_then_answered(door):
    assert door.signed(ORDER).status_code == 200
    assert door.kept() == 1


def test_the_same_delivery_twice_is_one_intake(door):
    door.signed(ORDER)
    assert door.signed(ORDER).status_code == 200
    assert door.kept() == 1


def test_an_unsigned_delivery_is_refused_and_not_kept(door):
    answer = door.client.post(
        door.path, data=ORDER, headers={"X-WC-Webhook-Topic": "order.updated"}
    )
    assert answer.status_code == 401
    assert door.kept() == 0


def test_the_shops_ping_is_answered_with_200_and_not_kept(door):
    assert door.client.post(door.path, data={"webhook_id": "1"}).status_code == 200
    assert door.kept() == 0


@pytest.mark.parametrize("part", ["shop", "nobody"])
def test_an_unknown_address_is_404(door, cast, part):
    path = f"/hooks/{cast.get(part, part)}/guess"
    assert door.client.post(path, data=ORDER).status_code == 404


def test_a_body_over_one_mebibyte_is_413_and_not_kept(door):
    assert door.signed(b" " * (1024 * 1024 + 1)).status_code == 413
    assert door.kept() == 0


def test_a_delivery_to_a_database_that_is_away_asks_to_come_again(door, ground, nudge):
    from dataclasses import replace

    from hub.store.database import connect

    away = connect("postgresql://nobody:x@127.0.0.1:9/none", pool=1)
    client = site.build(replace(ground, database=away), nudge).test_client()
    answer = client.post(door.path, data=ORDER)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_a_broker_that_is_away_is_not_noticed_by_the_shop(door, ground):
    nowhere = Nudges(celery_app("redis://127.0.0.1:9/0"))
    door.client = site.build(ground, nowhere).test_client()
    assert door.signed(ORDER).status_code == 200
    assert door.kept() == 1


def test_a_removed_connection_takes_nothing_in(door, ground):
    from hub.store import connections

    with ground.database.begin() as db:
        removed = rows(db, "SELECT id FROM connections")
        for one in removed:
            connections.remove(db, one["id"])
    assert site.build(ground, None).test_client().post(door.path, data=ORDER).status_code == 404


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.binary(max_size=300))
def test_any_signed_bytes_are_kept_and_opened_without_an_accident(door, road, body):
    assert door.signed(body).status_code == 200
    road.walk()
    with door.ground.database.begin() as db:
        left = row(db, "SELECT count(*) AS n FROM intakes WHERE state = 'new'")
    assert left["n"] == 0
