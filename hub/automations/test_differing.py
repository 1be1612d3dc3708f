"""What two versions do not have in common."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.automations.differing import automation_changes, pieces, template_changes
from hub.automations.document import as_json, parse
from hub.automations.starters import STARTERS
from hub.automations.test_strategies import CASES

CART = as_json(STARTERS["cart-reminder"])
DEAR = {"field": "cart_total", "is": "at_least", "value": 50}
FRENCH = {"field": "country", "is": "is", "value": "FR"}
WORDS = st.lists(st.sampled_from(["un", "deux", " ", "\n", "!", "é"]), max_size=12).map("".join)


def told(before, after):
    return [(c.path, c.kind, c.said_before, c.said_after)
            for c in automation_changes(before, after)]  # fmt: skip


def test_one_more_condition_does_not_change_those_after_it():
    one, both = ({**CART, "conditions": own} for own in ([FRENCH], [DEAR, FRENCH]))
    assert told(one, both) == [("conditions[0]", "added", "", "cart_total is at least 50")]
    assert told(both, one) == [("conditions[0]", "removed", "cart_total is at least 50", "")]
    dearer = {**both, "conditions": [{**DEAR, "value": 60}, FRENCH]}
    assert told(both, dearer) == [
        ("conditions[0]", "changed", "cart_total is at least 50", "cart_total is at least 60")
    ]


def test_fields_are_named_by_their_path_and_said_in_words():
    later = {**CART, "delay": {"minutes": 60}, "holdout": 10, "split": {"b": 50},
             "send": {**CART["send"], "template": "other"}}  # fmt: skip
    found = {path: rest for path, *rest in told(CART, later)}
    assert found == {
        "delay": ["changed", "wait 45 minutes", "wait 1 hour"],
        "holdout": ["changed", "0", "10"],
        "split.b": ["added", "", "50"],
        "send.template": ["changed", "cart-reminder", "other"],
    }


def test_what_goes_without_saying_is_no_change():
    assert automation_changes({k: v for k, v in CART.items() if k != "holdout"}, CART) == []
    assert automation_changes(None, CART)[0].kind == "added"
    assert [c.path for c in automation_changes(CART, {**CART, "name": 3})] == ["name"]


@settings(max_examples=12, deadline=None)
@given(CASES)
def test_an_automation_does_not_differ_from_itself(case):
    document = as_json(case[0])
    assert automation_changes(document, as_json(parse(document))) == []


def test_each_language_of_a_template_is_a_field():
    old = {"kind": "marketing", "title": "Cart", "texts": {"fr": "Bonjour", "en": "Hello"}}
    new = {**old, "texts": {"fr": "Bonsoir", "de": "Hallo"}, "max_parts": 2}
    assert [(c.path, c.kind) for c in template_changes(old, new)] == [
        ("texts.fr", "changed"), ("texts.de", "added"), ("max_parts", "changed"),
        ("texts.en", "removed"),
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(WORDS, WORDS)
def test_pieces_make_up_both_texts(before, after):
    found = pieces(before, after)
    assert "".join(words for how, words in found if how != "new") == before
    assert "".join(words for how, words in found if how != "gone") == after
