"""One message a call: its form, and what each of Kannel's answers proves."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from hub.contract import Accepted, AuthLost, Refusal, Refused, Throttled, Unavailable, Unknown

from .account import check
from .sending import send

HOOK = "https://hub.example.com/hooks/kannel/tok%20en"


def test_message_is_written_in_kannels_form(connect, simulator, stub):
    ctx = connect(stub, hook_url=HOOK, settings={"smsc": "operator"}, secrets={"hook_word": "a&b"})
    message = replace(simulator.outgoing(1)[0], text="Prix: 5 € {ok}", within=timedelta(minutes=30))
    assert send(ctx, [message]) == [Accepted(message.reference)]
    environ, body = stub.asked[0]
    assert environ["PATH_INFO"] == "/cgi-bin/sendsms"
    assert environ["QUERY_STRING"] == ""
    assert body.decode() == "Prix: 5 € {ok}"
    assert environ["CONTENT_TYPE"] == "text/plain; charset=UTF-8"
    named = {k[14:]: v for k, v in environ.items() if k.startswith("HTTP_X_KANNEL_")}
    hook = named.pop("DLR_URL")
    assert named == {
        "USERNAME": simulator.username,
        "PASSWORD": simulator.password,
        "TO": message.to.e164,
        "FROM": "MaisonLune",
        "SMSC": "operator",
        "CODING": "0",
        "VALIDITY": "30",
        "DLR_MASK": "27",
    }
    fixed, _, escapes = hook.partition("&state=")
    assert escapes == "%d&id=%F&answer=%A&at=%T&smsc=%i"
    assert fixed.startswith("https://hub.example.com/hooks/kannel/tok%%20en?type=dlr")
    query = parse_qs(urlsplit(fixed.replace("%%", "%")).query)
    assert query["ref"] == [message.reference]
    assert query["key"] == ["a&b"]


def test_text_outside_gsm_goes_as_utf_16(connect, simulator, stub):
    ctx = connect(stub)
    message = replace(simulator.outgoing(1)[0], text="Ça 😀", encoding="UCS2")
    send(ctx, [message])
    environ, body = stub.asked[0]
    assert body.decode("utf-16-be") == "Ça 😀"
    assert environ["HTTP_X_KANNEL_CODING"] == "2"
    assert environ["CONTENT_TYPE"] == "text/plain; charset=UTF-16BE"
    assert "HTTP_X_KANNEL_DLR_URL" not in environ


@pytest.mark.parametrize(
    ("status", "body", "code", "permanent"),
    [
        ("403 Forbidden", "Not routable. Do not try again.", "not_routable", True),
        (
            "403 Forbidden",
            "Number(s) has/have been denied by white- and/or black-lists. Denied receivers are: +3",
            "denied",
            True,
        ),
        ("400 Bad", "Charset or body misformed, rejected", "400", True),
        ("503 Busy", "Temporal failure, try again later.", "busy", False),
    ],
)
def test_answer_about_one_message_refuses_it_alone(
    connect, simulator, stub, status, body, code, permanent
):
    stub.status, stub.body = status, body
    results = send(connect(stub), simulator.outgoing(3))
    assert [(type(r), r.code, r.permanent) for r in results] == [(Refusal, code, permanent)] * 3
    assert len(stub.asked) == 3
    assert not any("+3" in r.words for r in results)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        ("403 Forbidden", "Authorization failed for sendsms", AuthLost),
        ("401 No", "", AuthLost),
        ("400 Bad", "Sender missing and no global set, rejected", Refused),
        ("400 Bad", "<html>", Refused),
        ("404 Not found", "", Refused),
        ("429 Slow", "", Throttled),
        ("302 Found", "", Unavailable),
    ],
)
def test_answer_that_takes_nothing_is_raised(connect, simulator, stub, status, body, error):
    stub.status, stub.body = status, body
    with pytest.raises(error) as told:
        send(connect(stub), simulator.outgoing(3))
    assert getattr(told.value, "reached", False) is False
    assert len(stub.asked) == 1


@pytest.mark.parametrize("body", ["3: Queued for later delivery", "Sent. Message splits: 2"])
def test_other_words_of_acceptance_are_acceptance(connect, simulator, stub, body):
    stub.body = body
    message = simulator.outgoing(1)[0]
    assert send(connect(stub), [message]) == [Accepted(message.reference)]


@pytest.mark.parametrize("status", ["200 OK", "503 Busy", "500 Oops", "408 Late"])
def test_after_two_messages_in_doubt_the_others_wait(connect, simulator, stub, status):
    stub.status, stub.body = status, "<html>Welcome</html>"
    results = send(connect(stub), simulator.outgoing(4))
    assert [type(r) for r in results] == [Unknown, Unknown, Refusal, Refusal]
    assert [r.permanent for r in results[2:]] == [False, False]
    assert len(stub.asked) == 2


def test_gateway_that_falls_away_in_the_middle_leaves_the_rest_unsent(connect, simulator):
    ctx = connect(simulator)
    simulator.faults.plan("401", after=2)
    results = send(ctx, simulator.outgoing(4))
    assert [type(r) for r in results] == [Accepted, Accepted, Refusal, Refusal]
    assert {(r.code, r.permanent) for r in results[2:]} == {("401", False)}


@pytest.mark.parametrize("sender", ["Lune é", "a\r\nX-Kannel-To: 1"])
def test_sender_that_no_header_can_hold_is_never_sent(connect, simulator, stub, sender):
    with pytest.raises(Refused, match="sender"):
        send(connect(stub), [replace(simulator.outgoing(1)[0], sender=sender)])
    assert stub.asked == []


def test_check_sends_nothing_and_names_the_gateway(connect, simulator):
    ctx = connect(simulator)
    assert check(ctx).label.startswith("Kannel · 127.0.0.1:")
    assert simulator.taken == []
    bare = ctx.settings["sendsms_url"].removesuffix("/cgi-bin/sendsms")
    assert check(replace(ctx, settings={"sendsms_url": bare})).label


@pytest.mark.parametrize("url", ["ftp://gateway", "gateway:13013"])
def test_address_without_a_scheme_is_refused_in_words(connect, simulator, url):
    with pytest.raises(Refused, match="http://"):
        check(replace(connect(simulator), settings={"sendsms_url": url}))
