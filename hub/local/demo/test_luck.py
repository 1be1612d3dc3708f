"""Which part dies when."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from hub.local.demo.luck import victims


@given(st.integers(1, 60), st.integers())
def test_every_place_is_hit_while_there_are_enough_kills(kills, seed):
    chosen = Counter(victims(kills, random.Random(seed)))
    assert chosen.total() == kills
    assert len(chosen) == min(kills, 5) or kills > 5
    assert kills < 5 or len(chosen) == 5


@given(st.integers())
def test_one_seed_is_one_luck(seed):
    assert victims(20, random.Random(seed)) == victims(20, random.Random(seed))
