"""A decision's record: enough to decide again, and no more of the person than that."""

import json
from dataclasses import replace

from hypothesis import given, settings

from hub.automations.caps import CapSeen
from hub.automations.checks import decide, once_key, recheck
from hub.automations.conditions import Condition
from hub.automations.records import checks_of, record, recorded_verdict, replay
from hub.automations.starters import STARTERS
from hub.automations.test_strategies import CASES, sendable

CART = STARTERS["cart-reminder"]
PERSON = sendable().person
EXPENSIVE = replace(CART, conditions=(Condition("cart_total", "money", "at_least", 100),))


@settings(deadline=None)
@given(CASES)
def test_every_decision_can_be_computed_again_from_its_record_alone(case):
    automation, facts = case
    for asked, ask in (("decide", decide), ("recheck", recheck)):
        verdict = ask(automation, facts)
        kept = json.loads(json.dumps(record(automation, facts, verdict, asked)))
        assert replay(kept) == verdict
        assert recorded_verdict(kept, json.loads(json.dumps(checks_of(verdict)))) == verdict


@settings(deadline=None)
@given(CASES)
def test_no_whole_phone_number_is_kept_with_a_decision(case):
    automation, facts = case
    verdict = decide(automation, facts)
    kept = [record(automation, facts, verdict, "decide"), checks_of(verdict)]
    assert "639980123" not in json.dumps(kept)


def test_a_phone_given_as_a_person_s_key_is_digested_the_same_way_everywhere():
    per_person = replace(CART, once_per="person")
    facts = sendable(person=replace(PERSON, key="+33639980123"))
    key = once_key(per_person, facts.event, "+33639980123")
    assert "639980123" not in key
    assert decide(per_person, facts).once_key == key
    kept = record(per_person, facts, decide(per_person, facts), "decide")
    assert "639980123" not in json.dumps(kept)
    assert replay(kept).once_key == key
    assert once_key(per_person, facts.event, "+33639980124") != key


def test_a_record_of_an_older_hub_is_still_computed_again():
    seen = (CapSeen(3, 1440, "marketing", 3),)
    for facts in (sendable(), sendable(caps=seen)):
        verdict = decide(CART, facts)
        kept = record(CART, facts, verdict, "decide")
        for name in ("caps", "transactional_window", "testing", "variants", "holdout_draw"):
            del kept["facts"][name]
        for name in ("preferred_hour", "holdout", "split"):
            del kept["automation"][name]
        del kept["facts"]["wording_draw"], kept["facts"]["person"]["number_zones"]
        kept["facts"] |= {"daily_cap": 3, "recent_marketing": 3 if facts.caps else 0}
        again, then = replay(kept), recorded_verdict(kept, checks_of(verdict))
        assert (again.action, again.reason, again.due_at) == (then.action, then.reason, then.due_at)


def test_only_what_was_looked_at_is_kept_of_an_event():
    facts = sendable(person=replace(PERSON, first_name="Zoë"))
    kept = record(EXPENSIVE, facts, decide(EXPENSIVE, facts), "decide")
    assert set(kept["facts"]["event"]["data"]) == {"cart_total"}
    assert kept["facts"]["person"]["first_name"] == ""
    assert kept["facts"]["person"]["key"] == ""
