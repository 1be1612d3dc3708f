"""The automation document: every problem by its field, and the way back to JSON."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.automations.document import DocumentError, as_json, parse, sentence
from hub.automations.test_strategies import AUTOMATIONS

CART = {
    "name": "Cart reminder",
    "trigger": {"event": "cart.abandoned"},
    "conditions": [{"field": "cart_total", "is": "at_least", "value": 20}],
    "delay": {"minutes": 45, "after": "occurred_at"},
    "send": {"template": "cart-reminder", "kind": "marketing"},
    "cancel_on": [
        {"event": "order.created", "same": "cart"},
        {"event": "order.created", "same": "person"},
    ],
    "once_per": "cart",
    "restart": True,
    "if_late": {"drop_after_minutes": 1440},
    "window": "wait",
    "preferred_hour": None,
    "holdout": 0,
    "split": {},
    "on_uncertain": "hold",
}
MINIMAL = {key: CART[key] for key in ("name", "trigger", "send")}


def problems(document):
    with pytest.raises(DocumentError) as refused:
        parse(document)
    return {p.field: p.words for p in refused.value.problems}


def test_a_document_written_out_in_full_comes_back_unchanged():
    assert as_json(parse(CART)) == CART


@settings(deadline=None)
@given(AUTOMATIONS)
def test_every_automation_survives_json(automation):
    assert parse(json.loads(json.dumps(as_json(automation)))) == automation


def test_what_is_left_out_is_written_out():
    written = as_json(parse(MINIMAL))
    assert written["delay"] == {"minutes": 0, "after": "occurred_at"}
    assert written["once_per"] == "event"
    assert written["window"] == "wait"
    assert written["if_late"] == {"drop_after_minutes": 1440}


def test_the_sentence_reads_as_one():
    assert sentence(parse(CART)) == (
        "When a cart was left without an order and cart_total is at least 20, wait 45 minutes, "
        "then send «cart-reminder», unless meanwhile an order was placed for the same cart or the "
        "same person, once per cart."
    )


def test_a_reminder_counts_back_from_a_date():
    booking = parse(
        {
            "name": "The day before",
            "trigger": {"event": "booking.created"},
            "delay": {"minutes": 1440, "before": "starts_at"},
            "send": {"template": "day-before", "kind": "transactional"},
        }
    )
    assert booking.drop_after_minutes == 60
    assert sentence(booking) == (
        "When a booking was made, 24 hours before starts_at send «day-before», once per event."
    )


def test_hour_share_and_wordings_are_said_in_the_sentence():
    more = {"preferred_hour": 10, "holdout": 5, "split": {"b": 30, "a": 20}}
    read = parse({**CART, "conditions": [], "cancel_on": [], **more})
    assert read.split == (("a", 20), ("b", 30))
    assert sentence(read) == (
        "When a cart was left without an order, wait 45 minutes, then send «cart-reminder» "
        "(worded «a» for 20% and «b» for 30% of people) at 10:00 where that is in time, "
        "never to 5% of people, to compare with, once per cart."
    )


def test_hour_share_and_wordings_are_checked():
    wrong = {"preferred_hour": 24, "holdout": 51, "split": {"b": 60, "c": 50, "B!": 1}}
    found = problems({**CART, **wrong})
    assert list(found) == ["preferred_hour", "holdout", "split.B!", "split"]
    assert "more than 100 percent" in found["split"]
    many = {f"w{n}": 1 for n in range(11)}
    assert "at most 10" in problems({**CART, "split": many})["split"]
    assert list(problems({**CART, "split": {"b": "half"}})) == ["split.b"]
    assert list(problems({**CART, "split": [1]})) == ["split"]
    order = {"template": "order-confirmed", "kind": "transactional"}
    assert list(problems({**CART, "send": order, "preferred_hour": 9})) == ["preferred_hour"]


@settings(deadline=None)
@given(AUTOMATIONS)
def test_every_automation_has_a_sentence(automation):
    assert sentence(automation).startswith("When ")


def test_all_problems_come_at_once_each_with_its_field():
    wrong = {
        "nmae": "x",
        "trigger": {"event": "cart.abandoned"},
        "conditions": [
            {"field": "cart_totl", "is": "at_least", "value": 20},
            {"field": "cart_total", "is": "at_lest", "value": 20},
            {"field": "cart_total", "is": "at_least", "value": "20"},
            {"field": "cart_total", "is": "at_least"},
            "cart_total > 20",
        ],
        "delay": {"minutes": 45.5, "after": "starts_at"},
        "cancel_on": [{"event": "order.create", "same": "basket"}],
        "once_per": "status",
        "window": "later",
    }
    found = problems(wrong)
    assert list(found) == [
        "nmae",
        "name",
        "conditions[4]",
        "conditions[0].field",
        "conditions[1].is",
        "conditions[2].value",
        "conditions[3].value",
        "delay.minutes",
        "delay.after",
        "send",
        "cancel_on[0].event",
        "cancel_on[0].same",
        "once_per",
        "window",
    ]
    assert found["conditions[0].field"] == (
        "«cart_totl» is not a variable of cart.abandoned. Did you mean «cart_total»?"
    )


def test_a_problem_reads_as_its_field_and_its_words():
    with pytest.raises(DocumentError, match=r"^trigger\.event: must be one of .* «cart.abandon"):
        parse({**MINIMAL, "trigger": {"event": "cart.abandonned"}})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"trigger": "cart.abandoned"}, "trigger"),
        ({"trigger": {"event": "cart.abandoned", "on": "shop"}}, "trigger.on"),
        ({"trigger": {}}, "trigger.event"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"delay": {"minutes": 90 * 1440 + 1}}, "delay.minutes"),
        ({"delay": {"minutes": -1}}, "delay.minutes"),
        ({"delay": {"minutes": True}}, "delay.minutes"),
        ({"delay": {"minutes": 5, "before": "starts_at"}}, "delay.before"),
        ({"delay": {"minutes": 5, "after": "occurred_at", "before": "x"}}, "delay.before"),
        ({"send": {"template": "Two words", "kind": "marketing"}}, "send.template"),
        ({"send": {"template": "x", "kind": "advert"}}, "send.kind"),
        ({"send": {"template": "x"}}, "send.kind"),
        ({"conditions": {"field": "x"}}, "conditions"),
        ({"conditions": [CART["conditions"][0]] * 21}, "conditions"),
        ({"conditions": [{"is": "at_least", "value": 20}]}, "conditions[0].field"),
        ({"if_late": {"drop_after_minutes": "1"}}, "if_late.drop_after_minutes"),
        ({"if_late": []}, "if_late"),
        ({"restart": "yes"}, "restart"),
        ({"window": ["wait"]}, "window"),
        ({"cancel_on": ["order.created"]}, "cancel_on[0]"),
    ],
)
def test_a_wrong_field_is_refused_by_its_path(change, field):
    assert field in problems({**MINIMAL, **change})


@pytest.mark.parametrize(
    ("name", "operator", "value"),
    [
        ("cart_total", "at_least", float("nan")),
        ("cart_total", "at_least", 10**4000),
        ("cart_total", "at_least", True),
        ("cart_total", "at_least", {"amount": "x", "currency": "EUR"}),
        ("cart_total", "at_least", {"amount": "1", "currency": "€"}),
        ("cart_total", "between", [5, 1]),
        ("cart_total", "between", [1]),
        ("item_count", "equals", {"amount": "1", "currency": "EUR"}),
        ("first_item", "is", ""),
        ("first_item", "is", 3),
        ("first_item", "is_one_of", []),
        ("first_item", "is_one_of", "a"),
        ("first_item", "is_known", "yes"),
        ("items", "contains_item", None),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(name, operator, value):
    condition = {"field": name, "is": operator, "value": value}
    assert "conditions[0].value" in problems({**MINIMAL, "conditions": [condition]})


def test_a_condition_without_its_value_is_refused_unless_it_asks_whether_it_is_known():
    asked = {"field": "first_item", "is": "is_known"}
    assert parse({**MINIMAL, "conditions": [asked]}).conditions[0].value is True
    found = problems({**MINIMAL, "conditions": [{**asked, "is": "is"}]})
    assert found == {"conditions[0].value": "is missing."}


def test_hours_of_a_date_condition_are_checked():
    booking = {**MINIMAL, "trigger": {"event": "booking.created"}}
    good = {"field": "starts_at", "is": "after", "value": {"hours": 2}}
    assert parse({**booking, "conditions": [good]}).conditions[0].value == 2
    for value in (2, {"hours": "2"}, {"hours": 9000}, {"days": 2}):
        bad = {**good, "value": value}
        assert "conditions[0].value" in problems({**booking, "conditions": [bad]})


@pytest.mark.parametrize("document", [None, [], "x", 3])
def test_a_document_that_is_no_object_is_refused_in_words(document):
    assert problems(document) == {"": "The document must be an object."}


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*CART, "event", "field", "is", "value", "minutes", "kind"]),
                inner,
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
def test_no_json_makes_the_reader_fail_otherwise_than_in_words(document):
    try:
        parse(document)
    except DocumentError as refused:
        found = refused.problems
    else:
        found = None
    assert found != ()


def test_a_name_is_all_that_two_automations_may_differ_in():
    one = parse(CART)
    assert parse({**CART, "name": "Other"}) == replace(one, name="Other")


def test_what_is_done_in_doubt_is_hold_or_a_new_message_after_some_minutes():
    order = {**MINIMAL, "send": {"template": "order-paid", "kind": "transactional"}}
    assert parse(order).resend_after is None
    again = parse({**order, "on_uncertain": {"resend_after": 30}})
    assert again.resend_after == 30
    assert "again after 30 minutes" in sentence(again)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ("resend", "on_uncertain"),
        (["hold"], "on_uncertain"),
        ({}, "on_uncertain.resend_after"),
        ({"resend_after": 0}, "on_uncertain.resend_after"),
        ({"resend_after": 4321}, "on_uncertain.resend_after"),
        ({"resend_after": "soon"}, "on_uncertain.resend_after"),
        ({"resend_after": 30, "times": 2}, "on_uncertain.times"),
    ],
)
def test_a_policy_that_cannot_be_used_is_named(given, field):
    order = {**MINIMAL, "send": {"template": "order-paid", "kind": "transactional"}}
    assert field in problems({**order, "on_uncertain": given})


def test_marketing_may_only_hold():
    words = problems({**MINIMAL, "on_uncertain": {"resend_after": 30}})["on_uncertain"]
    assert "never sent again in doubt" in words
