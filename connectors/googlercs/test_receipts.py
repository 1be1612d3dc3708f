"""What Google's events and people's messages mean."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import Receipt, Reply

from .receipts import dedupe, receipts, replies
from .simulator import AGENT, Simulator

_SIGN = Simulator().sign
_PHONE, _MESSAGE = "+33639980123", "0191d3a2-0000-7000-8000-000000000001"
_ABOUT = {"messageId": _MESSAGE, "eventId": "e-1", "agentId": AGENT}


def _request(**event):
    return _SIGN(json.dumps(event).encode())


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("DELIVERED", "delivered"),
        ("READ", "read"),
        ("TTL_EXPIRATION_REVOKED", "expired"),
        ("TTL_EXPIRATION_REVOKE_FAILED", ""),
    ],
)
@pytest.mark.parametrize("who", ["senderPhoneNumber", "phoneNumber"])
def test_event_means_a_state_of_its_message(kind, state, who):
    (told,) = receipts(_request(**_ABOUT, eventType=kind, **{who: _PHONE}))
    assert (told.reference, told.state, told.code) == (_MESSAGE, state, kind)
    assert told.carrier_message_id == f"phones/{_PHONE}/agentMessages/{_MESSAGE}"
    assert not any((told.blocked, told.unreachable, told.dead_number))


def test_message_that_ran_out_of_time_is_not_called_unreachable():
    (told,) = receipts(_request(**_ABOUT, eventType="TTL_EXPIRATION_REVOKED", phoneNumber=_PHONE))
    assert "Google took it back" in told.words
    assert not told.unreachable


def test_typing_and_launches_mean_nothing():
    launch = _request(eventId="1", agentId=AGENT, newLaunchState="LAUNCHED")
    typing = _request(eventId="2", eventType="IS_TYPING", senderPhoneNumber=_PHONE)
    for request in (launch, typing):
        assert (receipts(request), replies(request)) == ((), ())


def test_tapped_reply_brings_its_words_and_its_postback():
    tapped = {"postbackData": "p-7", "text": "Yes"}
    (told,) = replies(
        _request(senderPhoneNumber=_PHONE, messageId="m-9", suggestionResponse=tapped)
    )
    assert told == Reply("m-9", _PHONE, "Yes", postback="p-7")


def test_tapped_action_is_an_event_with_a_postback_alone():
    tapped = {"postbackData": "p-8"}
    request = _request(senderPhoneNumber=_PHONE, eventId="e-9", suggestionResponse=tapped)
    assert replies(request) == (Reply("e-9", _PHONE, "", postback="p-8"),)
    assert receipts(request) == ()


def test_written_stop_is_left_to_the_hub_and_the_menu_is_an_opt_out():
    written = _request(senderPhoneNumber=_PHONE, messageId="m-1", text="STOP")
    chosen = _request(senderPhoneNumber=_PHONE, eventId="e-1", eventType="UNSUBSCRIBE")
    again = _request(senderPhoneNumber=_PHONE, eventId="e-2", eventType="SUBSCRIBE")
    assert [r.opt_out for q in (written, chosen, again) for r in replies(q)] == [False, True, False]
    assert [r.text for q in (chosen, again) for r in replies(q)] == ["STOP", "START"]
    assert receipts(chosen) == ()


def test_unsubscribing_from_a_message_bars_the_number_and_changes_no_state():
    request = _request(**_ABOUT, senderPhoneNumber=_PHONE, eventType="UNSUBSCRIBE")
    (told,) = receipts(request)
    assert (told.state, told.blocked, told.reference) == ("", True, _MESSAGE)
    assert [r.opt_out for r in replies(request)] == [True]


def test_file_is_named_and_never_fetched():
    file = {"payload": {"fileName": "cat.gif", "fileUri": "https://stranger.example.com/x"}}
    (told,) = replies(_request(senderPhoneNumber=_PHONE, messageId="m-1", userFile=file))
    assert told.text == "[file cat.gif]"


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"eventType": "DELIVERED", "eventId": "e-1", "senderPhoneNumber": _PHONE},
        {"eventType": "EXPLODED", "eventId": "e-1", "messageId": "m-1"},
        {"senderPhoneNumber": _PHONE, "messageId": "m-1"},
        {"senderPhoneNumber": "nobody", "messageId": "m-1", "text": "Hi"},
        {"senderPhoneNumber": _PHONE, "messageId": "m-1", "text": ["Hi"]},
    ],
)
def test_event_of_no_known_kind_is_refused_in_words(event):
    for read in (receipts, replies):
        with pytest.raises(ValueError, match=r"^Google"):
            read(_request(**event))


def test_same_event_in_another_wrapping_has_the_same_name():
    first = _request(**_ABOUT, eventType="READ", senderPhoneNumber=_PHONE, sendTime="then")
    later = _request(**_ABOUT, eventType="READ", senderPhoneNumber=_PHONE, sendTime="later")
    other = _request(**(_ABOUT | {"eventId": "e-2"}), eventType="READ", senderPhoneNumber=_PHONE)
    assert dedupe(first) == dedupe(later)
    assert dedupe(first) != dedupe(other)
    assert _PHONE[1:] not in dedupe(first)


def test_two_people_may_use_one_message_id():
    names = {
        dedupe(_request(messageId="1", text="Hi", senderPhoneNumber=phone))
        for phone in (_PHONE, "+33639980124")
    }
    assert len(names) == 2


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=5,
)
_names = ("eventType", "messageId", "eventId", "senderPhoneNumber", "phoneNumber", "sendTime")
_parts = ("text", "suggestionResponse", "location", "userFile", "newLaunchState", "agentId")


@given(
    st.dictionaries(
        st.sampled_from(_names + _parts),
        _json | st.sampled_from(["DELIVERED", "READ", "UNSUBSCRIBE", _PHONE]),
    )
)
def test_signed_nonsense_is_read_or_refused(event):
    request = _request(**event)
    assert dedupe(request)
    try:
        read = [*receipts(request), *replies(request)]
    except ValueError:
        return
    assert all(isinstance(one, Receipt | Reply) for one in read)
    json.dumps([one.text for one in read if isinstance(one, Reply)]).encode()
