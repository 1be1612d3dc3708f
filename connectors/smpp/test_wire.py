"""The wire: the phones' alphabet, parts, units, statuses, receipts."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import Refusal, Unknown

from .simulated.operator import delivery, receipt
from .wire import gsm, pdu
from .wire.parts import parts_of
from .wire.pdu import Address, BadPdu, Pdu, Submit
from .wire.reports import Report, key_of, report_of
from .wire.statuses import codes_in, plain, refusal_of

ALPHABET = [chr(code) for code in range(0x2200) if gsm.octets_of(chr(code))]


def test_alphabet_has_137_characters_and_each_comes_back():
    assert len(ALPHABET) == 127 + 10
    assert gsm.decode(gsm.encode("".join(ALPHABET))) == "".join(ALPHABET)


@pytest.mark.parametrize(
    ("char", "octets"),
    [("@", b"\0"), ("§", b"\x5f"), ("¿", b"\x60"), ("€", b"\x1b\x65"), ("\f", b"\x1b\x0a"),
     ("`", b"?")],
)  # fmt: skip
def test_alphabet_is_the_standards(char, octets):
    assert gsm.encode(char) == octets


def test_unknown_octets_are_shown_and_not_dropped():
    assert gsm.decode(b"\x1b\x41a\x80\x1b\x1bb\x1b") == "Aa\ufffd b"


@given(
    text=st.text(st.sampled_from(ALPHABET), max_size=800) | st.text(max_size=300),
    number=st.integers(0, 255),
)
def test_parts_join_to_the_text_and_cut_no_pair(text, number):
    encoding = "GSM7" if all(map(gsm.octets_of, text)) else "UCS2"
    parts = parts_of(text, encoding, number)
    bodies = [part.octets[6:] if part.headed else part.octets for part in parts]
    read = gsm.decode if encoding == "GSM7" else lambda octets: octets.decode("utf-16-be")
    assert "".join(map(read, bodies)) == text
    room = (
        (160 if len(parts) == 1 else 153) if encoding == "GSM7" else 140 if len(parts) == 1 else 134
    )
    assert all(len(body) <= room for body in bodies)
    heads = [part.octets[:6] for part in parts if part.headed]
    assert heads == [bytes([5, 0, 3, number, len(parts), n + 1]) for n in range(len(heads))]


def test_euro_at_the_edge_of_a_part_goes_into_the_next():
    first, second = parts_of("x" * 152 + "€" + "y" * 10, "GSM7", 7)
    assert first.octets[6:] == b"x" * 152
    assert second.octets[6:] == b"\x1b\x65" + b"y" * 10


def test_message_is_written_as_the_standard_says():
    submit = Submit(Address(5, 0, "Lune"), Address(1, 1, "336"), b"hi", 8, True, "000000003000000R")
    assert submit.encode() == (
        b"\0" b"\x05\0Lune\0" b"\x01\x01336\0" b"\x40\0\0" b"\0" b"000000003000000R\0"
        b"\x01\0\x08\0" b"\x02hi"
    )  # fmt: skip


def test_unit_is_read_back_as_it_was_written():
    octets = Pdu(pdu.SUBMIT_SM, 7, 0x455, b"body").encode()
    assert pdu.header_of(octets[:16]) == (4, Pdu(pdu.SUBMIT_SM, 7, 0x455))
    for size in (0, 15, 1 << 30):
        with pytest.raises(BadPdu):
            pdu.header_of(size.to_bytes(4, "big") + bytes(12))


def test_long_message_of_a_phone_may_come_as_a_parameter():
    told = pdu.deliver_of(delivery(1, b"", tlvs={0x0424: b"long"}).body)
    assert (told.source, told.destination, told.message) == ("33639980101", "36034", b"long")


@given(st.binary(max_size=60))
def test_delivery_of_any_octets_is_read_or_refused(octets):
    with contextlib.suppress(BadPdu):
        assert isinstance(pdu.deliver_of(octets).message, bytes)


@pytest.mark.parametrize(
    ("status", "kind", "more"),
    [
        (0x58, Refusal, {"code": "429", "permanent": False}),
        (0x14, Refusal, {"code": "429", "permanent": False}),
        (0x0B, Refusal, {"dead_number": True, "permanent": True}),
        (0x455, Refusal, {"blocked": True, "permanent": True}),
        (0x45, Refusal, {"permanent": False}),
        (0x0A, Refusal, {"blocked": False, "permanent": True}),
        (0x401, Refusal, {"code": "0x00000401", "permanent": True}),
        (0x08, Unknown, {}),
        (0xFF, Unknown, {}),
    ],
)
def test_each_status_proves_what_it_proves(status, kind, more):
    told = refusal_of(status, codes_in("0x455"))
    assert isinstance(told, kind)
    assert {name: getattr(told, name) for name in more} == more


def test_codes_are_compared_in_one_form():
    assert codes_in(" 0X455,,088 ,0xzz") == {"0x00000455", "088", "0xzz"}
    assert plain("0x00000455") == plain("0x455")


@pytest.mark.parametrize(
    ("word", "state"),
    [("DELIVRD", "delivered"), ("EXPIRED", "expired"), ("UNDELIV", "failed"), ("REJECTD", "failed"),
     ("ENROUTE", "sent"), ("UNKNOWN", ""), ("TELEPOR", "")],
)  # fmt: skip
def test_receipt_in_text_is_read_and_the_message_in_it_is_not(word, state):
    told = pdu.deliver_of(receipt(1, "A1", word, "0B").body)
    assert report_of(told) == Report("A1", state, f"{word}/0B", "0B")


def test_receipt_in_parameters_counts_before_its_text():
    tlvs = {0x001E: b"A7\0", 0x0427: b"\x02"}
    told = delivery(1, b"id:9 stat:UNDELIV", esm_class=4, tlvs=tlvs)
    assert report_of(pdu.deliver_of(told.body)) == Report("A7", "delivered", "DELIVRD")
    assert report_of(pdu.deliver_of(delivery(1, b"id:9 stat:DELIVRD").body)) is None


@pytest.mark.parametrize(
    ("form", "name", "key"),
    [("same", "00AB", "ab"), ("decimal", "171", "ab"), ("hexadecimal", "ab", "171"),
     ("decimal", "x-1", "x-1"), ("hexadecimal", "x-1", "x-1")],
)  # fmt: skip
def test_ids_of_receipts_are_read_as_the_operator_writes_them(form, name, key):
    assert key_of(name, form) == key
