"""The hub's side of the door and of the calls: what is believed, and what is not."""

import json
from dataclasses import dataclass, field, replace

import pytest

from hub.contract import (
    Accepted,
    AuthLost,
    Context,
    Receipt,
    Refusal,
    Refused,
    Rejected,
    Unavailable,
    Unknown,
)
from hub.contract.kit.handsets import KINDS
from hub.contract.kit.simulator import Faults

from .account import check, find
from .callbacks import MOST_BYTES, dedupe, receipts, replies, verify
from .sending import send
from .simulator import Simulator

NUMBER = "+33639980123"


@dataclass
class Stub:
    """Answers every request alike."""

    status: str = "200 OK"
    body: object = None
    asked: list[bytes] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    def wsgi(self, environ, start_response):
        self.asked.append(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        text = (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()
        start_response(self.status, [("Content-Length", str(len(text)))])
        return [text]


@pytest.fixture
def to(serving):
    """`to(vendor)` is a connection to whatever stands at the bind's address."""

    def make(vendor, **more):
        known = Simulator()
        return Context(known.settings(serving(vendor).url), known.secrets(), deadline=3.0, **more)

    return make


def test_message_is_handed_over_with_its_sender_and_the_time_there_is(to):
    stub = Stub(body={"results": [{"accepted": "1"}]})
    (message,) = (replace(one, sender="") for one in Simulator().outgoing(1))
    assert send(to(stub, hook_url="http://hub.example.com/h"), [message]) == [Accepted("1")]
    asked = json.loads(stub.asked[0])
    assert (asked["within"], asked["hook_url"]) == (pytest.approx(2.4), "http://hub.example.com/h")
    assert asked["messages"] == [
        {
            "reference": message.reference,
            "to": message.to.e164,
            "text": message.text,
            "encoding": "GSM7",
            "sender": "MaisonLune",
            "within": 0,
        }
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"results": []},
        {"results": [{"accepted": "1"}]},
        {"results": [None, {}]},
        {"results": [{"accepted": ""}, {"accepted": 7}]},
        {"results": "many"},
        [],
        "[" * 50_000,
        "<html>",
    ],
)
def test_answer_that_says_nothing_of_a_message_is_unknown(to, body):
    results = send(to(Stub(body=body)), Simulator().outgoing(2))
    assert [type(one) for one in results] == [Unknown, Unknown]


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        ("401 No", {"code": "key"}, AuthLost),
        ("403 No", {"code": "0x0000000e"}, AuthLost),
        ("503 No", {"code": "not_bound"}, Unavailable),
        ("302 Found", {}, Unavailable),
        ("400 Bad", {"code": "form"}, Refused),
        ("404 No", {}, Refused),
    ],
)
def test_answer_that_took_nothing_is_raised(to, status, body, error):
    with pytest.raises(error) as told:
        send(to(Stub(status, body)), Simulator().outgoing(1))
    assert getattr(told.value, "reached", False) is False


@pytest.mark.parametrize("status", ["503 Busy", "500 Oops", "408 Late"])
def test_answer_that_proves_nothing_is_unknown(to, status):
    assert isinstance(send(to(Stub(status, {})), Simulator().outgoing(1))[0], Unknown)


@pytest.mark.parametrize(
    ("status", "body"),
    [("200 OK", {}), ("200 OK", {"carrier_message_id": ""}), ("409 Doubt", {}),
     ("503 No", {"code": "not_proven"}), ("200 OK", "<html>")],
)  # fmt: skip
def test_look_up_that_proves_nothing_is_no_miss(to, status, body):
    with pytest.raises(Unavailable):
        find(to(Stub(status, body)), "ref-1")


def test_address_without_a_scheme_is_refused_in_words(to):
    ctx = to(Stub())
    with pytest.raises(Refused, match="http://"):
        check(replace(ctx, settings={**ctx.settings, "bind_url": "127.0.0.1:2776"}))


def signed(document):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Simulator().sign(body)


