"""Routes and carriers through the API."""

from collections import Counter
from typing import Any
from uuid import uuid4

import pytest

from hub.send.breaker import note
from hub.store import connections
from hub.store.ground import Ground


def _fields(answer: Any) -> set[str]:
    assert answer.status_code == 422, answer.json
    return {error["field"] for error in answer.json["errors"]}


@pytest.fixture
def two(installed: Any, cast: Any) -> list[str]:
    """Two connected carriers, the first one first."""
    return [str(installed(cast["phones"]).connection_id) for _ in range(2)]


def _route(*steps: Any, channel: str = "sms", country: str = "") -> dict[str, Any]:
    made = [[{"connection_id": id, "weight": weight} for id, weight in step] for step in steps]
    return {"channel": channel, "country": country, "steps": made}


def test_routes_are_written_and_read_in_their_order(program: Any, two: list[str]):
    first, second = sorted(two)
    assert program.get("/routes").json == {"items": []}
    french = _route([(first, 70), (second, 30)], country="FR")
    others = _route([(second, 100)], [(first, 100)])
    wanted = {"items": [others, french]}
    assert program.put("/routes", wanted).json == wanted
    assert program.get("/routes").json == wanted
    assert program.put("/routes", {"items": []}).json == {"items": []}


def test_a_route_leads_to_connected_carriers_that_can(
    program: Any, two: list[str], shop: Any, program_of: Any, other_workspace: Any
):
    first = two[0]
    items = [
        _route([(str(uuid4()), 100)]),
        _route([(str(shop.connection_id), 100)], country="FR"),
        _route([("x", 100)], country="GB"),
        _route([(first, 100)], [(first.upper(), 100)], country="DE"),
        _route([(first, 0)], country="IT"),
        _route([(first, 100)], country="IT"),
    ]
    assert _fields(program.put("/routes", {"items": items})) == {
        "items.0.steps.0.0.connection_id",
        "items.1.steps.0.0.connection_id",
        "items.2.steps.0.0.connection_id",
        "items.3.steps.1.0.connection_id",
        "items.4.steps",
        "items.5",
    }
    foreign = program_of(other_workspace).put("/routes", {"items": [_route([(first, 100)])]})
    assert _fields(foreign) == {"items.0.steps.0.0.connection_id"}
    assert program.get("/routes").json == {"items": []}


def test_only_what_is_in_the_description_is_taken(program: Any, two: list[str]):
    for change in ({"country": "fr"}, {"channel": "fax"}, {"steps": []}, {"steps": [[]]}):
        wrong = _route([(two[0], 100)]) | change
        assert _fields(program.put("/routes", {"items": [wrong]}))
    assert _fields(program.put("/routes", {"items": [_route([(two[0], 101)])]}))


def test_carriers_tell_how_they_do(program: Any, two: list[str], ground: Ground, clock: Any):
    found = program.get("/carriers").json
    assert [c["connection_id"] for c in found["items"]] == two
    [doing] = [d for d in found["items"][0]["channels"] if d["channel"] == "sms"]
    assert (doing["state"], doing["share"], found["banners"]) == ("working", 1, [])
    with ground.database.begin() as db:
        row = next(r for id, r in connections.by_ids(db, two).items() if str(id) == two[0])
        for _ in range(3):
            note(db, row, "sms", Counter({"not_reached": 2}).elements(), 0.1, clock())
    assert _state(program) == ("failing", "it cannot be reached")
    assert "is failing: it cannot be reached" in program.get("/carriers").json["banners"][0]
    clock.move(minutes=1)
    assert _state(program)[0] == "trying"


def _state(program: Any) -> tuple[str, str]:
    first = program.get("/carriers").json["items"][0]
    [doing] = [d for d in first["channels"] if d["channel"] == "sms"]
    return doing["state"], doing["words"]
