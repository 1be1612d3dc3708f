"""What sending goes by is read in one query, and anew whenever a word of it has changed."""

from hub.store import carriers, houses, prices, routes, spend, workspaces
from hub.store.lasting import Lasting


def test_a_house_has_its_limits_and_routes_and_follows_every_change(ground, workspace, carrier):
    limit = {"scope": "country", "key": "FR", "period": "day", "micros": 9}
    line = {"channel": "sms", "country": "FR", "position": 1, "weight": 5,
            "connection_id": str(carrier.connection_id)}  # fmt: skip
    with ground.database.begin() as db:
        before = houses.by_ids(db, [workspace])[workspace]
        spend.replace_caps(db, workspace, [limit])
        routes.replace(db, workspace, [line])
        workspaces.pause(db, workspace, "all")
        after = houses.by_ids(db, [workspace])[workspace]
        known = workspaces.get(db, workspace)
    assert (before["limits"], before["routes"]) == ({}, {})
    assert after["limits"] == {("country", "FR", "day"): 9}
    assert [r["connection_id"] for r in after["routes"]["sms", "FR"]] == [carrier.connection_id]
    assert after["rules"]["paused"] == "all"
    own = set(after) - {"limits", "routes"}
    assert {name: after[name] for name in own} == {name: known[name] for name in own}


def test_a_carrier_comes_with_its_prices_and_follows_every_change(ground, workspace, carrier):
    def priced(*lines):
        made = [
            {"connection_id": str(carrier.connection_id), "channel": "sms", "country": country,
             "micros": micros, "currency": "EUR"}
            for country, micros in lines
        ]  # fmt: skip
        prices.replace(db, workspace, made)
        [found] = carriers.of_workspaces(db, [workspace], [carrier.slug])
        return found["prices"]

    with ground.database.begin() as db:
        assert priced() == {}
        assert priced(("", 45_000)) == {("sms", ""): (45_000, "EUR")}
        assert priced(("", 45_001), ("FR", 3)) == {
            ("sms", ""): (45_001, "EUR"),
            ("sms", "FR"): (3, "EUR"),
        }


def test_what_lasts_is_read_once_and_what_was_not_there_is_asked_for_again():
    shelf: Lasting[int, str] = Lasting(2)
    asked = []

    def read(keys):
        asked.append(sorted(keys))
        return {key: str(key) for key in keys if key < 9}

    assert shelf.of([1, 2, 9], read) == {1: "1", 2: "2"}
    assert shelf.of([2, 1], read) == {1: "1", 2: "2"}
    assert shelf.of([9, 3], read) == {3: "3"}  # full: it begins anew
    assert shelf.of([1], read) == {1: "1"}
    assert asked == [[1, 2, 9], [3, 9], [1]]
