"""What a phone of the town shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.compose.segments import split
from hub.local.demo.people import RESIDENTS, resident
from hub.local.demo.phone import conversation, pieces_of
from hub.local.demo.street import open_street

ZOE, LEA = resident("zoe"), resident("lea")
LINK = "http://127.0.0.1:5000/l/3fKx9QbT0a"


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


def carousel_to(phones, number):
    cards = [
        {
            "title": name,
            "suggestions": [{"type": "REPLY", "text": f"Yes, {name}", "postbackData": name}],
        }
        for name in ("shirt", "scarf")
    ]
    body = {"type": "CAROUSEL", "contents": cards}
    wanted = {"recipient": {"to": number.removeprefix("+")}, "from": "Maison Lune", "body": body}
    phones.accept({**wanted, "refClient": "rich"}, "RCS")


def test_a_carousel_is_shown_with_its_cards_and_a_tap_on_it_is_the_persons_own_word(phones):
    carousel_to(phones, LEA.number)
    phones.tap(LEA.number, "scarf")
    shown, said = conversation(phones, LEA)
    assert [card.title for card in shown.rich.cards] == ["shirt", "scarf"]
    assert shown.sender == "Maison Lune"
    assert (said.mine, said.parts, said.rich) == (True, ("Yes, scarf",), None)


def test_a_phone_without_rcs_or_without_data_shows_no_carousel(phones):
    for one in (ZOE, resident("giulia")):
        carousel_to(phones, one.number)
        assert conversation(phones, one) == []


@given(st.text("ab ", max_size=9), st.text("ab ", max_size=9), st.integers(0, 60))
def test_a_link_opens_whole_wherever_a_part_ends(before, after, cut):
    text = f"{before} {LINK} {after}"
    parts = (text[:cut], text[cut:])
    cut_up = list(pieces_of(parts))
    assert tuple("".join(words for words, _ in part) for part in cut_up) == parts
    pieces = [piece for part in cut_up for piece in part]
    assert "".join(words for words, address in pieces if address) == LINK
    assert {address for _, address in pieces if address} == {LINK}
