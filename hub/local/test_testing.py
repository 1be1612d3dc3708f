"""The fixtures themselves: an order in the shop becomes a message on a phone and a note."""

from hub.local.testing import HandClock, Installed, Road
from hub.store import messages
from hub.store.ground import Ground


def test_the_whole_road_is_walked_on_demand(shop: Installed, carrier: Installed, road: Road):
    order = shop.simulator.place_order(first_name="Zoë", phone="06 39 98 01 23", country="FR")
    road.walk()
    assert len(carrier.simulator.inbox("+33639980123")) == 1
    assert any("delivered" in note for note in shop.simulator.notes(order))


def test_each_test_has_an_empty_database(ground: Ground, workspace):
    with ground.database.begin() as db:
        assert messages.listed(db, workspace, None, 10) == []


def test_the_clock_moves_by_hand_only(clock: HandClock, ground: Ground):
    before = ground.clock()
    assert (clock.move(hours=2) - before).total_seconds() == 7200
    assert ground.clock() == clock.now
