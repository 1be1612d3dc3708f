"""Decisions: each reason with its words, their order, keys, due times, and what is asked again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings

from hub.automations.caps import CapSeen
from hub.automations.checks import (
    REASONS,
    BookingSeen,
    ConsentSeen,
    PersonSeen,
    StopSeen,
    decide,
    once_key,
    recheck,
)
from hub.automations.conditions import Condition
from hub.automations.delays import Delay, Step
from hub.automations.starters import STARTERS
from hub.automations.test_strategies import CASES, NOW, left_at, sendable, with_event
from hub.contract import VOCABULARY

CART = STARTERS["cart-reminder"]
ORDER = replace(CART, kind="transactional")
PERSON = sendable().person
MINUTE = timedelta(minutes=1)
SATURDAY_EVENING = datetime(2026, 7, 11, 17, 30, tzinfo=UTC)


def test_a_cart_of_a_person_who_agreed_is_reminded_after_45_minutes():
    verdict = decide(CART, sendable())
    assert verdict.action == "send"
    assert verdict.due_at == NOW + 45 * MINUTE
    assert verdict.reason == ""
    assert verdict.once_key == "shop-1/c-81"
    assert [check.data["check"] for check in verdict.checks] == [
        "live", "stale", "phone", "country", "dead_number", "stopped", "consent", "already",
        "cancelled", "cap", "no_template", "due", "window", "late",
    ]  # fmt: skip


def booked(booking, **changes):
    """Facts of a haircut booked for that Friday, as it stands."""
    data = VOCABULARY["booking.created"].sample()
    told = replace(
        sendable().event, type="booking.created", subject="booking:b-7", cart="", data=data
    )
    return sendable(event=told, booking=booking, **changes)


LANDLINE = replace(PERSON, phone="+12025550123", kind="landline")
EXPENSIVE = replace(CART, conditions=(Condition("cart_total", "money", "at_least", 100),))
NO_DATE = replace(CART, delay=Delay(60, "starts_at", before=True))
AN_HOUR_AGO = NOW - timedelta(hours=1)

START = datetime(2026, 6, 12, 12, 30, tzinfo=UTC)  # 14:30 in Paris
DAY = timedelta(days=1)
SOON = STARTERS["booking-reminder"]
SOON = replace(SOON, delay=replace(SOON.delay, steps=SOON.delay.steps[1:]))

STOPS = [
    ("paused", CART, sendable(automation_state="paused"), "is paused"),
    ("paused", CART, sendable(automation_state="draft"), "is a draft"),
    ("paused", CART, sendable(automation_state="test"), "not on the test list"),
    ("stale", CART, sendable(automation_live_since=NOW + MINUTE), "before this automation"),
    ("stale", CART, with_event(received_at=NOW + timedelta(hours=25)), "before it reached"),
    ("conditions", EXPENSIVE, sendable(), "cart_total is 64.90 EUR."),
    ("conditions", NO_DATE, sendable(), "no «starts_at» to count from"),
    ("no_phone", CART, sendable(person=None), "no phone number was given"),
    (
        "no_phone",
        CART,
        sendable(
            person=PersonSeen("p", phone_problem="This is not a phone number of its country.")
        ),
        "this is not a phone number",
    ),
    ("landline", CART, sendable(person=LANDLINE), "is a landline"),
    ("testing", CART, sendable(testing=True), "in test mode"),
    ("holdout", replace(CART, holdout=10), sendable(holdout_draw=999), "leaves out 10% of people"),
    ("country", CART, sendable(allowed_countries=("BE",)), "from France"),
    ("dead_number", CART, sendable(dead_number=True), "does not exist"),
    ("stopped", CART, sendable(stopped=StopSeen(AN_HOUR_AGO, "reply")), "said STOP Wednesday 10"),
    ("stopped", ORDER, sendable(stopped=StopSeen(AN_HOUR_AGO, "carrier", True)), "said STOP"),
    ("no_consent", CART, sendable(consent=None), "never agreed to marketing"),
    (
        "consent_withdrawn",
        CART,
        sendable(consent=ConsentSeen(False, "CRM", AN_HOUR_AGO)),
        "said no to marketing Wednesday 10 June at 13:00 in Paris (CRM)",
    ),
    ("already", CART, sendable(already=True), "already answered this cart"),
    ("cancelled", CART, sendable(cancelled_by="order.created"), "an order was placed meanwhile"),
    ("cap", CART, sendable(caps=(CapSeen(3, 1440, recent=3),)), "3 of 3 in 24 hours"),
    ("no_template", CART, sendable(template_known=False), "«cart-reminder»"),
    (
        "window",
        replace(CART, window="drop"),
        left_at(SATURDAY_EVENING),
        "it is 20:15 in Paris; sending hours are",
    ),
    (
        "late",
        replace(CART, drop_after_minutes=1440),
        left_at(SATURDAY_EVENING),
        "35 hours 45 minutes after it was due",
    ),
    ("moved", SOON, booked(BookingSeen("booked", START + DAY)), "was moved meanwhile. It stands"),
    ("cancelled", SOON, booked(BookingSeen("cancelled", START)), "was cancelled meanwhile"),
    ("answered", SOON, booked(BookingSeen("booked", START, "declined")), "said no to this booking"),
    ("answered", SOON, booked(BookingSeen("booked", START, "postponed")), "asked for another slot"),
    (
        "past",
        SOON,
        booked(BookingSeen("booked", START), now=START),
        "began Friday 12 June at 14:30",
    ),
    ("outdated", SOON, booked(BookingSeen("booked", START, newest=False)), "a newer event tells"),
    (
        "late",
        SOON,
        booked(BookingSeen("booked", START), now=START - timedelta(minutes=90)),
        "drops what is more than 1 hour late",
    ),
    (
        "late",
        replace(SOON, delay=Delay(0, "starts_at", True, (Step(0, 0, "18:00"),))),
        booked(BookingSeen("booked", START)),
        "the booking has begun by then",
    ),
]


@pytest.mark.parametrize(("reason", "automation", "facts", "words"), STOPS)
def test_what_is_not_sent_says_why_and_what_to_do(reason, automation, facts, words):
    verdict = decide(automation, facts)
    assert (verdict.action, verdict.reason, verdict.due_at) == ("skip", reason, None)
    assert verdict.sentence.startswith("Not sent: ")
    assert words in verdict.sentence
    assert verdict.sentence.endswith(".")
    assert [c.verdict for c in verdict.checks[:-1]].count("no") == 0


def test_every_reason_of_the_closed_list_can_be_met():
    assert {reason for reason, *_ in STOPS} == set(REASONS)


def test_an_order_message_needs_no_consent_and_waits_for_nothing():
    late_in_the_evening = left_at(SATURDAY_EVENING + timedelta(hours=4))
    enough = (CapSeen(3, 1440, recent=9),)
    verdict = decide(ORDER, replace(late_in_the_evening, consent=None, caps=enough))
    assert verdict.action == "send"
    assert not verdict.held
    assert verdict.due_at == late_in_the_evening.now + 45 * MINUTE


def test_stop_ends_marketing_but_not_messages_about_an_order():
    stopped = sendable(stopped=StopSeen(NOW, "reply"))
    assert decide(CART, stopped).reason == "stopped"
    assert decide(ORDER, stopped).action == "send"


def test_a_tester_is_answered_while_the_automation_is_in_test():
    tester = replace(PERSON, tester=True)
    assert decide(CART, sendable(automation_state="test", person=tester)).action == "send"


def test_a_newer_event_replaces_the_message_that_still_waits():
    verdict = decide(CART, sendable(already=True, waiting=AN_HOUR_AGO))
    assert (verdict.action, verdict.replaces) == ("send", True)


def test_an_older_event_that_comes_late_does_not_replace_a_newer_one():
    assert decide(CART, sendable(already=True, waiting=NOW + MINUTE)).reason == "already"


def test_nothing_is_replaced_where_the_automation_does_not_restart():
    once = replace(CART, restart=False)
    assert decide(once, sendable(already=True, waiting=AN_HOUR_AGO)).reason == "already"


@pytest.mark.parametrize(
    ("once_per", "key"),
    [
        ("event", "shop-1/cart:81:abandoned"),
        ("subject", "shop-1/cart:81"),
        ("cart", "shop-1/c-81"),
        ("status", "shop-1/cart:81:completed"),
        ("person", "person:person-1"),
    ],
)
def test_keys_name_the_connection_except_a_person_s(once_per, key):
    event = with_event(data={"status": "completed"}).event
    assert once_key(replace(CART, once_per=once_per), event, "person-1") == key


def test_without_a_cart_its_record_is_the_key_and_without_a_person_the_event():
    event = with_event(cart="", connection="").event
    assert once_key(CART, event, "") == "cart:81"
    assert once_key(replace(CART, once_per="person"), event, "") == "cart:81:abandoned"


def test_just_before_sending_a_stop_or_an_order_still_ends_it():
    due = sendable(now=NOW + 45 * MINUTE)
    assert recheck(CART, due).action == "send"
    assert recheck(CART, replace(due, stopped=StopSeen(NOW, "reply"))).reason == "stopped"
    assert recheck(CART, replace(due, cancelled_by="order.created")).reason == "cancelled"
    assert recheck(CART, replace(due, consent=None)).reason == "no_consent"
    assert recheck(CART, replace(due, automation_state="paused")).reason == "paused"


def test_being_decided_already_does_not_stop_the_message_itself():
    facts = sendable(already=True, waiting=AN_HOUR_AGO, now=NOW + 45 * MINUTE)
    assert recheck(CART, facts).action == "send"
    assert not recheck(CART, facts).replaces


@settings(deadline=None)
@given(CASES)
def test_every_decision_ends_in_a_sentence_and_a_reason_or_a_time(case):
    verdict = decide(*case)
    assert verdict.sentence
    assert (verdict.reason in REASONS) is (verdict.action == "skip")
    assert (verdict.due_at is None) is (verdict.action == "skip")


@settings(deadline=None)
@given(CASES)
def test_marketing_never_leaves_without_consent_after_a_stop_or_in_closed_hours(case):
    automation, facts = case
    verdict = decide(replace(automation, kind="marketing"), facts)
    if verdict.action == "send":
        assert facts.consent is not None
        assert facts.consent.granted
        assert facts.stopped is None
        again = recheck(replace(automation, kind="marketing"), replace(facts, now=verdict.due_at))
        assert again.action == "send"
