"""In a sandbox every vendor is played: one button, no keys, no addresses."""

import pytest

from hub.store import connections


@pytest.fixture
def inside(browser):
    made = browser()
    made.post("/sandbox/switch", on="/sandbox")
    return made


def test_connecting_is_one_button_and_asks_for_no_key(inside, cast):
    at = f"/connections/new/{cast['shop']}"
    page = inside.get(f"{at}/connect").text
    assert "Connect to the simulator" in page
    assert "key-" not in page
    assert "set-" not in page
    away = inside.post(f"{at}/simulator")
    assert away.status_code == 422
    assert "The simulators are being started" in away.text


def test_no_real_vendor_is_connected_from_there(inside, vendor, cast, ground, workspace):
    one = vendor(cast["shop"])
    at = f"/connections/new/{one.slug}/connect"
    page = inside.post(at, on=at, by="keys", **one.form)
    assert "leads to its simulator" in page.text
    with ground.database.begin(workspace) as db:
        assert connections.listed(db, workspace) == []
