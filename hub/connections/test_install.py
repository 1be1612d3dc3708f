"""Installing: the form, the shop's consent page, the subscriptions, and going away again."""

import re
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests

from hub.connections import install
from hub.connections.forms import BadForm
from hub.connections.health import look_after_due
from hub.contract import AuthLost
from hub.contract.kit.simulator import serve
from hub.store import health
from hub.store.database import row


@pytest.fixture
def simulated(found, cast, clock, flask_app):
    shop = type(found.simulator(cast["shop"]))(clock=clock)
    with serve(shop) as served:
        yield shop, served.url


def keys(shop):
    return {k: v for k, v in shop.secrets().items() if k != "webhook_secret"}


def kept(ground):
    with ground.database.begin() as db:
        return row(db, "SELECT * FROM connections ORDER BY id DESC LIMIT 1")


def test_keys_install_at_once_and_subscribe(ground, workspace, simulated, cast):
    shop, url = simulated
    install.start(ground, workspace, cast["shop"], shop.settings(url), keys(shop))
    made = kept(ground)
    assert made["state"] == "active"
    topics = {hook["topic"] for hook in shop.webhooks.rows.values()}
    assert {"order.created", "order.updated"} <= topics
    assert all(hook["status"] == "active" for hook in shop.webhooks.rows.values())


def test_wrong_keys_are_refused_in_words_and_leave_nothing_active(
    ground, workspace, simulated, cast
):
    shop, url = simulated
    wrong = {**keys(shop), "consumer_secret": "cs_wrong"}
    with pytest.raises(AuthLost):
        install.start(ground, workspace, cast["shop"], shop.settings(url), wrong)
    assert kept(ground)["state"] == "removed"
    assert kept(ground)["secrets"] is None


@pytest.mark.parametrize(
    ("part", "form", "secrets", "field"),
    [
        ("pigeons", {}, {}, "connector"),
        ("shop", {}, {}, "url"),
        ("shop", {"url": "https://shop.example.com", "colour": "red"}, {}, "colour"),
        ("phones", {}, {}, "api_key"),
    ],
)
def test_a_form_that_cannot_be_used_names_its_fields(
    ground, workspace, cast, part, form, secrets, field
):
    with pytest.raises(BadForm) as refusal:
        install.start(ground, workspace, cast.get(part, part), form, secrets)
    assert field in dict(refusal.value.problems)


def test_the_shops_consent_page_hands_out_keys_once(ground, workspace, simulated, flask_app, cast):
    shop, url = simulated
    given = shop.settings(url)
    started = install.start(ground, workspace, cast["shop"], given, {})
    assert kept(ground)["state"] == "installing"
    state = parse_qs(urlsplit(started.consent_url).query)["user_id"][0]
    page = requests.get(started.consent_url, timeout=10)
    approve = unescape(re.search(r'id="approve" href="([^"]+)"', page.text)[1])
    back = requests.get(urljoin(started.consent_url, approve), timeout=10, allow_redirects=False)
    assert "success=1" in back.headers["Location"]
    look_after_due(ground)
    assert kept(ground)["state"] == "active"
    again = {"key_id": 1, "user_id": state, "consumer_key": "ck_x", "consumer_secret": "cs_x",
             "key_permissions": "read_write"}  # fmt: skip
    client = flask_app.test_client()
    assert client.post(f"/hooks/{cast['shop']}/granted", json=again).status_code == 401


def test_removing_unsubscribes_and_keeps_no_secret(ground, workspace, simulated, cast):
    shop, url = simulated
    made = install.start(ground, workspace, cast["shop"], shop.settings(url), keys(shop))
    assert install.remove(ground, workspace, made.connection_id)
    assert shop.webhooks.rows == {}
    assert kept(ground)["secrets"] is None
    assert not install.remove(ground, workspace, made.connection_id)


def test_a_shop_that_is_away_for_a_while_is_said_and_then_forgotten(
    ground, workspace, simulated, clock, cast
):
    shop, url = simulated
    made = install.start(ground, workspace, cast["shop"], shop.settings(url), keys(shop))
    shop.faults.plan("500", times=3)
    clock.move(minutes=16)
    look_after_due(ground)
    assert kept(ground)["state"] == "attention"
    shop.faults.clear()
    clock.move(minutes=3)
    look_after_due(ground)
    assert kept(ground)["state"] == "active"
    with ground.database.begin() as db:
        assert health.notes(db, made.connection_id)
