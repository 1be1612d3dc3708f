"""The simulator is an oracle: what it counts and how it calls back must be right."""

from dataclasses import dataclass, field, replace

import pytest
import requests

from hub.contract import Accepted, Answer, Card, OpenUrl, Request, Response, Rich
from hub.contract.kit.simulator import Faults, serve

from .envelope import greet
from .receipts import verify
from .sending import send
from .simulator import Simulator


def _to(simulator, kind):
    message = simulator.outgoing(1)[0]
    simulator.handsets.behave(message.to.e164, kind)
    return message


@pytest.mark.parametrize(
    ("schedule", "states"),
    [
        ("once", ["delivered"]),
        ("twice", ["delivered", "delivered"]),
        ("never", []),
        ("crossed", ["read", "delivered"]),
    ],
)
def test_events_come_as_often_and_in_the_order_asked(ctx, simulator, webhook, schedule, states):
    simulator.receipts = schedule
    message = simulator.outgoing(1)[0]
    send(ctx, [message])
    assert simulator.flush()
    assert [(r.reference, r.state) for r in webhook.receipts] == [
        (message.reference, state) for state in states
    ]
    for heard in webhook.ear.heard:
        verify(heard, ctx.secrets)


def test_late_events_wait_for_their_release_and_replies_do_not(ctx, simulator, webhook):
    simulator.receipts = "late"
    message = simulator.outgoing(1)[0]
    send(ctx, [message])
    simulator.answer(message.to.e164, "Hello")
    assert simulator.flush()
    assert [(r.text, r.sender) for r in webhook.replies] == [("Hello", message.to.e164)]
    assert webhook.receipts == []
    simulator.release()
    assert simulator.flush()
    assert [r.state for r in webhook.receipts] == ["delivered"]


@pytest.mark.parametrize(
    ("kind", "told", "shown"),
    [
        ("reachable", [("delivered", False)], 1),
        ("offline", [], 0),
        ("learns_late", [], 0),
        ("blocks", [("", True)], 0),
    ],
)
def test_phones_take_what_their_kind_allows(ctx, simulator, webhook, kind, told, shown):
    message = _to(simulator, kind)
    assert isinstance(send(ctx, [message])[0], Accepted)
    assert simulator.flush()
    assert [(r.state, r.blocked) for r in webhook.receipts] == told
    assert simulator.carried(message.reference) == len(simulator.inbox(message.to.e164)) == shown


def test_phone_that_was_found_out_is_no_longer_able(ctx, simulator):
    message = _to(simulator, "learns_late")
    send(ctx, [message])
    (again,) = send(ctx, [replace(message, reference=simulator.outgoing(1)[0].reference)])
    assert again.unreachable


def test_waiting_message_ends_once_or_arrives_when_the_phone_comes_back(ctx, simulator, webhook):
    ended, kept = (_to(simulator, "offline") for _ in range(2))
    send(ctx, [ended, kept])
    assert simulator.expire(ended.reference)
    assert not simulator.expire(ended.reference)
    simulator.come_back(kept.to.e164)
    assert not simulator.expire(kept.reference)
    assert simulator.flush()
    assert {r.reference: r.state for r in webhook.receipts} == {
        ended.reference: "expired",
        kept.reference: "delivered",
    }


def test_person_taps_only_what_their_phone_shows(ctx, simulator, webhook):
    yes, shop = Answer("Yes", "p-yes"), OpenUrl("Shop", "p-shop", "https://example.com/s")
    rich = Rich(cards=(Card("Scarf", suggestions=(shop,)),), suggestions=(yes,))
    message = replace(simulator.outgoing(1)[0], rich=rich)
    with pytest.raises(LookupError):
        simulator.tap(message.to.e164, "p-yes")
    send(ctx, [message])
    for postback in ("p-yes", "p-shop"):
        simulator.tap(message.to.e164, postback)
        assert simulator.flush()
    with pytest.raises(LookupError):
        simulator.tap(message.to.e164, "p-none")
    told = [(r.sender, r.text, r.postback) for r in webhook.replies]
    assert told == [(message.to.e164, "Yes", "p-yes"), (message.to.e164, "", "p-shop")]


def test_person_who_unsubscribes_is_heard_twice_and_may_come_back(ctx, simulator, webhook):
    message = simulator.outgoing(1)[0]
    with pytest.raises(LookupError):
        simulator.answer(message.to.e164, "Who are you?")
    send(ctx, [message])
    simulator.unsubscribe(message.to.e164)
    simulator.subscribe(message.to.e164)
    simulator.read(message.to.e164)
    assert simulator.flush()
    assert sorted((r.text, r.opt_out) for r in webhook.replies) == [
        ("START", False),
        ("STOP", False),
        ("STOP", True),
    ]
    assert sorted(r.state for r in webhook.receipts) == ["delivered", "read"]


def test_only_a_webhook_that_knows_the_secret_is_set(simulator, serving, webhook):
    assert not simulator.verify_webhook(webhook.url)
    assert simulator.webhook == ""


@dataclass
class Door:
    """Our side, as far as a handshake goes."""

    secrets: dict[str, str]
    faults: Faults = field(default_factory=Faults)

    def wsgi(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        greeting = greet(Request("POST", {}, body), self.secrets) or Response(401)
        start_response(f"{greeting.status} So", [("Content-Length", str(len(greeting.body)))])
        return [greeting.body]


@pytest.mark.parametrize("knows", [True, False])
def test_console_sets_the_webhook_that_greets_it(simulator, serving, knows):
    secrets = simulator.secrets() if knows else {"client_token": "ANOTHER"}
    assert simulator.verify_webhook(serving(Door(secrets)).url) is knows


def test_simulator_needs_no_argument_and_its_samples_never_change():
    assert Simulator().deliveries() == Simulator().deliveries()


def test_wrong_agent_and_strange_address_are_refused_as_google_does(simulator):
    with serve(simulator) as served:
        signed = {"Authorization": f"Bearer {simulator.secrets()['access_token']}"}
        answers = [
            requests.get(f"{served.url}/v1/{path}", headers=signed, timeout=5)
            for path in ("phones/+33639980101/capabilities?agentId=x", "phones/x")
        ]
    assert [a.status_code for a in answers] == [403, 404]
    assert answers[0].json()["error"]["status"] == "PERMISSION_DENIED"
