import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from . import phones
from .settings import SETTINGS

DEFAULTS = {f.name: f.default for f in SETTINGS} | {"country": "FR"}
EVERYWHERE = DEFAULTS | {"phone_from": "description,location,summary,property,attendee"}


def found(settings=DEFAULTS, **event):
    return phones.find(event, settings)


@pytest.mark.parametrize(
    ("description", "phone"),
    [
        ("Tél : 06 39 98 01 23", "06 39 98 01 23"),
        ("tel. 06.39.98.01.23", "06.39.98.01.23"),
        ("Notes\nPhone: +33 6 39 98 01 23\nmore", "+33 6 39 98 01 23"),
        ("Téléphone portable = 0639980123", "0639980123"),
        ("Handy: +44 (0)7700 900123", "+44 (0)7700 900123"),
        ("Telefon – 06 39 98 01 23", "06 39 98 01 23"),
        ("<p>First visit</p><b>Mobile:</b> 06 39 98 01 23<br>Colour", "06 39 98 01 23"),
        ("<div>T&eacute;l&nbsp;: 06 39 98 01 23</div>", "06 39 98 01 23"),
        ('Call <a href="tel:+33639980123">us</a>', "+33639980123"),
        ("TELEFONO: (06) 39-98-01-23 (home)", "(06) 39-98-01-23"),
    ],
)
def test_a_labelled_line_of_the_description_has_the_phone(description, phone):
    assert found(description=description) == ("description", phone)


@pytest.mark.parametrize(
    "description",
    [
        "Order 0639980123",
        "Hotel: 4 nights",
        "tel me more",
        "Tel: soon",
        "Zip 69001 Lyon",
        "Motel 0639980123",
        "",
        None,
        ["tel: 06 39 98 01 23"],
    ],
)
def test_a_number_without_its_label_is_no_phone_in_a_description(description):
    assert found(description=description) == ("", "")


def test_a_bare_number_counts_in_the_place_only_where_it_is_a_phone():
    assert found(location="12 rue Neuve, 69001 Lyon") == ("", "")
    assert found(location="Salon, 06 39 98 01 23") == ("location", "06 39 98 01 23")
    assert found(location="+44 7700 900123") == ("location", "+44 7700 900123")


def test_the_title_is_looked_at_only_where_it_is_chosen():
    title = {"summary": "Zoë 06 39 98 01 23"}
    assert found(**title) == ("", "")
    assert found(EVERYWHERE, **title) == ("summary", "06 39 98 01 23")


def test_a_private_or_a_shared_property_may_hold_the_phone():
    held = {"phone": "06 39 98 01 23"}
    for kind in ("private", "shared"):
        assert found(extendedProperties={kind: held}) == ("property", "06 39 98 01 23")
    named = DEFAULTS | {"phone_property": "customerPhone"}
    assert found(named, extendedProperties={"private": held}) == ("", "")


def test_only_a_guest_s_address_asks_to_be_looked_up():
    salon = {"email": "salon@example.com", "organizer": True}
    room = {"email": "room@example.com", "resource": True}
    zoe = {"email": "zoe@example.com"}
    assert found(attendees=[salon, room, zoe]) == ("attendee", "")
    assert phones.guest({"attendees": [salon, room, zoe]}) == zoe
    assert found(attendees=[salon, room]) == ("", "")


def test_the_places_are_looked_at_in_the_order_that_was_chosen():
    event = {"description": "tel: 06 39 98 01 23", "location": "06 39 98 04 56"}
    assert found(**event)[0] == "description"
    assert found(DEFAULTS | {"phone_from": "location,description"}, **event)[0] == "location"


@given(st.text(alphabet="<>teléTEL:=+0 6-()\n./abc&;", max_size=400))
def test_no_description_whatever_raises(description):
    place, phone = found(EVERYWHERE, description=description, location=description)
    assert bool(phone) <= bool(place)


@pytest.mark.parametrize("bad", ["<" * 20_000, "tel " * 5_000, "tel:" + "1-" * 9_000, "(" * 20_000])
def test_no_description_takes_long(bad):
    began = time.thread_time()
    found(EVERYWHERE, description=bad, location=bad, summary=bad)
    assert time.thread_time() - began < 30  # catastrophic patterns would take hours
