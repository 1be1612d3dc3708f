"""The connection itself: its key, its agent, and messages taken back."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.contract import AuthLost, Refused, Unavailable

from . import connector
from .account import agent, check, revoke
from .answers import name_of
from .client import address
from .conftest import Stub
from .sending import send
from .signing import token_form, token_url
from .simulated import keys

NOW = datetime(2026, 6, 12, 9, 0, tzinfo=UTC)


def test_agent_is_named_once_the_key_opens_it(ctx, simulator):
    found = check(ctx)
    assert (found.label, found.id, found.lacks) == (
        "Google RCS · Maison Lune",
        "maison_lune_x1y2_agent",
        (),
    )
    simulator.handsets.usual = "unreachable"
    assert check(ctx).id == found.id


def test_missing_client_token_is_told(ctx):
    deaf = replace(ctx, secrets={"access_token": ctx.secrets["access_token"]})
    assert "client token" in check(deaf).lacks[0]


def test_agent_of_another_key_is_told_in_words(ctx):
    other = replace(ctx, settings={**ctx.settings, "agent_id": "someone_else"})
    with pytest.raises(AuthLost, match="check the agent's id"):
        check(other)
    with pytest.raises(Refused, match="No agent is set"):
        check(replace(ctx, settings={**ctx.settings, "agent_id": ""}))


def test_brand_is_shown_with_its_own_name_or_the_agents_id():
    assert agent({"agent_id": "a-1"}).name == "a-1"
    found = agent({"agent_id": "a-1", "agent_name": "Lune", "agent_logo": "https://x.example/l"})
    assert (found.name, found.logo, found.active) == ("Lune", "https://x.example/l", True)
    assert not agent({}).active


def test_message_that_waits_is_taken_back_and_never_arrives(ctx, simulator):
    message = simulator.outgoing(1)[0]
    simulator.handsets.behave(message.to.e164, "offline")
    send(ctx, [message])
    assert revoke(ctx, name_of(message))
    simulator.come_back(message.to.e164)
    assert simulator.carried(message.reference) == 0
    assert not revoke(ctx, name_of(message))


def test_message_that_arrived_is_never_said_to_be_taken_back(ctx, simulator):
    message = simulator.outgoing(1)[0]
    send(ctx, [message])
    assert not revoke(ctx, name_of(message))
    assert simulator.carried(message.reference) == 1


@pytest.mark.parametrize("name", ["", "m-1", "phones/+336/agentMessages/a/../../b", "brands/x"])
def test_name_that_is_no_messages_is_not_asked_about(stubbed, name):
    stub = Stub("200 OK", {})
    assert not revoke(stubbed(stub), name)
    assert stub.asked == []


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        ("200 OK", "<html>", Unavailable),
        ("404 None", "<html>", Refused),
        ("500 Oops", {}, Unavailable),
        ("401 Who", {}, AuthLost),
        ("302 There", "", Unavailable),
    ],
)
def test_taking_back_without_googles_own_word_is_no_proof(stubbed, simulator, status, body, error):
    with pytest.raises(error):
        revoke(stubbed(Stub(status, body)), name_of(simulator.outgoing(1)[0]))


def test_taken_back_with_an_empty_answer_is_proof(stubbed, simulator):
    assert revoke(stubbed(Stub("200 OK", "")), name_of(simulator.outgoing(1)[0]))


def test_key_asks_for_the_messaging_scope_at_the_address_of_the_settings():
    secrets = {"service_account_json": keys.key_file()}
    settings = {"token_url": "https://oauth2.example.com/token"}
    form = token_form(settings, secrets, NOW)
    keys.judge(form, "https://oauth2.example.com/token", NOW.timestamp())
    assert token_url({}) == "https://oauth2.googleapis.com/token"


@pytest.mark.parametrize(
    "pasted", ["", "null", "[]", "{", '{"client_email": 1}', json.dumps({"client_email": "a@b"})]
)
def test_key_that_is_none_is_told_in_words(pasted):
    with pytest.raises(Refused, match="paste the whole JSON file"):
        token_form({}, {"service_account_json": pasted}, NOW)


@pytest.mark.parametrize(
    ("region", "host"), [("us", "us-rcsb"), ("asia", "asia-rcsb"), ("", "rcsb"), ("x.y/", "rcsb")]
)
def test_region_chooses_googles_host(ctx, region, host):
    wanted = f"https://{host}usinessmessaging.googleapis.com"
    assert address({**ctx.settings, "base_url": "", "region": region}) == wanted


def test_it_carries_rcs_alone_and_may_be_asked_again_for_an_hour():
    carrier = connector.carrier
    assert carrier.channels == ("rcs",)
    assert carrier.replay_within == timedelta(hours=1)
    assert carrier.find is None
    assert connector.roles == ("carrier",)
