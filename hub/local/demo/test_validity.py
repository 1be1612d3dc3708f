"""When the carrier gives an RCS message up."""

from datetime import timedelta

import pytest

from hub.contract import utc_now
from hub.local.demo.people import resident
from hub.local.demo.street import open_street
from hub.local.demo.validity import SHORT, give_up

LATER = timedelta(seconds=2)


@pytest.fixture
def phones():
    with open_street() as street:
        yield street.phones


def send(phones, slug, kind="RCS"):
    body = {"type": "BASIC", "text": "Bonjour"} if kind == "RCS" else {"text": "Bonjour"}
    to = {"to": resident(slug).number.removeprefix("+")}
    phones.accept({"recipient": to, "from": "Lune", "body": body, "refClient": slug}, kind)


def state_of(phones, slug):
    (found,) = phones.ledger.search(slug)
    return found["status"]["value"]


def test_what_no_phone_took_in_time_is_given_up_once(phones):
    send(phones, "giulia")
    assert give_up(phones) == 0
    then = utc_now() + SHORT + LATER
    assert [give_up(phones, then), give_up(phones, then)] == [1, 0]
    assert state_of(phones, "giulia") == "UNDELIVERED"


def test_what_arrived_and_every_sms_stays_as_it_is(phones):
    send(phones, "lea")
    send(phones, "marc", "SMS")
    assert give_up(phones, utc_now() + SHORT + LATER) == 0
    assert state_of(phones, "lea") == "DELIVERED"
