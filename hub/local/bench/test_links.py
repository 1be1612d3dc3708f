"""The figures of the links' bench are what they are said to be; the bench itself is run by hand."""

from hub.local.bench.links import LINKS, RATE, SECONDS, WARM, Lap


def test_the_99th_of_a_hundred_is_told_and_not_the_worst():
    lap = Lap([0.001] * 990 + [0.5] * 10, 0)
    assert lap.p99() < 0.01
    assert lap.told() == "p50 1.0 ms, p99 6.0 ms, max 500.0 ms"


def test_every_link_is_followed_at_least_once():
    assert RATE * (WARM + SECONDS) >= LINKS
