"""No more a second than a carrier's setting, no more a minute than a range's, with Redis and
without it."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.config import Settings
from hub.contract import utc_now
from hub.send.pace import Turn, prefix_of, prefix_room, take
from hub.store.ground import Ground

PHONES = [f"+3363998{n:04d}" for n in range(40)]


@pytest.fixture
def ground(engines: Any, clock: Any) -> Ground:
    """A hub with Redis and no database: pace asks it nothing."""
    nothing: Any = None
    return Ground(nothing, nothing, {}, clock, Settings(redis_url=engines.redis_url))


def carrier(per_second: str) -> Any:
    return {"id": uuid4(), "settings": {"per_second": per_second}}


def workspace_with(most: Any) -> Any:
    return {"id": uuid4(), "rules": {"prefix_per_minute": most}}


def room(ground: Ground, row: Any, wanted: int = 100, channel: str = "sms") -> int:
    return take(ground, row, channel, wanted, ground.clock()).room


@pytest.fixture(params=["refusing", "mute"])
def without_redis(request: Any, ground: Ground) -> Iterator[Ground]:
    """A hub of two worker processes whose Redis is dead, or takes calls and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1] if request.param == "mute" else 1
        url = f"redis://127.0.0.1:{port}/0"
        yield replace(ground, settings=replace(ground.settings, redis_url=url, worker_processes=2))


@pytest.mark.parametrize("setting", ["", "0", "fast", None, "-3"])
def test_without_a_limit_all_may_go(ground: Ground, setting: Any):
    assert take(ground, carrier(setting), "sms", 700, ground.clock()).room == 700


def test_a_second_gives_as_many_as_the_setting_says(ground: Ground, clock: Any):
    row = carrier("10")
    assert room(ground, row, 4) == 4
    assert room(ground, row) == 6
    assert room(ground, row) == 0
    clock.move(seconds=1)
    assert room(ground, row) == 10
    clock.move(seconds=0.5)
    assert room(ground, row) == 5
    clock.move(hours=1)
    assert room(ground, row) == 10


def test_every_connection_and_channel_has_its_own_pace(ground: Ground):
    row = carrier("10")
    assert [room(ground, row), room(ground, row, channel="rcs")] == [10, 10]
    assert room(ground, carrier("10")) == 10


def test_a_hub_on_real_time_goes_by_the_clock_of_redis(ground: Ground):
    real = replace(ground, clock=utc_now)
    row = carrier("100000")
    assert room(real, row, 99_000) == 99_000
    assert prefix_room(real, workspace_with(2), PHONES[:3]) == [True, True, False]
    apart = replace(real, settings=replace(real.settings, redis_url=""))
    assert room(apart, row, 10**9) == 0
    assert prefix_room(apart, workspace_with(2), PHONES[:1]) == [False]


def test_those_behind_wait_for_the_second_of_their_turn(ground: Ground):
    turn = Turn(0, 10, ground.clock())
    waits = [(turn.due_at(n) - turn.now).total_seconds() for n in (0, 9, 10, 25)]
    assert waits == [1, 1, 2, 3]


def test_many_at_once_get_no_more_than_one(ground: Ground):
    row = carrier("100")
    with ThreadPoolExecutor(8) as crowd:
        given_out = list(crowd.map(lambda _: room(ground, row, 7), range(40)))
    assert sum(given_out) == 100


def test_without_redis_a_process_has_its_part_and_begins_with_nothing(
    without_redis: Ground, clock: Any
):
    row = carrier("10")
    assert room(without_redis, row) == 0
    clock.move(seconds=1)
    assert room(without_redis, row) == 5
    assert room(without_redis, row) == 0
    clock.move(hours=1)
    assert room(without_redis, row) == 5


def test_without_redis_the_slowest_carrier_still_gets_something(without_redis: Ground, clock: Any):
    row = carrier("1")
    granted = 0
    for _ in range(8):
        granted += room(without_redis, row)
        clock.move(seconds=1)
    assert granted == 3


def test_when_redis_answers_again_it_counts_again(
    without_redis: Ground, ground: Ground, clock: Any
):
    row = carrier("10")
    assert room(ground, row) == 10
    assert room(without_redis, row) == 0
    clock.move(seconds=1)
    assert room(without_redis, row) == 5
    assert room(ground, row) == 10
    assert room(without_redis, row) == 0


def test_a_range_gets_so_many_in_any_minute(ground: Ground, clock: Any):
    row = workspace_with(3)
    other = "+447700900123"
    assert prefix_room(ground, row, [*PHONES[:2], other]) == [True, True, True]
    clock.move(seconds=40)
    assert prefix_room(ground, row, PHONES[2:5]) == [True, False, False]
    clock.move(seconds=20)
    assert prefix_room(ground, row, PHONES[3:6]) == [True, True, False]
    assert prefix_room(ground, row, [other]) == [True]


def test_a_burst_over_one_range_is_held_to_its_limit(ground: Ground):
    row = workspace_with(5)
    with ThreadPoolExecutor(8) as crowd:
        said = list(crowd.map(lambda _: prefix_room(ground, row, PHONES), range(8)))
    assert sum(map(sum, said)) == 5


@pytest.mark.parametrize("most", [None, "", 0, "many"])
def test_without_a_rule_no_range_is_held(ground: Ground, most: Any):
    assert all(prefix_room(ground, workspace_with(most), PHONES))
    assert prefix_room(ground, {"id": uuid4(), "rules": {}}, PHONES[:1]) == [True]  # type: ignore[arg-type]


def test_without_redis_a_range_waits_a_minute_then_has_its_part(without_redis: Ground, clock: Any):
    row = workspace_with(6)
    assert sum(prefix_room(without_redis, row, PHONES)) == 0
    clock.move(seconds=60)
    assert sum(prefix_room(without_redis, row, PHONES)) == 3
    assert sum(prefix_room(without_redis, row, PHONES)) == 0


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.tuples(st.floats(0, 50), st.integers(0, 6)), max_size=12))
def test_no_minute_ever_has_more(ground: Ground, clock: Any, steps: list[tuple[float, int]]):
    row, sent = workspace_with(4), []
    for pause, wanted in steps:
        at = clock.move(seconds=pause)
        sent += [at] * sum(prefix_room(ground, row, PHONES[:wanted]))
    for at in sent:
        assert sum(0 <= (other - at).total_seconds() < 60 for other in sent) <= 4


def test_a_range_is_the_first_eight_digits():
    assert prefix_of("+33639980123") == "33639980"
