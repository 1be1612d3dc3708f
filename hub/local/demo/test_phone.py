"""What a phone of the town shows."""

import pytest

from hub.compose.segments import split
from hub.local.demo.people import RESIDENTS, resident
from hub.local.demo.phone import conversation
from hub.local.demo.street import open_street

ZOE = resident("zoe")


@pytest.fixture
def phones():
    with open_street() as street:
        yield street.phones


def text_to(phones, number, text, stop=False):
    body = {"text": text, "encoding": "GSM7", "stop": stop}
    phones.accept({"recipient": {"to": number.removeprefix("+")}, "body": body, "refClient": "ref"})


def test_texts_and_answers_stand_in_their_order(phones):
    text_to(phones, ZOE.number, "Bonjour")
    phones.answer(ZOE.number, "YES")
    text_to(phones, ZOE.number, "Merci")
    shown = [(b.mine, "".join(b.parts)) for b in conversation(phones, ZOE)]
    assert shown == [(False, "Bonjour"), (True, "YES"), (False, "Merci")]


def test_a_phone_shows_nobody_elses_texts(phones):
    text_to(phones, ZOE.number, "Bonjour")
    assert all(not conversation(phones, one) for one in RESIDENTS if one is not ZOE)


def test_a_long_text_is_cut_where_its_parts_end(phones):
    long = "Votre panier vous attend. " * 10
    text_to(phones, ZOE.number, long.strip())
    (bubble,) = conversation(phones, ZOE)
    assert bubble.parts == split(long.strip())
    assert len(bubble.parts) == 2


def test_what_the_phone_shows_is_what_it_received_with_the_carriers_own_words(phones):
    text_to(phones, ZOE.number, "Une offre", stop=True)
    assert ["".join(b.parts) for b in conversation(phones, ZOE)] == phones.inbox(ZOE.number)


def test_a_text_that_never_arrived_is_not_shown(phones):
    phones.behave(ZOE.number, "UNDELIVERABLE")
    text_to(phones, ZOE.number, "Bonjour")
    assert conversation(phones, ZOE) == []
