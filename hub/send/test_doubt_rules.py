"""What is done in doubt, as a pure function: the table of classes, and what holds at any age."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.send.doubt_rules import (
    AUTOMATIC,
    FINAL,
    LAST,
    Doubt,
    Step,
    after_failure,
    after_list,
    after_miss,
    after_silence,
    sentence_of,
)

_DOUBTS = st.builds(
    Doubt,
    age=st.floats(0, 100 * 3600),
    settle=st.floats(1, 3600),
    lookups=st.integers(0, 3),
    marketing=st.booleans(),
    resend_after=st.none() | st.integers(1, 4320).map(lambda minutes: minutes * 60.0),
)
_ASKED = {
    "lookup": after_miss,
    "list": lambda doubt: after_list(doubt, 0),
    "twins": lambda doubt: after_list(doubt, 2),
    "receipt": lambda doubt: after_silence(doubt, receipts=True),
    "nothing": lambda doubt: after_silence(doubt, receipts=False),
    "away": after_failure,
}


@pytest.mark.parametrize(
    ("proof", "doubt", "step"),
    [
        ("lookup", Doubt(100, 120), Step("wait", 20)),
        ("lookup", Doubt(120, 120), Step("wait", 60, 1)),
        ("lookup", Doubt(120, 30), Step("wait", 30, 1)),
        ("lookup", Doubt(180, 120, 1), Step("unsent")),
        ("lookup", Doubt(180, 120, 1, marketing=True), Step("final", why="unsent")),
        ("list", Doubt(180, 120, 1), Step("final", why="list")),
        ("list", Doubt(180, 120, 1, resend_after=300), Step("wait", 120, 1)),
        ("list", Doubt(300, 120, 1, resend_after=300), Step("resend")),
        ("twins", Doubt(300, 120, 1, resend_after=60), Step("final", why="twins")),
        ("receipt", Doubt(100, 0, resend_after=60), Step("wait", 800)),
        ("receipt", Doubt(900, 0), Step("final", why="receipt")),
        ("receipt", Doubt(900, 0, resend_after=60), Step("resend")),
        ("nothing", Doubt(5, 0), Step("final", why="nothing")),
        ("nothing", Doubt(5, 0, resend_after=60), Step("wait", 55)),
        ("nothing", Doubt(60, 0, resend_after=60), Step("resend")),
        ("away", Doubt(100, 120, 1), Step("wait", 60, 1)),
        ("away", Doubt(7200, 120), Step("wait", 720)),
        ("away", Doubt(LAST, 120), Step("final", why="unasked")),
        ("away", Doubt(1000, 120, resend_after=60), Step("resend")),
    ],
)
def test_each_class_takes_its_own_step(proof, doubt, step):
    assert _ASKED[proof](doubt) == step


@given(_DOUBTS, st.sampled_from(sorted(_ASKED)))
def test_only_a_lookup_proves_and_only_a_policy_sends_what_is_not_proven(doubt, proof):
    step = _ASKED[proof](doubt)
    assert step.do != "unsent" or (proof == "lookup" and doubt.lookups >= 1)
    assert step.do != "resend" or (doubt.resend_after and doubt.age >= doubt.resend_after)
    assert step.do not in ("unsent", "resend") or not doubt.marketing


@given(_DOUBTS, st.sampled_from(sorted(_ASKED)))
def test_every_wait_ends_and_nothing_waits_for_ever(doubt, proof):
    step = _ASKED[proof](doubt)
    assert step.do != "wait" or 0 < step.wait <= max(doubt.settle, LAST)
    if doubt.age >= LAST + AUTOMATIC and doubt.lookups:
        assert step.do != "wait"


@pytest.mark.parametrize("why", sorted(FINAL))
def test_what_is_final_says_why_and_what_to_do(why):
    assert "may have reached the phone" in sentence_of(why)
    assert "hub uncertain" in sentence_of(why)
