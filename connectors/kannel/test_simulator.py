"""The simulated Kannel keeps the promises that every carrier's simulator makes."""

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest

from hub.contract import Request
from hub.contract.kit.handsets import KINDS

from .callbacks import receipts, replies
from .sending import send

NUMBER = "+33639980123"


class Hub:
    """Hears callbacks."""

    def __init__(self, faults):
        self.faults, self.heard = faults, []

    def wsgi(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        query = dict(parse_qsl(environ["QUERY_STRING"]))
        headers = {"content-type": environ.get("CONTENT_TYPE", "")}
        self.heard.append(Request(environ["REQUEST_METHOD"], headers, body, query))
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]


@pytest.fixture
def town(simulator, connect):
    hub = Hub(simulator.faults.__class__())
    hook = connect(hub).settings["sendsms_url"].replace("/cgi-bin/sendsms", "/hooks/kannel/k1")
    return simulator, hub, connect(simulator, hook_url=hook)


def told(hub):
    return [one.state for call in hub.heard for one in receipts(call)]


def message(simulator, **more):
    phone = replace(simulator.outgoing(1)[0].to, e164=NUMBER)
    return replace(simulator.outgoing(1)[0], to=phone, **more)


@pytest.mark.parametrize(
    ("schedule", "states"),
    [
        ("once", ["sent", "delivered"]),
        ("crossed", ["delivered", "sent"]),
        ("twice", ["sent", "sent", "delivered", "delivered"]),
        ("never", []),
    ],
)
def test_receipts_come_as_the_schedule_says(town, schedule, states):
    simulator, hub, ctx = town
    simulator.receipts = schedule
    send(ctx, [message(simulator)])
    assert simulator.flush()
    assert told(hub) == states


def test_late_receipts_wait_for_their_release(town):
    simulator, hub, ctx = town
    simulator.receipts = "late"
    send(ctx, [message(simulator)])
    assert simulator.flush()
    assert told(hub) == []
    simulator.release()
    assert simulator.flush()
    assert sorted(told(hub)) == ["delivered", "sent"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_phone_shows_and_tells_what_it_should(town, kind):
    simulator, hub, ctx = town
    simulator.handsets.behave(NUMBER, kind)
    sent = message(simulator, text="Ça 😀", encoding="UCS2")
    send(ctx, [sent])
    assert simulator.flush()
    shows = kind not in ("blocks", "wrong")
    assert simulator.inbox(NUMBER) == ["Ça 😀"] * shows
    assert simulator.carried(sent.reference) == shows
    last = [one for call in hub.heard for one in receipts(call)][-1]
    assert (last.blocked, last.dead_number) == (kind == "blocks", kind == "wrong")
    assert last.reference == sent.reference


def test_person_answers_the_last_message_and_the_operator_may_give_up(town):
    simulator, hub, ctx = town
    simulator.receipts = "never"
    with pytest.raises(LookupError):
        simulator.answer(NUMBER, "STOP")
    sent = message(simulator)
    send(ctx, [sent])
    simulator.answer(NUMBER, "Merci 😀")
    simulator.expire(sent.reference)
    assert simulator.flush()
    said = [one.text for call in hub.heard for one in replies(call)]
    assert said == ["Merci 😀"]
    assert told(hub) == ["expired"]
