"""Which carrier takes a message: order, weights, what stays the same and what goes elsewhere."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.contract import Carrier, Phone
from hub.send.routing import TRICKLE, Route, Routing, routes_of
from hub.send.stops import Stop
from hub.store import routes
from hub.store.database import rows
from hub.store.ground import Ground

NOW = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)
FRENCH, BRITISH = "+33639980123", "+447700900123"
IDS = [UUID(int=n) for n in range(1, 10_001)]


def _nothing(*_: Any) -> Any:
    return ()


CARRIER = Carrier(("sms",), _nothing, 100, _nothing, _nothing, _nothing, _nothing)


def route(number: int, **row: Any) -> Route:
    made = {"id": UUID(int=number << 64), "settings": {}, "paused_until": None, "problem": "",
            "label": f"Carrier {number}", "connector": "x", **row}  # fmt: skip
    return Route(made, CARRIER)  # type: ignore[arg-type]


def message(id: UUID | None = None, **more: Any) -> dict[str, Any]:
    return {"id": id or uuid4(), "to": Phone.of(FRENCH), "tries": 0, "carrier_id": None,
            "reason": "", "pinned": False, **more}  # fmt: skip


def line(of: Route, position: int = 1, weight: int = 100) -> Any:
    return {"connection_id": of.row["id"], "position": position, "weight": weight}


def mark(share: float = 1.0, open_until: datetime | None = None) -> Any:
    return {"share": share, "open_until": open_until}


def drawn(routing: Routing, **more: Any) -> Counter[str]:
    found = (routing.choose(message(id, **more), "sms", NOW) for id in IDS)
    return Counter(one.name if isinstance(one, Route) else one.reason for one in found)


A, B, C = route(1), route(2), route(3)


def test_without_routes_the_oldest_connection_takes_everything():
    assert drawn(Routing([A, B])) == {"Carrier 1": 10_000}


def test_a_paused_carrier_is_passed_over():
    paused = route(1, paused_until=NOW + timedelta(seconds=30))
    assert drawn(Routing([paused, B])) == {"Carrier 2": 10_000}


def test_when_all_are_paused_messages_wait_for_the_first_that_is_not():
    late = route(1, paused_until=NOW + timedelta(seconds=90), problem="No credit.")
    soon = route(2, paused_until=NOW + timedelta(seconds=30), problem="Too fast.")
    stop = Routing([late, soon]).choose(message(), "sms", NOW)
    assert stop == Stop("hold", "carrier_paused", "Waiting: Too fast.", NOW + timedelta(seconds=30))


def test_a_channel_nobody_carries_waits_for_a_carrier():
    stop = Routing([A]).choose(message(), "rcs", NOW)
    assert isinstance(stop, Stop)
    assert (stop.reason, stop.due_at) == ("no_carrier", NOW + timedelta(minutes=1))
    assert not Routing([A]).carries("rcs")
    assert Routing([A]).carries("sms")


def test_a_connection_carries_what_it_is_set_up_for():
    both = replace(CARRIER, channels=("sms", "rcs"), carries=lambda s: (s["channel"],))
    rcs = Route(route(4, settings={"channel": "rcs"}).row, both)
    assert Routing([A, rcs]).choose(message(), "rcs", NOW) is rcs
    assert Routing([rcs, A]).choose(message(), "sms", NOW) is A


def test_a_countrys_own_route_goes_before_the_one_for_all_others():
    routing = Routing([A, B], {("sms", "FR"): [line(B)], ("sms", ""): [line(A)]})
    assert routing.choose(message(), "sms", NOW) is B
    assert routing.choose(message(to=Phone.of(BRITISH)), "sms", NOW) is A


@settings(max_examples=6, deadline=None)
@given(st.lists(st.integers(0, 100), min_size=2, max_size=4))
def test_the_draw_keeps_to_the_weights_and_is_always_the_same(weights: list[int]):
    able = [route(n + 1) for n in range(len(weights))]
    lines = [line(one, 1, weight) for one, weight in zip(able, weights, strict=True)]
    routing = Routing(able, {("sms", ""): lines})
    shares = drawn(routing)
    assert shares == drawn(Routing(able[::-1], {("sms", ""): lines[::-1]}))
    total = sum(weights)
    for one, weight in zip(able, weights, strict=True):
        wanted = 10_000 * weight / total if total else 0
        assert abs(shares[one.name] - wanted) < 250
    assert total or shares == {"no_carrier": 10_000}


def test_a_carrier_that_leaves_moves_only_its_own_messages():
    lines = [line(A, 1, 50), line(B, 1, 30), line(C, 1, 20)]
    whole = Routing([A, B, C], {("sms", ""): lines})
    without = Routing([A, C], {("sms", ""): lines})
    for id in IDS[:1000]:
        before = whole.choose(message(id), "sms", NOW)
        after = without.choose(message(id), "sms", NOW)
        assert before is B or before is after


def test_a_carrier_that_did_badly_is_drawn_less():
    order = {("sms", ""): [line(A), line(B)]}
    shares = drawn(Routing([A, B], order, {(A.row["id"], "sms"): mark(0.25)}))
    assert abs(shares["Carrier 1"] - 2000) < 250


def test_a_position_whose_circuits_are_all_open_gives_way_to_the_next():
    order = {("sms", ""): [line(A), line(B), line(C, 2)]}
    soon = NOW + timedelta(seconds=9)
    marks = {(one.row["id"], "sms"): mark(0.05, soon) for one in (A, B)}
    assert drawn(Routing([A, B, C], order, marks)) == {"Carrier 3": 10_000}


def test_a_circuit_of_another_channel_does_not_matter():
    marks = {(A.row["id"], "rcs"): mark(0.05, NOW + timedelta(seconds=9))}
    assert Routing([A], marks=marks).choose(message(), "sms", NOW) is A


def test_when_every_circuit_is_open_messages_wait_for_the_first_to_be_tried():
    marks = {(A.row["id"], "sms"): mark(0.05, NOW + timedelta(seconds=9))}
    stop = Routing([A], marks=marks).choose(message(), "sms", NOW)
    assert isinstance(stop, Stop)
    assert (stop.reason, stop.due_at) == ("all_circuits_open", NOW + timedelta(seconds=9))
    assert "Carrier 1" in stop.sentence


def test_a_carrier_on_trial_gets_a_trickle_and_the_rest_waits_or_goes_elsewhere():
    marks = {(A.row["id"], "sms"): mark(0.05, NOW - timedelta(seconds=1))}
    assert drawn(Routing([A], marks=marks)) == {
        "Carrier 1": TRICKLE,
        "all_circuits_open": 10_000 - TRICKLE,
    }
    assert drawn(Routing([A, B], marks=marks)) == {"Carrier 1": TRICKLE, "Carrier 2": 9995}


def test_a_message_that_a_carrier_did_not_take_tries_another():
    back = {"tries": 1, "carrier_id": A.row["id"], "reason": "not_reached"}
    assert drawn(Routing([A, B]), **back) == {"Carrier 2": 10_000}
    assert drawn(Routing([A]), **back) == {"Carrier 1": 10_000}


@pytest.mark.parametrize("reason", ["paced", "given_back", "spend_cap", "prefix_paced"])
def test_what_the_hub_itself_held_back_stays_with_its_carrier(reason: str):
    held = {"tries": 1, "carrier_id": A.row["id"], "reason": reason}
    assert drawn(Routing([A, B]), **held) == {"Carrier 1": 10_000}


def test_a_pinned_message_goes_only_through_its_own_carrier():
    order = {("sms", ""): [line(A)]}
    pinned = {"pinned": True, "tries": 1, "carrier_id": B.row["id"], "reason": "unknown"}
    assert drawn(Routing([A, B], order), **pinned) == {"Carrier 2": 10_000}
    assert drawn(Routing([A], order), **pinned) == {"no_carrier": 10_000}


def test_routes_are_read_for_every_workspace_at_once(
    ground: Ground, workspace: UUID, other_workspace: UUID, add_carrier: Any
):
    first, second, other = add_carrier(), add_carrier("B"), add_carrier(of=other_workspace)
    lines = [
        {
            "channel": "sms",
            "country": "FR",
            "position": 1,
            "connection_id": str(second),
            "weight": 9,
        }
    ]
    with ground.database.begin() as db:
        routes.replace(db, workspace, lines)
        found = routes_of(ground, db, [workspace, other_workspace])
    there = {id: [r.row["id"] for r in one.carriers] for id, one in found.items()}
    assert there == {workspace: [first, second], other_workspace: [other]}
    chosen = found[workspace].choose(message(), "sms", NOW)
    assert isinstance(chosen, Route)
    assert chosen.row["id"] == second


def test_a_workspace_without_carriers_waits(ground: Ground, workspace: UUID, add_carrier: Any):
    gone = add_carrier()
    with ground.database.begin() as db:
        rows(
            db,
            "UPDATE connections SET state = 'removed' WHERE id = :id RETURNING id",
            id=gone,
        )
        stop = routes_of(ground, db, [workspace])[workspace].choose(message(), "sms", NOW)
    assert isinstance(stop, Stop)
    assert stop.reason == "no_carrier"
