"""A clock of chaos is right until it is put wrong."""

from datetime import timedelta

from hub.contract import utc_now
from hub.local.chaos.clocks import Clocks, clock_from


def test_a_clock_is_as_far_off_as_it_was_put(tmp_path):
    clocks = Clocks(tmp_path)
    (path,) = clocks.environment("worker-1").values()
    clock = clock_from(tmp_path / path)
    assert abs(clock() - utc_now()) < timedelta(seconds=1)
    clocks.put("worker-1", 20)
    assert timedelta(seconds=19) < clock() - utc_now() < timedelta(seconds=21)
    clocks.put("worker-1", -20)
    assert timedelta(seconds=-21) < clock() - utc_now() < timedelta(seconds=-19)


def test_a_part_that_starts_anew_has_the_right_time(tmp_path):
    clocks = Clocks(tmp_path)
    clocks.put("web", 20)
    (path,) = clocks.environment("web").values()
    assert abs(clock_from(tmp_path / path)() - utc_now()) < timedelta(seconds=1)
