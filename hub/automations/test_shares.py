"""Shares of people: left out to compare with, one of several wordings; always the same people."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.automations.checks import decide, recheck
from hub.automations.draws import chosen, draw, falls_in
from hub.automations.facts import person_key
from hub.automations.starters import STARTERS
from hub.automations.test_strategies import CASES, sendable
from hub.automations.wordings import channel_of, names_of
from hub.store.database import new_id

CART = STARTERS["cart-reminder"]
PEOPLE = [person_key(f"+3363998{n:04}") for n in range(10_000)]


def left_out(automation, percent):
    return {who for who in PEOPLE if falls_in(draw("holdout", automation, who), percent)}


def test_the_share_is_right_over_ten_thousand_people_and_more_percent_only_add():
    automation, before = str(new_id()), set()
    for percent in (0, 1, 10, 25, 50):
        now = left_out(automation, percent)
        assert before <= now
        assert abs(len(now) - percent * 100) < 250
        before = now


def test_two_automations_leave_out_different_people():
    both = left_out(str(new_id()), 50) & left_out(str(new_id()), 50)
    assert 2250 < len(both) < 2750


@settings(deadline=None, max_examples=60)
@given(CASES, st.integers(0, 50), st.sampled_from(PEOPLE))
def test_nobody_left_out_is_ever_sent_to_and_everyone_else_is_untouched(case, percent, who):
    automation, facts = case
    drawn = draw("holdout", "a", who)
    facts = replace(facts, holdout_draw=drawn)
    held = replace(automation, holdout=percent)
    for ask in (decide, recheck):
        verdict, without = ask(held, facts), ask(replace(automation, holdout=0), facts)
        if falls_in(drawn, percent):
            assert verdict.action == "skip"
            assert verdict.reason == (without.reason or "holdout")
        else:
            assert (verdict.action, verdict.due_at) == (without.action, without.due_at)


def test_who_is_left_out_is_told_last_and_recorded_as_a_decision():
    verdict = decide(replace(CART, holdout=10), sendable(holdout_draw=0))
    assert (verdict.action, verdict.reason) == ("skip", "holdout")
    assert [c.verdict for c in verdict.checks[:-1]].count("no") == 0
    assert verdict.checks[-2].data["check"] == "late"
    sent = decide(replace(CART, holdout=10), sendable(holdout_draw=1000))
    assert sent.action == "send"
    assert sent.sentence.startswith("It leaves ")


def test_wordings_have_their_shares_and_a_person_has_one():
    shares = (("b", 30), ("c", 20))
    drawn = [draw("wording", "shop", "cart-reminder", who) for who in PEOPLE]
    found = [chosen(one, shares) for one in drawn]
    assert abs(found.count("b") - 3000) < 250
    assert abs(found.count("c") - 2000) < 250
    assert abs(found.count("") - 5000) < 250
    wider = [chosen(one, (("b", 50),)) for one in drawn]
    assert all(after == "b" for before, after in zip(found, wider, strict=True) if before == "b")


def test_a_verdict_names_its_wording_and_the_template_s_own_where_that_is_gone():
    split = replace(CART, split=(("b", 50),))
    facts = sendable(wording_draw=4999, variants=("b",))
    verdict = decide(split, facts)
    assert verdict.variant == "b"
    assert "Which wording?" in [check.asked for check in verdict.checks]
    assert decide(split, replace(facts, wording_draw=5000)).variant == ""
    gone = decide(split, replace(facts, variants=()))
    assert gone.variant == ""
    told = next(c.sentence for c in gone.checks if c.data["check"] == "wording")
    assert told == "The template has no wording «b» any more, so its own text is used."
    assert decide(CART, facts).variant == ""


def test_a_wording_with_a_rich_document_is_for_rcs():
    shown = {"fr": {"text": "Bonjour"}}
    template = {"rich": {}, "variants": {"b": {"texts": {}, "rich": {}}, "c": {"rich": shown}}}
    assert [channel_of(template, name) for name in ("", "b", "c")] == ["sms", "sms", "rcs"]
    assert channel_of(template | {"rich": shown}, "b") == "rcs"
    assert channel_of({}, "") == "sms"
    assert names_of(template) == ("b", "c")
    assert names_of(None) == names_of({"variants": {}}) == ()
