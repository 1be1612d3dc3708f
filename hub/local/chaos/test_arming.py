"""Each named point has its turn with the part that passes it, until somebody has died there."""

from pathlib import Path

from hub.crash import POINTS
from hub.local.chaos.arming import ELSEWHERE, Arming, place_of


def _die(environment: dict[str, str]) -> None:
    Path(environment["HUB_CRASH_ONCE"]).touch()


def test_a_part_is_armed_with_the_points_that_it_passes(tmp_path: Path):
    arming = Arming.of(["C3", "C18", "C27"], tmp_path)
    assert arming.environment("web")["HUB_CRASH_AT"] == "C3"
    assert arming.environment("worker-2")["HUB_CRASH_AT"] == "C18"
    assert arming.environment("worker-1") == {}
    assert arming.environment("clock")["HUB_CRASH_AT"] == "C27"


def test_a_point_counts_once_somebody_has_died_there(tmp_path: Path):
    arming = Arming.of(["C18", "C19"], tmp_path)
    _die(dict(arming.environment("worker-1")))
    assert arming.environment("worker-1")["HUB_CRASH_AT"] == "C19"
    assert arming.hit == {"C18": 1}
    assert arming.left == ["C19"]


def test_a_point_that_was_not_reached_waits_for_its_next_turn(tmp_path: Path):
    arming = Arming.of(["C18", "C19"], tmp_path)
    arming.environment("worker-1")
    assert arming.environment("worker-1")["HUB_CRASH_AT"] == "C19"
    assert arming.environment("worker-2")["HUB_CRASH_AT"] == "C18"
    assert not arming.hit


def test_the_last_death_is_known_without_another_start(tmp_path: Path):
    arming = Arming.of(["C18"], tmp_path)
    _die(dict(arming.environment("worker-1")))
    assert arming.left == []


def test_points_of_other_roads_are_left_to_their_own_tests(tmp_path: Path):
    arming = Arming.of(sorted(POINTS), tmp_path)
    assert not ELSEWHERE & {p for points in arming.waiting.values() for p in points}
    assert set(POINTS) >= ELSEWHERE


def test_every_point_has_a_part_that_passes_it():
    assert {place_of(point) for point in POINTS} == {"web", "worker", "clock"}
