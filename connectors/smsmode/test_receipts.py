"""What the recorded callbacks do not show: odd forms, odd orientations, other people's channels."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import Receipt, Rejected, Reply, Request

from .receipts import dedupe, receipts, replies, verify
from .statuses import SENTENCES, status_of


def _post(document) -> Request:
    return Request.of("POST", {}, json.dumps(document).encode())


def _report(**more):
    return {"messageId": "m-1", "direction": "MT", "status": {"value": "DELIVERED"}} | more


def _answer(**more):
    return {
        "messageId": "m-2",
        "direction": "MO",
        "from": "33639980101",
        "recipient": {"to": "36034"},
        "body": {"text": "Hello"},
    } | more


@pytest.mark.parametrize(
    ("value", "detail", "state"),
    [
        ("SCHEDULED", "", "sent"),
        ("ENROUTE", "IN_PROGRESS", "sent"),
        ("DELIVERED", "", "delivered"),
        ("READ", "", "read"),
        ("UNDELIVERABLE", "SPAM", "failed"),
        ("UNDELIVERABLE", "EXPIRED", "failed"),
        ("UNDELIVERED", "ROUTE_NOT_AVAILABLE", "failed"),
        ("UNDELIVERED", "EXPIRED", "expired"),
        ("delivered ", "", "delivered"),
        ("UNKNOWN", "", ""),
        ("TELEPORTED", "", ""),
    ],
)
def test_status_words_mean_states(value, detail, state):
    assert status_of(value, detail).state == state


def test_all_fifteen_details_have_a_sentence():
    assert len(SENTENCES) == 15
    assert all(words.endswith(".") for words in SENTENCES.values())


def test_only_blacklisted_blocks_and_only_bad_phones_are_dead():
    assert {d for d in SENTENCES if status_of("UNDELIVERABLE", d).blocked} == {"BLACKLISTED"}
    dead = {d for d in SENTENCES if status_of("UNDELIVERABLE", d).dead_number}
    assert dead == {"INVALID_PHONE_NUMBER", "PHONE_NOT_SUITABLE"}


def test_a_status_never_met_changes_nothing_and_is_kept_as_code():
    (receipt,) = receipts(_post(_report(status={"value": "TELEPORTED"})))
    assert (receipt.state, receipt.code) == ("", "TELEPORTED")


@pytest.mark.parametrize(
    "stated", ["2026-06-12T14:30:00", "", None, 17, "0001-01-01T00:00:00+14:00"]
)
def test_time_without_an_offset_is_not_believed(stated):
    (receipt,) = receipts(_post(_report(status={"value": "READ", "deliveryDate": stated})))
    assert receipt.at is None


def test_time_with_an_offset_is_kept_in_utc():
    status = {"value": "READ", "deliveryDate": "2026-06-12T14:30:00+02:00"}
    (receipt,) = receipts(_post(_report(status=status)))
    assert receipt.at.isoformat() == "2026-06-12T12:30:00+00:00"


@pytest.mark.parametrize("amount", [-1, "0,03", "NaN", None, [], True, 10**18, "1e-400"])
def test_price_that_cannot_be_true_is_no_price(amount):
    (receipt,) = receipts(_post(_report(price={"amount": amount, "currency": "EUR"})))
    assert receipt.price is None


def test_one_request_with_both_kinds_gives_each_where_it_belongs():
    request = _post([_report(), _answer(), {"odd": True}, None])
    assert [r.carrier_message_id for r in receipts(request)] == ["m-1"]
    assert [r.carrier_reply_id for r in replies(request)] == ["m-2"]


def test_report_holds_no_reply_and_reply_no_report():
    assert replies(_post(_report())) == ()
    assert receipts(_post(_answer())) == ()
    assert receipts(_post([])) == replies(_post([])) == ()


@pytest.mark.parametrize(
    "document",
    [
        {},
        [{}],
        _report(status="DELIVERED"),
        _report(status={"value": ["DELIVERED"]}),
        _report(messageId=None),
        _answer(body=["STOP"]),
        _answer(**{"from": None, "recipient": None}),
        _answer(direction="MT"),
    ],
)
def test_callback_that_is_neither_is_refused_in_a_sentence(document):
    for read in (receipts, replies):
        with pytest.raises(ValueError, match=r"^The callback is neither .*\.$"):
            read(_post(document))


def test_outgoing_message_without_status_is_never_taken_for_a_stop():
    ours = _answer(direction="MT", body={"text": "STOP", "stop": True})
    assert replies(_post([_report(), ours])) == ()


@pytest.mark.parametrize(
    ("sides", "sender"),
    [
        ({"from": "33639980101", "recipient": {"to": "36034"}}, "+33639980101"),
        ({"from": "+33 6 39 98 01 01", "recipient": {"to": "36034"}}, "+33639980101"),
        ({"from": "Maison Lune", "recipient": {"to": "33639980101"}}, "+33639980101"),
        ({"from": "36034", "recipient": {"to": "33639980101"}}, "+33639980101"),
        ({"from": 33639980101, "recipient": {"to": 36034}}, "+33639980101"),
        ({"from": "33639980101", "recipient": {"to": "447700900123"}}, "+33639980101"),
        ({"from": "0639980101", "recipient": {"to": "36034"}}, "0639980101"),
        ({"from": "Bank", "recipient": {"to": "36034"}}, "Bank"),
    ],
)
def test_sender_is_the_side_that_is_a_phone(sides, sender):
    (reply,) = replies(_post(_answer(**sides)))
    assert reply.sender == sender


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"text": "Hi\0 \ud800!"}, "Hi \ufffd!"),
        ({"text": ""}, ""),
        ("STOP", "STOP"),
        ({"type": "SUGGESTION", "text": "Yes"}, "Yes"),
        ({"type": "LOCATION", "latitude": 1e300, "longitude": None}, "[location 1e+300, ?]"),
        ({"type": "FILE", "fileUrl": "http://127.0.0.1/"}, "[file]"),
    ],
)
def test_reply_of_any_type_is_told_as_text(body, text):
    raw = json.dumps(_answer(body=body)).replace("Infinity", "1e400").encode()
    (reply,) = replies(Request.of("POST", {}, raw))
    assert reply.text == text


@pytest.mark.parametrize("stop", ["true", 1, None, False])
def test_only_a_true_flag_is_an_opt_out_of_smsmodes(stop):
    (reply,) = replies(_post(_answer(body={"text": "STOP", "stop": stop})))
    assert not reply.opt_out


def test_reply_without_an_id_has_one_of_its_own_that_stays():
    answer = _answer(messageId=None)
    first, second = (replies(_post(answer))[0].carrier_reply_id for _ in range(2))
    other = replies(_post(answer | {"body": {"text": "Other"}}))[0].carrier_reply_id
    assert first == second != other


def test_dedupe_tells_statuses_apart_and_not_repetitions():
    delivered, again = _report(), _report(href="/other")
    assert dedupe(_post(delivered)) == dedupe(_post(again))
    assert dedupe(_post(delivered)) != dedupe(_post(_report(status={"value": "READ"})))
    assert dedupe(_post(_answer())) != dedupe(_post(_answer(messageId="m-3")))
    assert dedupe(_post([delivered, _answer()])) != dedupe(_post([delivered]))
    assert dedupe(_post({"odd": 1})) != dedupe(_post({"odd": 2}))


def test_callback_of_another_channel_is_rejected():
    own, other = ({"channel": {"channelId": name}} for name in ("Own-1", "other-1"))
    secrets = {"channel_id": " own-1 "}
    verify(_post(_report(**own)), secrets)
    verify(_post(_report(**other)), {})
    for document in (_report(**other), _report(), [_report(**own), _report(**other)], [None]):
        with pytest.raises(Rejected, match="another smsmode channel"):
            verify(_post(document), secrets)


@pytest.mark.parametrize(
    "request_",
    [
        Request.of("GET", {}, b"{}"),
        Request.of("POST", {}, b""),
        Request.of("POST", {}, b"null"),
        Request.of("POST", {}, b"messageId=1"),
        Request.of("POST", {}, b'{"a": NaN}'),
        Request.of("POST", {}, b"[" * 100_000),
        Request.of("POST", {}, b"\xff\xfe{}"),
        Request.of("POST", {}, b'{"messageId": "' + b"x" * (1 << 20) + b'"}'),
    ],
)
def test_request_that_smsmode_would_never_send_is_rejected(request_):
    with pytest.raises(Rejected):
        verify(request_, {})


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)
_NAMES = ["messageId", "direction", "status", "body", "from", "recipient", "price", "channel"]
_ITEMS = st.builds(
    lambda base, changes: base | changes,
    st.sampled_from([_report(), _answer(), {}]),
    st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=3),
)


@given(_ITEMS | st.lists(_ITEMS | _VALUES, max_size=3) | _VALUES)
def test_any_json_at_all_is_read_or_refused_in_words(document):
    request = _post(document)
    assert dedupe(request)
    for read, kind in ((receipts, Receipt), (replies, Reply)):
        try:
            assert all(isinstance(value, kind) for value in read(request))
        except ValueError as error:
            assert str(error).endswith(".")  # noqa: PT017  either outcome is right


@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_rejected_or_accepted(body):
    request = Request.of("POST", {}, body)
    assert dedupe(request)
    try:
        verify(request, {"channel_id": "c-1"})
    except Rejected as error:
        assert error.words.endswith(".")  # noqa: PT017  either outcome is right
