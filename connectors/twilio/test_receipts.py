"""What callbacks mean: states, codes, replies; and forms that mean nothing."""

from contextlib import suppress
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import Request

from .receipts import answer, dedupe, receipts, replies

PERSON = "+33639980123"
NAMES = ("MessageSid", "MessageStatus", "SmsStatus", "From", "To", "Body", "ErrorCode", "EventType")


def called(query=None, **fields):
    return Request("POST", {}, urlencode(fields).encode(), query or {})


def status(word, **more):
    return called({"ref": "r1"}, MessageSid="SM1", MessageStatus=word, To=PERSON, **more)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("queued", "sent"),
        ("accepted", "sent"),
        ("sending", "sent"),
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("READ", "read"),
        ("undelivered", "failed"),
        ("failed", "failed"),
        ("canceled", "failed"),
        ("partially_delivered", ""),
        ("never heard", ""),
    ],
)
def test_status_words_mean_states(word, state):
    (receipt,) = receipts(status(word))
    assert (receipt.state, receipt.reference, receipt.carrier_message_id) == (state, "r1", "SM1")


def test_no_reply_is_read_from_a_status_and_no_status_from_a_reply():
    assert replies(status("sent", From="+15005550006", Body="Yes")) == ()
    reply = called(MessageSid="SM2", SmsStatus="received", From=PERSON, Body="Yes")
    assert receipts(reply) == ()
    told = called(MessageSid="SM2", MessageStatus="received", From=PERSON, Body="Yes")
    assert receipts(told) == ()
    assert replies(told)[0].text == "Yes"


@pytest.mark.parametrize("code", ["63003", "63024", "63106"])
def test_phone_without_rcs_is_told_on_rcs_only(code):
    (rcs,) = receipts(called(MessageSid="S", MessageStatus="failed", To="rcs:+1", ErrorCode=code))
    (sms,) = receipts(called(MessageSid="S", MessageStatus="failed", To="+1", ErrorCode=code))
    assert (rcs.unreachable, sms.unreachable) == (True, False)


@pytest.mark.parametrize("code", ["30003", "30005", "30006", "30007", "30008", "99999"])
def test_phone_that_is_switched_off_may_have_rcs(code):
    fields = {"MessageStatus": "undelivered", "To": "rcs:+1", "ErrorCode": code}
    (receipt,) = receipts(called(MessageSid="S", **fields))
    assert not receipt.unreachable
    assert receipt.dead_number == (code == "30005")


def test_expired_is_told_apart_from_failed():
    (receipt,) = receipts(status("undelivered", ErrorCode="30036"))
    assert receipt.state == "expired"
    (late,) = receipts(status("delivered", ErrorCode="0"))
    assert (late.state, late.code) == ("delivered", "delivered")


@pytest.mark.parametrize("word", ["stop", " STOPALL ", "Unsubscribe", "OptOut"])
def test_keyword_that_twilio_acts_on_is_an_opt_out(word):
    (reply,) = replies(called(MessageSid="S", From=PERSON, Body=word))
    assert reply.opt_out


@pytest.mark.parametrize(
    ("body", "told"), [("CANCEL", ""), ("END", ""), ("stop it", ""), ("STOP", "HELP"), ("Yes", "")]
)
def test_other_words_are_no_opt_out(body, told):
    more = {"OptOutType": told} if told else {}
    (reply,) = replies(called(MessageSid="S", From=PERSON, Body=body, **more))
    assert not reply.opt_out


def test_sender_of_an_rcs_reply_has_no_prefix_and_the_tap_its_id():
    fields = {"From": f"rcs:{PERSON}", "ButtonText": "Yes", "ButtonPayload": "p-1"}
    (reply,) = replies(called(MessageSid="S", **fields))
    assert (reply.sender, reply.text, reply.postback) == (PERSON, "Yes", "p-1")


def test_names_tell_statuses_apart_and_not_repetitions():
    told = [status("sent"), status("delivered"), status("delivered", EventType="READ")]
    told += [status("failed"), status("failed", ErrorCode="30003")]
    told += [called(MessageSid=sid, From=PERSON, Body="Yes") for sid in ("SM1", "SM2")]
    assert len({dedupe(one) for one in told}) == len(told)
    assert dedupe(status("sent", NewField="1")) == dedupe(status("sent"))


def test_status_of_a_message_without_our_reference_is_known_by_twilios_id():
    (receipt,) = receipts(called(MessageSid="SM9", MessageStatus="delivered"))
    assert (receipt.carrier_message_id, receipt.reference) == ("SM9", "")


@pytest.mark.parametrize("body", [b"", b"{}", b"From=1", b"Body=Hi", b"\xff\xfe", b"&&=&"])
def test_form_that_is_neither_is_refused_in_words(body):
    with pytest.raises(ValueError, match="neither a status nor a reply"):
        receipts(Request("POST", {}, body))


def test_answer_is_an_empty_twiml_document():
    said = answer(called())
    assert (said.status, said.content_type.partition(";")[0]) == (200, "text/xml")
    assert said.body.endswith(b"<Response/>")


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=20)))
def test_whatever_fields_come_they_are_read_or_refused_and_named(fields):
    request = Request("POST", {}, urlencode(fields, errors="surrogatepass").encode())
    assert dedupe(request)
    with suppress(ValueError):
        told = [*receipts(request), *replies(request)]
        assert len(told) == 1
        str(told).encode()  # no lone surrogate is left in it
        assert "\\x00" not in repr(told)
