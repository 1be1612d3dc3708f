"""The line from its ends: receipts folded, replies joined, senders addressed."""

import asyncio
from datetime import timedelta

import pytest

from hub.contract import utc_now

from .line.hearing import Hearing
from .line.joining import Joiner, text_of
from .line.ledger import Ledger
from .line.writing import address_of, validity_of
from .simulated.operator import delivery, receipt
from .wire import pdu
from .wire.pdu import Address
from .wire.statuses import NOT_NOW


class Teller:
    """Keeps what it is told, unless it is deaf."""

    def __init__(self):
        self.told, self.deaf = [], False

    async def tell(self, document):
        if not self.deaf:
            self.told += [*document.get("receipts", []), *document.get("replies", [])]
        return not self.deaf


@pytest.fixture
def teller():
    return Teller()


@pytest.fixture
def hearing(teller):
    now = [0.0]
    made = Hearing(Ledger(), Joiner(lambda: now[0]), teller, utc_now, frozenset({"881"}))
    made.now = now
    return made


def hear(hearing, *units):
    return [asyncio.run(hearing.hear(pdu.deliver_of(unit.body))) for unit in units]


def sent(hearing, *names, reference="ref-1"):
    known = hearing.ledger.begin(reference, len(names))
    for name in names:
        hearing.ledger.taking(known)(name)
    return known


def test_message_is_delivered_once_all_its_parts_are(hearing, teller):
    sent(hearing, "A1", "A2")
    assert hear(hearing, receipt(1, "A1", "DELIVRD"), receipt(2, "A1", "DELIVRD")) == [0, 0]
    assert teller.told == []
    hear(hearing, receipt(3, "a2", "DELIVRD"), receipt(4, "A2", "DELIVRD"))
    (told,) = teller.told
    assert (told["id"], told["reference"], told["parts"]) == ("A1+A2", "ref-1", 2)
    assert told["state"] == "delivered"


def test_message_has_failed_when_one_part_has_and_is_told_so_once(hearing, teller):
    sent(hearing, "A1", "A2")
    hear(hearing, receipt(1, "A2", "REJECTD", "881"), receipt(2, "A1", "DELIVRD"))
    (told,) = teller.told
    assert (told["state"], told["code"], told["blocked"]) == ("failed", "REJECTD/881", True)


def test_end_of_a_part_is_never_taken_back(hearing, teller):
    sent(hearing, "A1")
    hear(
        hearing, *(receipt(1, "A1", word) for word in ("ENROUTE", "DELIVRD", "UNDELIV", "ENROUTE"))
    )
    assert [one["state"] for one in teller.told] == ["delivered"]


def test_receipt_of_a_part_nobody_remembers_is_told_under_its_own_id(hearing, teller, monkeypatch):
    monkeypatch.setattr("asyncio.sleep", _at_once)
    hear(hearing, receipt(1, "Z9", "DELIVRD"))
    (told,) = teller.told
    assert (told["id"], told["reference"], told["state"]) == ("Z9", "", "delivered")


async def _at_once(seconds):
    """Time passes."""


def test_operator_is_asked_to_come_again_where_the_hub_is_deaf(hearing, teller):
    sent(hearing, "A1")
    teller.deaf = True
    assert hear(hearing, receipt(1, "A1", "DELIVRD"), delivery(2, b"STOP")) == [NOT_NOW, NOT_NOW]
    assert hear(hearing, delivery(3, b"STOP")) == [NOT_NOW]
    teller.deaf = False
    assert hear(hearing, receipt(4, "A1", "DELIVRD"), delivery(5, b"STOP")) == [0, 0]
    hear(hearing, delivery(6, b"STOP"))
    names = [one["id"] for one in teller.told]
    assert len(names) == len(set(names)) == 3
    assert [one.get("text") for one in teller.told[1:]] == ["STOP", "STOP"]


