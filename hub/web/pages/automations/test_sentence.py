"""The sentence and its document: what is drawn comes back unchanged, what is changed is written,
and what the sentence cannot say stays."""

from typing import Any

import pytest

from hub.automations.document import as_json, parse
from hub.automations.starters import STARTERS
from hub.web.pages.automations.adding import added, removed
from hub.web.pages.automations.drawn import drawn
from hub.web.pages.automations.taken import taken

CART = as_json(STARTERS["cart-reminder"])
BOOKING = as_json(STARTERS["booking-reminder"])
ORDER: dict[str, Any] = {
    "name": "Large orders",
    "trigger": {"event": "order.created"},
    "conditions": [
        {"field": "order_total", "is": "at_least", "value": {"amount": "20.00", "currency": "EUR"}},
        {"field": "item_count", "is": "between", "value": [2, 5]},
        {"field": "status", "is": "is_one_of", "value": ["paid, in part", "paid"]},
        {"field": "items", "is": "contains_item", "value": "shirt"},
        {"field": "payment_url", "is": "is_known", "value": False},
    ],
    "send": {"template": "order-confirmed", "kind": "transactional"},
    "on_uncertain": {"resend_after": 45},
    "split": {"b": 50},
}


@pytest.mark.parametrize("document", [*map(as_json, STARTERS.values()), ORDER])
def test_a_form_that_changes_nothing_gives_the_same_document_back(document: Any) -> None:
    assert taken(document, drawn(document)) == document


@pytest.mark.parametrize(
    "document",
    [{}, {"trigger": 3, "conditions": "all", "delay": [], "send": None, "split": [1]},
     {"conditions": [1, {"field": ["x"], "value": {"a": 1}}], "delay": {"steps": [None]}}],
)  # fmt: skip
def test_a_document_that_is_none_is_drawn_and_kept_all_the_same(document: Any) -> None:
    assert taken(document, drawn(document)) == document


def test_only_the_word_that_was_changed_is_written() -> None:
    document = {**ORDER, "unheard_of": {"kept": True}}
    changed = taken(document, {**drawn(document), "conditions.1.upto": "9"})
    assert changed["conditions"][1]["value"] == [2, 9]
    assert {**changed, "conditions": 0} == {**document, "conditions": 0}
    assert changed["conditions"][2] == document["conditions"][2]


@pytest.mark.parametrize(
    ("word", "text", "path", "value"),
    [
        ("name", "Kind reminder", ("name",), "Kind reminder"),
        ("delay.amount", "2", ("delay", "minutes"), 2),
        ("delay.unit", "hours", ("delay", "minutes"), 2700),
        ("template", "cart-emotion", ("send", "template"), "cart-emotion"),
        ("kind", "transactional", ("send", "kind"), "transactional"),
        ("late.amount", "3", ("if_late", "drop_after_minutes"), 4320),
        ("holdout", "10", ("holdout",), 10),
        ("preferred_hour", "18", ("preferred_hour",), 18),
        ("restart", "no", ("restart",), False),
        ("once_per", "person", ("once_per",), "person"),
        ("window", "drop", ("window",), "drop"),
        ("split.b", "50", ("split", "b"), 50),
        ("cancels.1.same", "cart", ("cancel_on", 1, "same"), "cart"),
    ],
)
def test_each_word_has_its_place_in_the_document(
    word: str, text: str, path: tuple[Any, ...], value: object
) -> None:
    found: Any = taken(CART, {**drawn(CART), word: text})
    parse(found)
    for step in path:
        found = found[step]
    assert found == value


def test_a_reminders_moments_are_days_of_the_calendar_or_hours() -> None:
    form = {**drawn(BOOKING), "steps.0.at": "18:00", "steps.1.amount": "2"}
    assert taken(BOOKING, form)["delay"]["steps"] == [{"days": 1, "at": "18:00"}, {"minutes": 120}]
    more = added(BOOKING, "steps")
    assert more["delay"]["steps"][-1] == {"days": 2}
    assert parse(removed(more, "steps", 0)).delay.plan[0].minutes == 180


def test_a_condition_takes_what_its_variable_can_be_asked() -> None:
    more = added(CART, "conditions")
    asked = {**drawn(more), "conditions.0.field": "cart_total"}
    made = taken(more, asked)["conditions"][0]
    assert made["field"] == "cart_total"
    assert made["is"] == "equals"
    document = taken(more, asked)
    form = {**drawn(document), "conditions.0.is": "at_least", "conditions.0.value": "20,5",
            "conditions.0.currency": "eur"}  # fmt: skip
    document = taken(document, form)
    assert str(parse(document).conditions[0]) == "cart_total is at least 20.5 EUR"
    assert parse(removed(document, "conditions", 0)).conditions == ()


def test_another_event_takes_its_own_dates_and_keeps() -> None:
    to_booking = taken(CART, {**drawn(CART), "event": "booking.upcoming"})
    assert to_booking["delay"] == {"before": "starts_at", "steps": [{"days": 1}]}
    assert parse(to_booking).once_per == "slot"
    back = taken(to_booking, {**drawn(to_booking), "event": "order.created"})
    assert parse(back).delay.minutes == 0
