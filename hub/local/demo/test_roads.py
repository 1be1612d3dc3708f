"""How a road stands in a list."""

from uuid import uuid4

import pytest

from hub.local.demo.roads import brief, ending
from hub.report.road import Road


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


@pytest.mark.parametrize(
    ("state", "shown"),
    [("delivered", "done"), ("held", "waiting"), ("cancelled", "stopped"), ("dead", "stopped")],
)
def test_every_state_ends_done_waiting_or_stopped(state, shown):
    assert ending(road(state=state)) == shown
