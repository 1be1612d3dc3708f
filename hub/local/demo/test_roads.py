"""How a road stands in a list."""

from uuid import uuid4

import pytest

from hub.local.demo.roads import brief, ending
from hub.report.road import Road


def road(title="", state="delivered"):
    return Road(uuid4(), title, state, "", (), (), {})


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Refund · «Money was paid back»: order 12, 5.00 €.", "Refund · order 12"),
        ("Template «stop-confirmed»", "Template «stop-confirmed»"),
        ("Cart reminder · ", "Cart reminder · "),
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
