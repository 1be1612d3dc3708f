"""What the last real records hold, read without keeping anything; and reading again from a day."""

from datetime import timedelta

import pytest

from hub.connections import again, recent
from hub.store import connections
from hub.store.database import row

_MAKE = {
    "shop": lambda vendor, at: vendor.place_order(phone="+33639980001", country="FR"),
    "crm": lambda vendor, at: vendor.create_contact(mobilephone="+33639980001"),
    "sales": lambda vendor, at: vendor.create_contact(MobilePhone="+33639980001"),
    "calendar": lambda vendor, at: vendor.book(
        "Haircut", at + timedelta(days=1), phone="+33639980001"
    ),
    "sheet": lambda vendor, at: vendor.add_row(Mobile="+33639980001"),
}


def kept(ground, one):
    with ground.database.begin() as db:
        return connections.by_ids(db, [one.connection_id])[one.connection_id]


@pytest.mark.parametrize("part", sorted(_MAKE))
def test_the_last_records_are_read_and_nothing_is_kept(installed, cast, ground, clock, part, road):
    one = installed(cast[part])
    road.walk()
    clock.move(minutes=5)
    _MAKE[part](one.simulator, clock())
    clock.move(minutes=1)
    found = recent.look(ground, kept(ground, one), "FR")
    assert "+33639980001" in [seen.phone.e164 for seen in found.records if seen.phone]
    with ground.database.begin() as db:
        assert row(db, "SELECT count(*) AS n FROM events")["n"] == 0


@pytest.mark.parametrize("part", ["crm", "sales", "calendar"])
def test_what_was_read_before_is_not_told_again(installed, cast, ground, clock, part, road):
    one = installed(cast[part])
    road.walk()
    clock.move(minutes=5)
    _MAKE[part](one.simulator, clock())
    clock.move(minutes=6)
    road.walk()
    assert again.read_again(ground, kept(ground, one), clock() - timedelta(days=1))
    before = events(ground)
    road.walk()
    assert 0 < events(ground) == before


def events(ground):
    with ground.database.begin() as db:
        return row(db, "SELECT count(*) AS n FROM events")["n"]


def test_a_sheet_has_no_days_to_read_again_from(installed, cast, ground, clock):
    assert not again.read_again(ground, kept(ground, installed(cast["sheet"])), clock())