def test_call_is_believed_only_with_its_signature():
    request, secrets = signed({"receipts": []}), Simulator().secrets()
    verify(request, secrets)
    for odd in (
        replace(request, body=request.body + b" "),
        replace(request, headers={}),
        replace(request, method="GET"),
        signed(b" " * (MOST_BYTES + 1)),
    ):
        with pytest.raises(Rejected):
            verify(odd, secrets)


def test_states_of_a_message_are_told_apart_and_not_their_repetitions():
    one, again = {"id": "1", "state": "sent", "at": "a"}, {"id": "1", "state": "sent", "at": "b"}
    later = {"id": "1", "state": "delivered"}
    names = [dedupe(signed({"receipts": [r]})) for r in (one, again, later)]
    assert names[0] == names[1] != names[2]
    assert dedupe(signed({"replies": [{"id": "1"}]})) not in names
    assert dedupe(signed({"receipts": [one, later]})).startswith("body:")


@pytest.mark.parametrize(
    "document", [b"", b"[]", b"{}", {"receipts": {}}, {"replies": [1]}, {"receipts": None}]
)
def test_call_that_cannot_be_read_is_said_so_in_words(document):
    for read in (receipts, replies):
        with pytest.raises(ValueError, match="bind"):
            read(signed(document))


def test_odd_fields_are_left_out():
    odd = {"id": "1", "state": 7, "at": "2026-06-12T14:30:00", "parts": True, "blocked": "yes"}
    assert receipts(signed({"receipts": [odd, {"state": "sent"}]})) == (Receipt("1", "", ""),)
    assert replies(signed({"replies": [{"text": "hi"}]})) == ()


@pytest.fixture
def town(to, serving, hub):
    simulator = Simulator()
    yield simulator, hub, to(simulator, hook_url=f"{serving(hub).url}/hooks/smpp/k1")
    simulator.courier.stop()


def message(simulator):
    (made,) = simulator.outgoing(1)
    return replace(made, to=replace(made.to, e164=NUMBER), text="Ça 😀", encoding="UCS2")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_phone_shows_and_tells_what_it_should(town, kind):
    simulator, hub, ctx = town
    simulator.handsets.behave(NUMBER, kind)
    sent = message(simulator)
    (result,) = send(ctx, [sent])
    assert simulator.flush()
    arrives = kind not in ("blocks", "wrong")
    assert simulator.inbox(NUMBER) == ["Ça 😀"] * arrives
    assert simulator.carried(sent.reference) == arrives
    assert isinstance(result, Refusal) == (kind == "wrong")
    told = hub.told()
    assert any(one["blocked"] for one in told if "blocked" in one) == (kind == "blocks")


@pytest.mark.parametrize(
    ("schedule", "states"),
    [("once", ["sent", "delivered"]), ("crossed", ["delivered", "sent"]), ("never", []),
     ("twice", ["sent", "sent", "delivered", "delivered"]), ("late", [])],
)  # fmt: skip
def test_receipts_come_as_the_schedule_says(town, schedule, states):
    simulator, hub, ctx = town
    simulator.receipts = schedule
    send(ctx, [message(simulator)])
    assert simulator.flush()
    assert [one["state"] for one in hub.told()] == states
    simulator.release()
    assert simulator.flush()
    assert len(hub.told()) == (2 if schedule == "late" else len(states))


def test_person_answers_and_the_operator_may_give_up(town):
    simulator, hub, ctx = town
    simulator.receipts = "never"
    with pytest.raises(LookupError):
        simulator.answer(NUMBER, "STOP")
    sent = message(simulator)
    send(ctx, [sent])
    simulator.answer(NUMBER, "Merci 😀")
    assert simulator.flush()
    simulator.expire(sent.reference)
    assert simulator.flush()
    assert [one.get("text") or one["state"] for one in hub.told()] == ["Merci 😀", "expired"]
    assert find(ctx, sent.reference).state == "delivered"
