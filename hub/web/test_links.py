"""The links' door: where a tap leads, what is kept of it, and what it never does."""

import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import redis
from sqlalchemy import event

from hub.store import links

from .conftest import SHOP, planned

WHATSAPP = {"User-Agent": "WhatsApp/2.24.11.79 A"}


def test_a_tap_leads_to_the_target_and_is_kept(phone, mint, kept):
    answer = phone.get(f"/l/{mint()}")
    assert (answer.status_code, answer.headers["Location"]) == (302, SHOP)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers
    assert kept() == [("person", "")]


def test_taps_wake_the_arrow_once_and_leave_the_rest_to_the_clock(phone, mint, settings):
    token = mint()
    with redis.Redis.from_url(settings.redis_url) as broker:
        broker.delete("clicks")
        for _ in range(3):
            phone.get(f"/l/{token}")
        deadline = time.monotonic() + 10
        while not broker.llen("clicks") and time.monotonic() < deadline:
            time.sleep(0.02)
        assert broker.llen("clicks") == 1


def test_a_connection_goes_back_to_the_pool_as_it_was(phone, mint, ground):
    phone.get(f"/l/{mint()}")
    raw = ground.database.engine.raw_connection()
    try:
        assert raw.driver_connection.autocommit is False
    finally:
        raw.close()


def test_a_tap_costs_one_transaction_and_no_other_statement(phone, mint, ground):
    token = mint()
    phone.get(f"/l/{token}")
    heard = []
    heed = ground.database.engine, "begin", heard.append
    event.listen(*heed)
    assert phone.get(f"/l/{token}").status_code == 302
    event.remove(*heed)
    assert heard == []


def test_the_campaign_is_added_on_the_way_and_the_query_stays_whole(phone, mint):
    utm = {"source": "sms", "medium": "mobile", "campaign": "été & co", "content": "a"}
    token = mint("https://shop.example.com/c?x=1&utm_medium=theirs&y=%2F#top", utm=utm)
    parts = urlsplit(phone.get(f"/l/{token}").headers["Location"])
    assert parts.query.startswith("x=1&utm_medium=theirs&y=%2F&")
    asked = parse_qs(parts.query)
    assert asked["utm_campaign"] == ["été & co"]
    assert asked["utm_medium"] == ["theirs"]
    assert parts.fragment == "top"


@pytest.mark.parametrize(
    "query", ["?u=//evil.example", "?target=https://evil.example", "?next=/x&utm_source=z"]
)
def test_nothing_in_the_request_changes_the_way(phone, mint, query):
    headers = {"X-Forwarded-Host": "evil.example", "Referer": "https://evil.example"}
    assert phone.get(f"/l/{mint()}{query}", headers=headers).headers["Location"] == SHOP


@pytest.mark.parametrize(
    "token", ["short", "toolongtoken", "abcdefghi%00", "ábcdefghij", "abc-efghij"]
)
def test_what_cannot_be_a_token_is_not_looked_up(phone, kept, token):
    answer = phone.get(f"/l/{token}", headers={"Accept-Language": "de"})
    assert answer.status_code == 404
    assert "Diesen Link gibt es nicht" in answer.text


def test_an_unknown_token_is_answered_like_an_impossible_one(phone, mint):
    token = mint()
    other = phone.get(f"/l/{token.swapcase()}")
    assert (other.status_code, other.text) == (404, phone.get("/l/nope").text)


def test_an_ended_link_says_so_in_the_message_s_language(phone, mint, clock, kept):
    token = mint()
    clock.move(days=31)
    answer = phone.get(f"/l/{token}", headers={"Accept-Language": "de"})
    assert answer.status_code == 410
    assert '<html lang="fr">' in answer.text
    assert "Maison Lune" in answer.text
    assert "shop.example.com" not in answer.text
    assert kept() == []


@pytest.mark.parametrize(
    ("method", "headers", "why", "status"),
    [
        ("HEAD", {}, "HEAD", 302),
        ("GET", {"Sec-Purpose": "prefetch;prerender"}, "prefetch", 503),
        ("GET", {"X-Moz": "prefetch"}, "prefetch", 503),
        ("GET", {"X-Purpose": "preview"}, "preview", 302),
        ("GET", {"User-Agent": "curl/8.14.1"}, "a program", 302),
        ("GET", {"User-Agent": ""}, "no browser", 302),
        ("GET", WHATSAPP, "WhatsApp", 302),
    ],
)
def test_what_is_no_tap_is_kept_as_a_robot(phone, mint, kept, method, headers, why, status):
    answer = phone.open(f"/l/{mint()}", method=method, headers=headers)
    assert answer.status_code == status
    assert kept() == [("robot", why)]


