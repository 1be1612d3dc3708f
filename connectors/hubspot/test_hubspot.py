import re
from dataclasses import replace
from html import unescape

import pytest
import requests

from hub.contract import AuthLost

from . import access, actions, connector, fields, signature, subscriptions, write_back


def dance(ctx, account, **more):
    """What the hub does with the declared way of signing in."""
    way, app = fields.SIGN_IN, account.typed("oauth")
    query = {
        "client_id": app["client_id"],
        "redirect_uri": "http://127.0.0.1/connect/back",
        "response_type": "code",
        "scope": " ".join(way.scopes),
        "state": "s-1",
    }
    page = requests.get(way.authorize_url(ctx.settings), params=query, timeout=5)
    code = re.search(r"code=([\w-]+)", unescape(page.text))[1]
    form = {"grant_type": "authorization_code", "code": code, **query, **app, **more}
    return requests.post(way.token_url(ctx.settings), data=form, timeout=5)


def test_signing_in_gives_a_token_that_works_and_can_be_given_back(ctx, account):
    found = dance(ctx, account).json()
    secrets = {**account.typed("oauth"), "access_token": found["access_token"]}
    assert access.check(replace(ctx, secrets=secrets)).id == "62515"
    assert account.leftovers() == ["a live refresh token"]
    back = {"token": found["refresh_token"]}
    requests.post(fields.revoke_url(ctx.settings), data=back, timeout=5)
    assert account.leftovers() == []


def test_a_wrong_app_gets_no_token(ctx, account):
    assert dance(ctx, account, client_secret="wrong").status_code == 400


def test_a_token_that_ran_out_is_lost_until_it_is_renewed(ctx, account):
    account.sign_in.expire()
    with pytest.raises(AuthLost, match="expired"):
        access.check(ctx)
    assert access.check(replace(ctx, secrets=account.secrets())).id == "62515"


def test_from_the_event_to_the_timeline_and_back_to_nothing(
    ctx, account, ear, whole, outcome, clock
):
    """Install, event, result, reply, opt-out, removal: the whole road of one contact."""
    installed = replace(ctx, state=subscriptions.subscribe(ctx).state, account="62515")
    number = account.create_contact()
    assert account.flush()
    (event,) = whole(installed, ear[0].told())
    known, since = {event.key}, len(ear[0].told())
    for kind in ("sent", "delivered", "replied", "opted_out"):
        clock.on(seconds=3)
        (written,) = write_back.write(installed, [outcome(event.subject, kind, text="STOP")])
        assert written.reference
    assert account.record(event.subject)["relais_sms_opt_in"] == "false"
    assert len(account.notes(event.subject)) == 3
    assert account.flush()
    assert {e.key for e in whole(installed, ear[0].told()[since:])} <= known
    subscriptions.unsubscribe(installed)
    assert account.leftovers() == []
    heard = len(ear[0].told())
    account.edit_contact(number, city="Paris")
    assert account.flush()
    assert len(ear[0].told()) == heard


def test_a_workflows_call_in_both_signatures_opens_its_door(installed, account):
    ((_, request),) = account.executions(1)
    for version in ("v3", "v2"):
        url, body = request.url, {"callbackId": version}
        call = account.workflows.signed(url, body, version)
        stamped = replace(
            call, headers={**call.headers, "x-relais-received-at": installed.clock().isoformat()}
        )
        signature.verify_call(stamped, installed.secrets)
        assert actions.dedupe(stamped) == f"workflow:{version}"


def test_the_declared_parts_fit_each_other():
    assert connector.target.batch_size == 100
    assert set(connector.actions) == {"send"}
    assert set(connector.questions) == {"templates"}
