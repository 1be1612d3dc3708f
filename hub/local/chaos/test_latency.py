"""Quantiles from buckets are right to a few percent."""

from hypothesis import given
from hypothesis import strategies as st

from hub.local.chaos.latency import Latency


def test_quantiles_are_near_the_truth():
    latency = Latency()
    for n in range(1, 1001):
        latency.add(n / 1000)
    figures = latency.figures()
    assert abs(figures["p50"] - 500) < 30
    assert abs(figures["p99"] - 990) < 60
    assert figures["max"] == 1000.0


def test_nothing_measured_is_nothing():
    assert Latency().figures() == {"p50": 0.0, "p99": 0.0, "max": 0.0}


@given(st.lists(st.floats(0.0001, 100), min_size=1, max_size=50), st.floats(0.01, 1.0))
def test_no_quantile_is_longer_than_the_longest(seconds: list[float], share: float):
    latency = Latency()
    for one in seconds:
        latency.add(one)
    assert latency.quantile(share) <= latency.longest


def test_what_two_processes_measured_is_put_together():
    one, other = Latency(), Latency()
    one.add(0.1)
    other.add(0.9)
    one.merge(Latency.of(other.told()))
    assert one.buckets.total() == 2
    assert one.longest == 0.9
