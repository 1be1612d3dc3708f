"""Signing in by OAuth 2 and staying signed in: the dance, its forgeries, tokens that run out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests

from hub.connections import health, install
from hub.connections.forms import BadForm
from hub.contract import AuthLost, Refused
from hub.local.consenting import agree
from hub.store import connections


def test_a_merchant_signs_in_and_the_connection_is_active(toy):
    row = toy.connect()
    assert (row["state"], row["label"], row["account"]) == ("active", "Toy acc-1", "acc-1")
    assert toy.vendor.sign_in.scopes == "read write"
    assert health.health_of(row, toy.ground.clock()).state == "healthy"


def test_no_token_and_no_secret_is_readable_in_the_row(toy):
    row = toy.connect()
    secrets = connections.secrets_of(toy.ground.vault, row)
    kept = [secrets[n] for n in ("access_token", "refresh_token", "client_secret")]
    shown = str(dict(row)).encode() + bytes(row["secrets"])
    assert not any(value.encode() in shown for value in kept)


def test_whoever_declines_is_told_and_nothing_is_connected(toy):
    started = toy.start()
    assert "Nothing was connected" in agree(started.consent_url, "deny")
    assert toy.row(started.connection_id)["state"] == "installing"


def test_the_way_back_works_once_and_in_the_browser_that_set_out_only(toy):
    started = toy.start()
    page = requests.get(started.consent_url, timeout=10)
    back = page.text.split('id="approve" href="')[1].split('"')[0].replace("&amp;", "&")
    stranger = requests.get(back, timeout=10)
    assert stranger.status_code == 400
    assert "ended" in stranger.text
    cookies = page.history[0].cookies
    assert requests.get(back, cookies=cookies, timeout=10).status_code == 200
    assert requests.get(back, cookies=cookies, timeout=10).status_code == 400


def test_a_second_browser_cannot_take_over_a_sign_in_that_has_set_out(toy):
    started = toy.start()
    assert requests.get(started.consent_url, timeout=10).ok
    assert requests.get(started.consent_url, timeout=10).status_code == 400


def test_a_sign_in_ends_after_a_quarter_of_an_hour(toy, clock):
    started = toy.start()
    clock.move(minutes=16)
    assert requests.get(started.consent_url, timeout=10).status_code == 400


def test_a_token_that_ran_out_is_renewed_once_by_many_workers_at_once(toy, clock):
    row = toy.connect()
    asked = toy.vendor.sign_in.asked
    clock.move(hours=1)
    with ThreadPoolExecutor(6) as workers:
        work = [workers.submit(toy.ground.call, row, lambda ctx: ctx.secrets) for _ in range(6)]
        tokens = {one.result()["access_token"] for one in work}
    assert len(tokens) == 1
    assert toy.vendor.sign_in.asked == asked + 1


def test_a_token_refused_before_its_time_is_renewed_and_the_work_done_again(toy, road):
    row = toy.connect()
    toy.vendor.sign_in.expire()
    assert health.look_after(toy.ground, row) == ""
    assert toy.row(row["id"])["state"] == "active"


def test_refresh_tokens_that_rotate_go_on_for_ever(toy, clock):
    row = toy.connect()
    for _ in range(5):
        clock.move(hours=2)
        assert health.look_after(toy.ground, toy.row(row["id"])) == ""
    assert toy.vendor.sign_in.standing == 1


def test_a_rotated_token_that_was_lost_on_its_way_asks_for_sign_in(toy, clock):
    row = toy.connect()
    clock.move(hours=1)
    toy.vendor.faults.plan("500_after", on="/token")
    assert health.look_after(toy.ground, row)
    assert health.health_of(toy.row(row["id"]), clock()).state == "degraded"
    assert health.look_after(toy.ground, toy.row(row["id"]))
    assert health.health_of(toy.row(row["id"]), clock()).state == "sign_in"


def test_a_consent_taken_back_asks_for_sign_in_and_signing_in_again_heals(toy):
    row = toy.connect()
    toy.vendor.sign_in.revoke()
    assert health.look_after(toy.ground, row)
    lost = toy.row(row["id"])
    assert health.health_of(lost, toy.ground.clock()).state == "sign_in"
    agree(install.sign_in_again(toy.ground, lost, {}).consent_url)
    assert health.look_after(toy.ground, toy.row(row["id"])) == ""
    assert health.health_of(toy.row(row["id"]), toy.ground.clock()).state == "healthy"


def test_a_token_address_that_is_down_is_a_disturbance_not_a_lost_sign_in(toy, clock):
    row = toy.connect()
    clock.move(hours=1)
    toy.vendor.faults.plan("500", on="/token", times=3)
    assert health.look_after(toy.ground, row)
    assert health.health_of(toy.row(row["id"]), clock()).state == "degraded"
    toy.vendor.faults.clear()
    assert health.look_after(toy.ground, toy.row(row["id"])) == ""


def test_signing_in_to_another_account_is_noticed(toy):
    row = toy.connect()
    toy.vendor.account = "acc-2"
    assert "another account" in health.look_after(toy.ground, row)


def test_healthy_is_not_said_of_what_was_not_checked_for_long(toy, clock):
    row = toy.connect()
    later = clock() + timedelta(hours=3)
    assert health.health_of(row, later).state == "degraded"


def test_removing_gives_the_tokens_back_and_says_what_stays(toy, workspace):
    row = toy.connect()
    assert install.remove(toy.ground, workspace, row["id"]) == "Notes stay."
    assert toy.vendor.sign_in.standing == 0


def test_the_same_account_is_not_connected_twice(toy):
    toy.connect()
    with pytest.raises(Refused, match="connected already"):
        toy.connect()


def test_a_second_connection_needs_the_app_no_more(toy, workspace):
    toy.connect()
    toy.vendor.account = "acc-2"
    started = toy.start(secrets={})
    agree(started.consent_url)
    install.finish(toy.ground, started.connection_id)
    assert toy.row(started.connection_id)["state"] == "active"


def test_without_an_app_the_form_says_what_is_missing(toy):
    with pytest.raises(BadForm, match="Client ID"):
        toy.start(secrets={})


def test_work_that_a_lost_sign_in_stopped_is_reported_as_such(toy):
    row = toy.connect()
    toy.vendor.sign_in.revoke()
    with pytest.raises(AuthLost):
        toy.ground.call(row, toy.ground.connectors["toy"].check)
    assert toy.row(row["id"])["signed_out"]
