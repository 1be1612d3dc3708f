"""Asking Twilio about the account and about a message; and the shape of the whole."""

from dataclasses import replace
from decimal import Decimal

import pytest

from hub.contract import Accepted, AuthLost, Found, Money, Refused, Unavailable

from . import connector
from .account import balance, check, status
from .sending import send
from .simulated.stub import Stub


def test_check_names_the_account_and_its_balance(ctx, simulator):
    account = check(ctx)
    assert account.label == "Twilio · Maison Lune"
    assert (account.id, account.quota) == (simulator.account_sid, "10000.00 USD left")


def test_trial_account_is_said_to_send_to_few(ctx, simulator):
    simulator.type = "Trial"
    assert "verified" in check(ctx).lacks[0]


def test_suspended_account_is_said_to_send_nothing(ctx, simulator, monkeypatch):
    asleep = {"sid": simulator.account_sid, "status": "suspended", "type": "Full"}
    monkeypatch.setattr(type(simulator), "resource", lambda self: asleep)
    assert "suspended" in check(ctx).lacks[0]


@pytest.mark.parametrize("part", ["secrets", "settings"])
def test_missing_credential_is_noticed_without_a_call(ctx, simulator, part):
    with pytest.raises(AuthLost, match="empty"):
        check(replace(ctx, **{part: {**getattr(ctx, part), "auth_token": "", "account_sid": ""}}))
    assert simulator.faults.asked == 0


def test_balance_is_exact_money(ctx, simulator):
    simulator.balance = Decimal("12.3456")
    assert balance(ctx) == Money(Decimal("12.3456"), "USD")


@pytest.mark.parametrize("code", ["403 Forbidden", "404 Not Found"])
def test_subaccount_has_no_balance_of_its_own(connect, code):
    assert balance(connect(Stub(code, {"code": 20404}))) is None


@pytest.mark.parametrize("answer", [[], {}, "null", "[" * 50_000])
def test_account_that_cannot_be_read_is_unavailable(connect, answer):
    with pytest.raises(Unavailable):
        check(connect(Stub("200 OK", answer)))


def test_address_without_a_scheme_is_refused_in_words(ctx):
    with pytest.raises(Refused, match="must start with https://"):
        check(replace(ctx, settings={**ctx.settings, "base_url": "api.twilio.com"}))


def test_message_is_found_by_twilios_id_with_its_state(ctx, simulator):
    message = simulator.outgoing(1)[0]
    (taken,) = send(ctx, [message])
    assert isinstance(taken, Accepted)
    name = taken.carrier_message_id
    assert status(ctx, name) == Found(name, "delivered", "delivered")
    simulator.messages.by_sid[name].status = "undelivered"
    simulator.messages.by_sid[name].error = "30003"
    assert status(ctx, name) == Found(name, "failed", "30003")


@pytest.mark.parametrize("name", ["SM" + "0" * 32, "../Balance", "", "SM1?To=+1"])
def test_message_twilio_does_not_know_is_none(ctx, name):
    assert status(ctx, name) is None


def test_other_message_than_the_one_asked_for_is_not_believed(connect):
    other = {"sid": "SM" + "1" * 32, "status": "delivered"}
    with pytest.raises(Unavailable, match="another message"):
        status(connect(Stub("200 OK", other)), "SM" + "2" * 32)


def test_rcs_is_carried_where_its_sender_is_set():
    carrier = connector.carrier
    assert carrier.channels_of({"rcs_sender": "brand"}) == ("sms", "rcs")
    assert carrier.channels_of({"rcs_sender": " "}) == ("sms",)
    brand = carrier.agent({"rcs_sender": "rcs:brand", "rcs_name": "Maison Lune"})
    assert (brand.name, brand.active) == ("Maison Lune", True)
    assert not carrier.agent({}).active


def test_nothing_is_asked_by_reference_and_nothing_taken_back():
    carrier = connector.carrier
    assert (carrier.find, carrier.revoke, carrier.replay_within) == (None, None, None)
    assert all(field.help for field in (*connector.settings, *connector.auth.fields))