def test_a_preview_robot_reads_title_description_and_picture(phone, mint, kept):
    told = {
        "title": "Panier <gardé>",
        "description": "Deux articles",
        "image": "https://shop.example.com/a.jpg",
    }
    answer = phone.get(f"/l/{mint(preview=told)}", headers=WHATSAPP)
    assert answer.status_code == 200
    assert '<meta property="og:title" content="Panier &lt;gardé&gt;">' in answer.text
    assert '<meta property="og:description" content="Deux articles">' in answer.text
    assert '<meta property="og:image" content="https://shop.example.com/a.jpg">' in answer.text
    assert SHOP not in answer.text
    assert kept() == [("robot", "WhatsApp")]


@pytest.mark.parametrize("target", ["javascript:alert(1)", "//evil.example", "https://a@b.example"])
def test_a_target_that_is_no_plain_web_address_is_never_followed(phone, mint, target):
    answer = phone.get(f"/l/{mint(target)}")
    assert (answer.status_code, answer.headers.get("Location")) == (404, None)


def test_a_target_outside_the_workspace_s_domains_is_never_followed(
    phone, mint, workspace, own_host
):
    token = mint()
    own_host(workspace, link_domains=["example.org"])
    assert phone.get(f"/l/{token}").status_code == 404
    own_host(workspace, link_domains=["Example.com"])
    assert phone.get(f"/l/{token}").status_code == 302


def test_a_workspace_s_own_host_opens_its_links_and_nothing_else(
    phone, mint, ground, workspace, other_workspace, own_host
):
    own_host(workspace, link_url="https://lnk.example")
    own_host(other_workspace, link_url="https://other.example")
    mine, theirs = mint(), mint(message_id=planned(ground, other_workspace))
    here = {"base_url": "http://LNK.example"}
    assert phone.get(f"/{mine}", **here).status_code == 302
    assert phone.get(f"/l/{mine}", **here).status_code == 302
    for path in (f"/{theirs}", f"/l/{theirs}", "/healthz", "/metrics", "/", "/connected", "/x/y"):
        assert phone.get(path, **here).status_code == 404, path
    assert phone.get(f"/{theirs}", base_url="http://other.example").status_code == 302


def test_the_hub_s_own_host_keeps_its_doors(phone, mint, ground, workspace, own_host):
    own_host(workspace, link_url=ground.settings.address)
    token = mint()
    assert phone.get("/healthz", base_url=ground.settings.address).status_code == 200
    assert phone.get(f"/{token}").status_code == 404
    assert phone.get(f"/l/{token}", base_url=ground.settings.address).status_code == 302


def test_who_keeps_guessing_has_to_wait_and_others_do_not(phone, mint, monkeypatch):
    token, guesser = mint(), {"REMOTE_ADDR": "2.3.4.5"}
    said = [phone.get(f"/l/{links.new_token()}", environ_base=guesser) for _ in range(70)]
    assert {answer.status_code for answer in said} == {404, 429}
    assert phone.get(f"/l/{token}", environ_base=guesser).headers["Retry-After"]
    assert phone.get(f"/l/{token}", environ_base={"REMOTE_ADDR": "2.3.4.6"}).status_code == 302


def test_a_database_that_is_away_asks_to_come_again(ground, nudge):
    from dataclasses import replace

    from flask import Flask

    from hub.store.database import connect
    from hub.web.links import door
    from hub.work.nudges import Bell

    away = connect("postgresql://nobody:x@127.0.0.1:9/none", pool=1)
    app = Flask("away")
    app.register_blueprint(door(replace(ground, database=away), Bell(nudge)))
    answer = app.test_client().get(f"/l/{links.new_token()}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def test_two_links_of_one_message_are_two(phone, mint, ground, message):
    first, second = mint(label="confirm"), mint(label="help", kind="support")
    phone.get(f"/l/{second}")
    with ground.database.begin() as db:
        found, other = links.of_message(db, message)
    assert (found["label"], other["label"]) == ("confirm", "help")
    assert bytes(found["token_hash"]) == links.digest(first)
    assert found["expires_at"] - found["created_at"] == timedelta(days=30)
