import json
import logging
from dataclasses import replace

import pytest

from hub.contract import AuthLost, Refused, Throttled, Unavailable
from hub.contract.kit.simulator import serve

from . import access, answers, client, paths, subscriptions, write_back
from .answers import Answer


def said(status, body=None, **headers):
    raw = json.dumps(body or {}).encode()
    return Answer(status, "", raw, {k.replace("_", "-"): v for k, v in headers.items()})


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (said(429, retry_after="7"), 7),
        (said(429, retry_after="10000"), 10),
        (said(429, retry_after="1500"), 1.5),
        (said(429, {"policyName": "SECONDLY"}), 1),
        (said(429, {"policyName": "TEN_SECONDLY_ROLLING"}), 10),
        (said(429, {"policyName": "DAILY"}), 3600),
        (said(423), 2),
        (said(477, retry_after="7200"), 7200),
    ],
)
def test_each_wait_is_heard_in_its_own_unit(answer, seconds):
    with pytest.raises(Throttled) as error:
        answers.check(answer)
    assert error.value.retry_after == seconds


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, Refused),
        (400, Refused),
        (401, AuthLost),
        (403, Refused),
        (404, Refused),
        (408, Unavailable),
        (410, Refused),
        (500, Unavailable),
        (503, Unavailable),
    ],
)
def test_each_status_is_one_of_the_five_errors(status, kind):
    with pytest.raises(kind):
        answers.check(said(status, {"message": "No."}))


def test_a_number_in_the_vendors_words_is_not_repeated():
    with pytest.raises(Refused) as error:
        answers.check(said(400, {"message": "Value +33 6 39 98 01 23 was not valid"}))
    assert "39 98" not in error.value.words


@pytest.mark.parametrize(
    ("usual", "dated"),
    [
        ("/crm/v3/objects/x/batch/read", "/crm/objects/2026-03/x/batch/read"),
        ("/crm/v4/associations/a/b/batch/read", "/crm/associations/2026-03/a/b/batch/read"),
        (
            "/automation/v4/actions/callbacks/complete",
            "/automation/actions/callbacks/2026-03/complete",
        ),
        ("/oauth/v1/token", "/oauth/v1/token"),
    ],
)
def test_a_dated_version_has_its_own_paths(usual, dated):
    assert paths.spoken(usual, "2026-03") == dated
    assert paths.spoken(usual, "v3") == usual
    assert paths.usual(dated) == usual


def test_a_dated_version_goes_all_the_way(ctx, account, outcome):
    dated = replace(ctx, settings={**ctx.settings, "api_version": "2026-03"})
    state = subscriptions.subscribe(dated).state
    told = outcome(account.create_contact())
    (written,) = write_back.write(replace(dated, state=state), [told])
    assert written.reference
    assert access.check(dated).id == "62515"


def test_a_redirect_is_not_followed(account, ctx):
    class Elsewhere:
        faults = account.faults
        asked = 0

        def wsgi(self, environ, start_response):
            self.asked += 1
            start_response("302 Found", [("Location", ctx.settings["api_url"])])
            return [b""]

    away = Elsewhere()
    with serve(away) as served:
        moved = replace(ctx, settings={**ctx.settings, "api_url": served.url})
        with pytest.raises(Refused, match="sends calls on"):
            client.account(moved)
    assert (away.asked, account.api_calls) == (1, 0)


@pytest.mark.parametrize("url", ["ftp://x", "api.hubapi.com", "https://me:pw@x", "https://a b"])
def test_an_address_that_is_none_is_refused_before_any_call(ctx, url):
    with pytest.raises(Refused, match="address"):
        client.account(replace(ctx, settings={"api_url": url}))


def test_no_log_line_holds_a_token_or_a_body(installed, account, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    for name in ("urllib3.connectionpool", "urllib3", "hubspot"):
        monkeypatch.setattr(logging.getLogger(name), "level", logging.DEBUG)
    access.check(installed)
    client.records(installed, "contacts", [account.create_contact()], ("mobilephone",))
    subscriptions.subscribe(installed)
    for secret in (*installed.secrets.values(), "39 98 01 23"):
        assert secret not in caplog.text or len(secret) < 10
