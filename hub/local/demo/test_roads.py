"""How a road stands in a list."""

from dataclasses import replace
from uuid import uuid4

import pytest

from hub.local.demo.roads import brief, ending, replaced
from hub.report.road import Road, Station


def road(title="", state="delivered"):
    return Road(uuid4(), title, state, "+33*****23", (), (), {})


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Refund · «Money was paid back»: order 12, 5.00 €.", "Refund · order 12"),
        ("Stop confirmed", "Stop confirmed · +33*****23"),
        ("Booking · «It stands»: booking 986a1b/ev01a206d.", "Booking · +33*****23"),
        ("Cart reminder · ", "Cart reminder · +33*****23"),
    ],
)
def test_a_road_is_named_briefly(title, shown):
    assert brief(road(title)) == shown


def station(name, state="done", *details):
    return Station(name, state, None, "", details)


def test_a_message_in_whose_place_an_sms_went_ends_as_that_did():
    stations = (station("delivered", "stopped"), station("instead"))
    kept = replace(road("Cart reminder · ", "failed"), stations=stations)
    assert replaced(kept)
    assert ending(kept) == "done"
    waits = (station("delivered", "stopped"), station("instead", "waiting"))
    assert ending(replace(kept, stations=waits)) == "waiting"


def test_an_sms_in_the_place_of_a_message_says_so_in_a_list():
    written = station("written", "done", ("In place of", "RCS message 1"))
    title = "Cart reminder · «A cart was left»: cart c-86, 64.90 €."
    assert brief(replace(road(title), stations=(written,))) == "Cart reminder, by SMS · cart c-86"


@pytest.mark.parametrize(
    ("state", "shown"),
    [("delivered", "done"), ("held", "waiting"), ("cancelled", "stopped"), ("dead", "stopped")],
)
def test_every_state_ends_done_waiting_or_stopped(state, shown):
    assert ending(road(state=state)) == shown