def test_reply_that_could_not_be_told_keeps_its_name(hearing, teller):
    teller.deaf = True
    hear(hearing, delivery(1, b"YES"))
    named = dict(hearing._untold)
    teller.deaf = False
    hear(hearing, delivery(2, b"YES"))
    assert [one["id"] for one in teller.told] == list(named.values())


@pytest.mark.parametrize("width", [1, 2])
def test_long_reply_is_joined_in_any_order(hearing, teller, width):
    kind = 0x00 if width == 1 else 0x08
    head = bytes([kind, width + 2]) + (7).to_bytes(width, "big")
    units = [
        delivery(
            n, bytes([len(head) + 2]) + head + bytes([2, n]) + text, esm_class=0x40, data_coding=8
        )
        for n, text in ((2, "😀!".encode("utf-16-be")), (1, "Ça ".encode("utf-16-be")))
    ]
    hear(hearing, *units)
    assert [one["text"] for one in teller.told] == ["Ça 😀!"]


def test_parts_may_be_told_by_parameters(hearing, teller):
    for place, text in ((1, b"a"), (2, b"b")):
        sar = {0x020C: b"\0\x07", 0x020E: b"\x02", 0x020F: bytes([place])}
        hear(hearing, delivery(place, text, tlvs=sar))
    assert [one["text"] for one in teller.told] == ["ab"]


def test_reply_whose_part_stays_away_is_told_with_a_gap(hearing, teller):
    hear(hearing, delivery(1, b"\x05\x00\x03\x07\x03\x01one", esm_class=0x40))
    hear(hearing, delivery(2, b"\x05\x00\x03\x07\x03\x03three", esm_class=0x40))
    asyncio.run(hearing.tell_overdue())
    assert teller.told == []
    hearing.now[0] = 121.0
    asyncio.run(hearing.tell_overdue())
    asyncio.run(hearing.tell_overdue())
    assert [one["text"] for one in teller.told] == ["one…three"]


@pytest.mark.parametrize("header", [b"\x03\x05\x01", b"\x05\x00\x03\x01\x02\x03", b"\xff", b"\x00"])
def test_header_that_joins_nothing_is_left_out(hearing, teller, header):
    hear(hearing, delivery(1, header, esm_class=0x40))
    assert len(teller.told) == 1


@pytest.mark.parametrize(
    ("octets", "coding", "text"),
    [(b"\0\x1b\x65", 0, "@€"), (b"\xe9", 3, "é"), ("😀".encode("utf-16-be"), 8, "😀"),
     (b"\x01", 4, ""), (b"\x01", 0xF5, ""), (b"\0", 0xF1, "@")],
)  # fmt: skip
def test_texts_are_read_by_their_coding(octets, coding, text):
    assert text_of(octets, coding) == text


@pytest.mark.parametrize(
    ("sender", "address"),
    [("Lune", Address(5, 0, "Lune")), ("36034", Address(3, 0, "36034")), ("", Address(0, 0, "")),
     ("+33639980101", Address(1, 1, "33639980101")), ("33639980101", Address(1, 1, "33639980101"))],
)  # fmt: skip
def test_senders_are_addressed_by_their_kind(sender, address):
    assert address_of(sender) == address


@pytest.mark.parametrize(
    ("span", "text"),
    [(None, ""), (timedelta(minutes=90), "000000013000000R"),
     (timedelta(days=35), "000105000000000R"),
     (timedelta(days=999), "000203000000000R")],
)  # fmt: skip
def test_time_to_live_is_relative(span, text):
    assert validity_of(span) == text


def test_ledger_forgets_the_oldest_and_knows_that_it_did():
    ledger = Ledger(most=2)
    for at in range(3):
        ledger.taking(ledger.begin(f"r{at}", 1))(f"A{at}")
    assert ledger.of("r0") is None
    assert ledger.of("r2")
    assert 0 < ledger.lost_until <= ledger.of("r1").begun


def test_many_ids_are_named_shortly():
    ledger = Ledger()
    known = ledger.begin("r", 4)
    for at in range(4):
        ledger.taking(known)(f"{at}" * 64)
    assert known.id == "0" * 64 + "+3"
