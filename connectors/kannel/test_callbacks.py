"""Kannel's calls: what is let in, how it is named, what it means."""

from dataclasses import replace

import pytest

from hub.contract import Rejected, Request

from .callbacks import dedupe, receipts, replies, verify
from .statuses import status_of

REFERENCE = "0191d3a2-0000-7000-8000-000000000001"


def receipt(state="1", **more):
    query = {"type": "dlr", "ref": REFERENCE, "state": state, **more}
    return Request("GET", {}, b"", query)


def reply(body=b"STOP", **more):
    query = {"type": "mo", "id": "i-1", "from": "33639980101", "coding": "0", **more}
    return Request("POST", {"content-type": "text/plain"}, body, query)


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", {}, b"", {"type": "dlr", "ref": REFERENCE}),
        Request("POST", {}, b"STOP", {"type": "mo"}),
        Request("POST", {}, b"STOP"),
        replace(receipt(), method="DELETE"),
        reply(b"x" * 70_000),
    ],
)
def test_what_kannel_would_never_call_is_rejected(request_):
    with pytest.raises(Rejected):
        verify(request_, {})


def test_shared_word_is_asked_for_where_one_is_set():
    verify(receipt(key="cle"), {"hook_word": "cle"})
    verify(receipt(), {"hook_word": " "})
    for key in ("", "cl", "clé", "\ud800"):
        with pytest.raises(Rejected):
            verify(receipt(key=key), {"hook_word": "cle"})


def test_states_of_one_message_are_told_apart_and_not_their_repetitions():
    assert dedupe(receipt("8")) != dedupe(receipt("1"))
    assert dedupe(receipt("1", at="5")) == dedupe(receipt("1", at="6"))
    assert dedupe(reply()) == dedupe(reply(at="5"))
    assert dedupe(reply(id="")) != dedupe(reply(b"YES", id=""))


@pytest.mark.parametrize(
    ("state", "answer", "meaning"),
    [
        ("8", "ACK/", ("sent", "dlr 8")),
        ("4", "", ("sent", "dlr 4")),
        ("1", "id:1 stat:DELIVRD err:000 text:x", ("delivered", "DELIVRD/000")),
        ("2", "id:1 stat:UNDELIV err:00A text:stat:EXPIRED", ("failed", "UNDELIV/00A")),
        ("2", "stat:expired", ("expired", "EXPIRED")),
        ("16", "NACK/11/Invalid", ("failed", "11")),
        ("16", "NACK//", ("failed", "dlr 16")),
        ("0", "", ("", "dlr 0")),
    ],
)
def test_states_and_answers_mean_states(state, answer, meaning):
    status = status_of(state, answer, "")
    assert (status.state, status.code) == meaning
    assert bool(status.words) == (status.state in ("failed", "expired"))


@pytest.mark.parametrize(
    ("answer", "codes", "blocked"),
    [
        ("NACK/0x00000455/Vendor", "1109", True),
        ("NACK/0x00000455/Vendor", "7,0x455", True),
        ("NACK/0x00000455/Vendor", "", False),
        ("id:1 stat:REJECTD err:088", "088", True),
        ("id:1 stat:REJECTD err:088", "88", False),
        ("id:1 stat:REJECTD text:err:088", "088", False),
    ],
)
def test_opt_out_is_what_the_operator_numbers_so(answer, codes, blocked):
    assert status_of("2", answer, codes).blocked is blocked
    assert status_of("1", answer, codes).blocked is False


def test_number_that_does_not_exist_is_dead():
    assert status_of("16", "NACK/0x0000000b/Invalid Destination Address", "").dead_number
    assert status_of("16", "NACK/11/Invalid", "").dead_number
    assert not status_of("16", "NACK/0x00000058/Throttling", "").dead_number
    assert not status_of("2", "stat:UNDELIV err:00B", "").dead_number


@pytest.mark.parametrize(
    ("body", "content_type", "coding", "text"),
    [
        ("Ça 😀".encode("utf-16-be"), 'text/plain; charset="UTF-16BE"', "2", "Ça 😀"),
        ("Ça".encode("utf-16-be"), "text/plain", "2", "Ça"),
        ("Ça".encode(), 'text/plain; charset="UTF-8"', "0", "Ça"),
        ("Ça €".encode("cp1252"), "text/plain; charset=windows-1252", "0", "Ça €"),
        (b"\xff\x00o", "text/plain; charset=klingon", "0", "\ufffdo"),
        (b"\x01\x02", "application/octet-stream", "1", ""),
    ],
)
def test_text_of_a_reply_is_read_in_its_charset(body, content_type, coding, text):
    made = replace(reply(body, coding=coding), headers={"content-type": content_type})
    assert replies(made)[0].text == text


@pytest.mark.parametrize(
    ("sender", "read"),
    [("33639980101", "+33639980101"), ("0033639980101", "+33639980101"), ("36034", "36034"),
     ("0639980101", "0639980101"), ("Lune", "Lune"), ("+33639980101", "+33639980101")],
)  # fmt: skip
def test_sender_gets_its_plus_where_it_is_a_whole_number(sender, read):
    assert replies(reply(**{"from": sender}))[0].sender == read


def test_only_a_bare_stop_is_an_opt_out():
    assert replies(reply(b" stop\n"))[0].opt_out
    assert not replies(reply(b"stop by the shop"))[0].opt_out


@pytest.mark.parametrize("at", ["", "soon", "99999999999999999", "-1", "١٢"])
def test_time_that_is_none_is_left_out_or_read_as_it_stands(at):
    told = receipts(receipt(at=at))[0]
    assert told.at is None or told.at.tzinfo


def test_call_that_is_nothing_of_kannels_is_said_so_in_words():
    for read in (receipts, replies):
        with pytest.raises(ValueError, match="neither"):
            read(Request("GET", {}, b"", {}))
