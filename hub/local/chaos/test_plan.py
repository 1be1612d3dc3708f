"""A plan is the same from the same seed, and each part of the hub has its turn."""

from collections import Counter

from hub.local.chaos.plan import Wanted, steps
from hub.local.chaos.stage import LEASE


def test_the_same_seed_plans_the_same():
    wanted = Wanted(kills=30, pauses=3, pg_stops=2, redis_kills=4)
    assert steps(wanted, 2, 7) == steps(wanted, 2, 7)
    assert steps(wanted, 2, 7) != steps(wanted, 2, 8)


def test_faults_come_in_the_order_of_the_load_and_within_it():
    shares = [step.share for step in steps(Wanted(kills=50, pg_stops=5), 3, 1)]
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] < 1


def test_with_few_kills_each_part_is_hit_once():
    places = [step.place.partition("-")[0] for step in steps(Wanted(kills=5), 2, 3)]
    assert sorted(places) == ["clock", "postgres", "valkey", "web", "worker"]


def test_every_fault_that_is_wanted_is_planned():
    counted = Counter(s.what for s in steps(Wanted(9, 4, 3, 5), 2, 1))
    assert counted["kill"] == 9
    assert counted["pause"] == 4
    assert counted["stop postgres"] == 3
    assert counted["kill valkey"] + counted["flush valkey"] == 5


def test_clocks_jump_by_more_than_a_lease_both_ways_at_workers_and_at_the_web():
    jumps = [s for s in steps(Wanted(clock_jumps=8), 2, 1) if s.what == "jump"]
    assert {(s.place, s.seconds > 0) for s in jumps} == {
        ("worker-1", True), ("worker-1", False), ("web", True), ("web", False),
    }  # fmt: skip
    assert all(abs(s.seconds) > LEASE for s in jumps)


def test_disks_are_full_and_slow_as_often_as_is_wanted():
    counted = Counter(s.what for s in steps(Wanted(disk_fulls=2, slow_disks=3), 2, 1))
    assert counted == {"full disk": 2, "slow disk": 3}


def test_pauses_take_turns_among_the_workers():
    paused = {s.place for s in steps(Wanted(pauses=4), 4, 1)}
    assert paused == {"worker-1", "worker-2", "worker-3", "worker-4"}


def test_more_faults_need_a_longer_load():
    assert Wanted(kills=200).seconds() > Wanted(kills=40, points=30).seconds()
    assert Wanted(points=60).seconds() > Wanted(kills=40).seconds()
