"""What decisions know of a merchant is read once per wording, and whatever changes at once."""

import pytest

from hub.automations.merchants import merchant
from hub.store import automations, merchants, workspaces


@pytest.fixture
def look(ground, workspace):
    def now():
        with ground.database.begin() as db:
            (written,) = merchants.written(db, [workspace])
        return merchant(written)

    return now


def test_the_same_words_are_read_once(look):
    assert look() is look()


def test_whatever_is_changed_is_seen_at_once(ground, workspace, look, clock):
    before = look()
    with ground.database.begin() as db:
        workspaces.change(db, workspace, testing=True)
        automations.set_state(db, workspace, "order-confirmed", "paused", clock())
    after = look()
    assert (before.shop["testing"], after.shop["testing"]) == (False, True)
    states = [{a.row["slug"]: a.row["state"] for a in m.automations} for m in (before, after)]
    assert [found["order-confirmed"] for found in states] == ["live", "paused"]


def test_an_automation_that_this_hub_cannot_read_leaves_the_others_alone(
    ground, workspace, look, clock
):
    whole = len(look().automations)
    with ground.database.begin() as db:
        automations.save(db, workspace, "from-tomorrow", {"newer": "than us"}, "live", clock())
    assert len(look().automations) == whole


def test_it_is_what_its_rows_say(ground, workspace, look):
    with ground.database.begin() as db:
        shop = workspaces.get(db, workspace)
        stored = automations.by_workspaces(db, [workspace])
    found = look()
    assert found.shop == {name: shop[name] for name in found.shop}
    kept = [
        {name: row[name] for name in live.row}
        for live, row in zip(found.automations, stored, strict=True)
    ]
    assert [live.row for live in found.automations] == kept
