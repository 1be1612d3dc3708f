"""Asking smsmode about the account and about a message; and the shape of the whole."""

from dataclasses import replace
from decimal import Decimal

import pytest

from hub.contract import AuthLost, Found, Money, Refused, Unavailable, Unknown

from . import connector
from .account import balance, check, find
from .sending import send
from .simulated.parties import Stub


def test_check_names_the_account_and_its_balance(ctx):
    account = check(ctx)
    assert account.label == "smsmode · Maison Lune"
    assert account.quota == "10000.00 EUR left"


@pytest.mark.parametrize("name", ["rcs_key", "wrong"])
def test_key_that_cannot_send_sms_is_noticed_at_once(ctx, simulator, name):
    key = getattr(simulator, name, "wrong")
    with pytest.raises(AuthLost, match="a key of an SMS channel"):
        check(replace(ctx, secrets={"api_key": key}))


def test_key_that_may_send_but_not_see_the_account_is_good(connect, simulator):
    def wsgi(environ, start_response):
        if environ["PATH_INFO"].startswith("/commons/"):
            start_response("403 Forbidden", [("Content-Length", "2")])
            return [b"{}"]
        return simulator.wsgi(environ, start_response)

    stub = Stub()
    stub.wsgi = wsgi
    ctx = connect(stub)
    assert check(ctx).label == "smsmode · a key that may send but not see the account"
    assert balance(ctx) is None


def test_balance_is_exact_money(ctx, simulator):
    simulator.balance = Decimal("12.34")
    assert balance(ctx) == Money(Decimal("12.34"), "EUR")


def test_address_without_a_scheme_is_refused_in_words(ctx):
    with pytest.raises(Refused, match="must start with https://"):
        check(replace(ctx, settings={"base_url": "rest.smsmode.com"}))


def test_uncertain_message_is_found_under_its_reference_with_its_state(ctx, simulator):
    sent, failed = simulator.outgoing(2)
    simulator.behave(failed.to.e164, "UNDELIVERABLE", "SPAM")
    simulator.faults.plan("lost_after", on="/sms/")
    assert [type(r) for r in send(ctx, [sent, failed])] == [Unknown, Unknown]
    (there,) = simulator.search(sent.reference, "", "")
    assert find(ctx, sent.reference) == Found(there["messageId"], "delivered", "DELIVERED")
    assert find(ctx, failed.reference).state == "failed"
    assert find(ctx, "01900000-0000-7000-8000-000000000000") is None


def test_message_that_is_not_listed_yet_is_not_found_yet(ctx, simulator):
    simulator.lookup_lag = 3600
    (message,) = simulator.outgoing(1)
    send(ctx, [message])
    assert find(ctx, message.reference) is None
    assert connector.carrier.settle_after.total_seconds() == 600


def test_reply_under_the_reference_is_no_proof_of_sending(connect):
    reply = {"messageId": "m-1", "direction": "MO", "refClient": "ref-1", "status": None}
    assert find(connect(Stub("200 OK", {"items": [reply], "totalCount": 1})), "ref-1") is None


@pytest.mark.parametrize(
    "body",
    [
        {"items": [{"messageId": "m-1", "refClient": "other"}], "totalCount": 250},
        {"items": None},
        {},
        "not JSON",
        "[" * 50_000,
        7,
    ],
)
def test_list_that_proves_no_absence_is_no_miss(connect, body):
    with pytest.raises(Unavailable):
        find(connect(Stub("200 OK", body)), "ref-1")


@pytest.mark.parametrize("body", [{"items": []}, [], {"items": [None, {"refClient": "other"}]}])
def test_complete_list_without_the_reference_is_a_miss(connect, body):
    assert find(connect(Stub("200 OK", body)), "ref-1") is None


def test_status_never_met_still_proves_that_smsmode_has_the_message(connect):
    there = {"messageId": "m-1", "refClient": "ref-1", "status": {"value": "TELEPORTED"}}
    found = find(connect(Stub("200 OK", [there])), "ref-1")
    assert found == Found("m-1", "sent", "TELEPORTED")


@pytest.mark.parametrize("items", [[], [None], "none"])
def test_account_that_is_not_shown_is_no_account(connect, items):
    with pytest.raises(Unavailable):
        balance(connect(Stub("200 OK", {"items": items})))


@pytest.mark.parametrize("stated", [None, {}, {"amount": "much"}, {"amount": None}])
def test_balance_that_cannot_be_read_is_none(connect, stated):
    page = {"items": [{"name": "Shop", "balance": stated}]}
    assert balance(connect(Stub("200 OK", page))) is None


def test_smsmode_appends_the_mention_of_stop_and_takes_a_thousand():
    carrier = connector.carrier
    assert carrier.appends_stop
    assert carrier.batch_size == 1000
    assert carrier.channels == ("sms", "rcs")
    assert connector.roles == ("carrier",)
