"""A decision's record: enough to decide again, and no more of the person than that."""

from dataclasses import replace

import orjson
from hypothesis import given, settings

from hub.automations.caps import CapSeen
from hub.automations.checks import decide, once_key, recheck
from hub.automations.conditions import Condition
from hub.automations.records import agrees, checks_of, kept_checks, record, replay
from hub.automations.starters import STARTERS
from hub.automations.test_strategies import CASES, sendable

CART = STARTERS["cart-reminder"]
PERSON = sendable().person
EXPENSIVE = replace(CART, conditions=(Condition("cart_total", "money", "at_least", 100),))


def written(kept):
    """A record as it is read again."""
    return orjson.loads(orjson.dumps(kept))


@settings(deadline=None)
@given(CASES)
def test_every_decision_can_be_computed_again_from_its_record_alone(case):
    automation, facts = case
    for asked, ask in (("decide", decide), ("recheck", recheck)):
        verdict = ask(automation, facts)
        kept = written(record(automation, facts, verdict, asked))
        assert replay(kept) == verdict
        assert agrees(verdict, kept)
        assert checks_of({"record": kept, "checks": []}) == verdict.checks


@settings(deadline=None)
@given(CASES)
def test_no_whole_phone_number_is_kept_with_a_decision(case):
    automation, facts = case
    verdict = decide(automation, facts)
    kept = [record(automation, facts, verdict, "decide"), kept_checks(verdict)]
    assert b"639980123" not in orjson.dumps(kept)


def test_a_phone_given_as_a_person_s_key_is_digested_the_same_way_everywhere():
    per_person = replace(CART, once_per="person")
    facts = sendable(person=replace(PERSON, key="+33639980123"))
    key = once_key(per_person, facts.event, "+33639980123")
    assert "639980123" not in key
    assert decide(per_person, facts).once_key == key
    kept = written(record(per_person, facts, decide(per_person, facts), "decide"))
    assert "639980123" not in str(kept)
    assert replay(kept).once_key == key
    assert once_key(per_person, facts.event, "+33639980124") != key


def test_a_record_of_an_older_hub_is_still_computed_again():
    seen = (CapSeen(3, 1440, "marketing", 3),)
    for facts in (sendable(), sendable(caps=seen)):
        verdict = decide(CART, facts)
        kept = written(record(CART, facts, verdict, "decide"))
        kept["facts"].pop("caps", None)
        for name in ("preferred_hour", "holdout", "split"):
            del kept["automation"][name]
        kept["facts"] |= {"daily_cap": 3, "recent_marketing": 3 if facts.caps else 0}
        assert agrees(replay(kept), kept)


def test_a_check_that_did_not_say_yes_is_kept_word_for_word():
    refused = decide(CART, sendable(consent=None))
    assert [c["sentence"] for c in kept_checks(refused)] == [refused.sentence]
    assert kept_checks(decide(CART, sendable())) == []


def test_where_todays_rules_would_decide_otherwise_only_the_words_written_then_are_said():
    facts = sendable(consent=None)
    verdict = decide(CART, facts)
    kept = written(record(CART, facts, verdict, "decide"))
    row = {"record": kept | {"reason": "landline"}, "checks": kept_checks(verdict)}
    assert checks_of(row) == verdict.checks[-1:]


def test_a_decision_on_somebody_erased_has_nothing_to_say():
    assert checks_of({"record": {"erased": True}, "checks": []}) == ()


def test_a_plain_decision_takes_less_than_a_sheet_of_paper():
    facts = sendable()
    assert len(orjson.dumps(record(CART, facts, decide(CART, facts), "decide"))) < 1800


def test_only_what_was_looked_at_is_kept_of_an_event():
    facts = sendable(person=replace(PERSON, first_name="Zoë"))
    kept = record(EXPENSIVE, facts, decide(EXPENSIVE, facts), "decide")
    assert set(kept["facts"]["event"]["data"]) == {"cart_total"}
    assert "first_name" not in kept["facts"]["person"]
    assert kept["facts"]["person"]["key"] == ""
