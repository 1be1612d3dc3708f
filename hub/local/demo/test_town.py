"""The whole town on real processes: the stories, the kills, the pace."""

import pytest

from hub.local.demo import kills, once, pace
from hub.local.demo.town import FolderTaken, open_town


def test_every_story_ends_as_it_must(town):
    played = once.play(town)
    assert once.judge(town, played) == []
    assert once.table(town, played).row_count >= len(played)


def test_the_pace_is_measured_for_every_order(town):
    measured = pace.measure(town, orders=3)
    assert measured.missing == 0
    assert len(measured.roads) == 3
    assert all(seconds > 0 for seconds in measured.answers)


def test_every_order_has_one_confirmation_although_each_part_was_killed(town):
    found = kills.put_to_test(town, print, kills=5, orders=120, seed=7, rate=15.0)
    assert found.is_right, (found.faults, found.wrongs)
    assert found.kills == {"web": 1, "worker-1": 1, "worker-2": 1, "postgres": 1, "valkey": 1}
    assert kills.table(found).row_count > 6


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path):
    (tmp_path / "mine").write_text("keep me")
    with pytest.raises(FolderTaken, match="not empty"), open_town(print, tmp_path):
        pass
    assert (tmp_path / "mine").read_text() == "keep me"
