"""Templates and values that mean harm: refused when they are saved, or words like any other."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.compose.language import RenderError, TemplateError, compile_template, render
from hub.contract import Variable
from hub.local.corpus.cases import cases

KNOWN = tuple(
    Variable(name, kind, None, name, ("name",) if kind == "list" else ())
    for name, kind in {
        "first_name": "text", "last_name": "text", "is_new": "flag", "items": "list",
        "starts_at": "datetime", "order_total": "money", "count": "number", "link": "url",
    }.items()
)  # fmt: skip
USUAL = {"first_name": "Zoë", "last_name": "Martin", "is_new": True, "items": [{"name": "a"}],
         "starts_at": "2026-06-12T14:30:00+02:00", "count": 3, "link": "https://shop.example.com",
         "order_total": {"amount": "25.00", "currency": "EUR"}}  # fmt: skip
LONGEST = 4000


def _filled(values):
    """What is too large to be written down: «*100000» items, «*text1000000» characters."""
    made = {}
    for name, value in values.items():
        if isinstance(value, str) and value.startswith("*text"):
            value = "a" * int(value[5:])
        elif isinstance(value, str) and value.startswith("*"):
            value = [{"name": "a"}] * int(value[1:])
        made[name] = value
    return made


def _said(source, values):
    """«R» refused when saved, «dead» no text for this person, else the text."""
    try:
        template = compile_template(source, KNOWN)
    except TemplateError as refusal:
        return "R", refusal.words
    try:
        text = render(template, values, language="en", zone="Europe/Paris").text
    except RenderError as refusal:
        return "dead", refusal.words
    return "OK", text


def _judged(case, source, values):
    began = time.thread_time()
    verdict, text = _said(source, values)
    assert time.thread_time() - began < 1.0
    assert len(text) <= LONGEST
    assert verdict == "OK" or text.endswith((".", "?")), text
    assert case.allows(verdict) or case.allows(f"text:{text}"), (verdict, text)
    return verdict, text


@pytest.mark.parametrize("case", cases("4.4", "4.4"), ids=str)
def test_what_the_language_has_not_is_refused_and_a_value_is_never_read_again(case):
    values = USUAL if case.fields["kind"] == "source" else _filled(case.fields["values"])
    _judged(case, case.text, values)


@pytest.mark.parametrize("case", cases("S", "4.4"), ids=str)
def test_a_strangers_words_in_a_message_are_words(case):
    verdict, text = _judged(case, "Hi {{ first_name }}!", {"first_name": case.text})
    if verdict == "OK":
        assert text.startswith("Hi ")
        assert not set(text) & set("\x00\x1b\u202e\u2066\ud800\r")
        text.encode("utf-8")


@given(
    st.text(max_size=60)
    | st.text(alphabet="{}%|()[]'\" abfirst_nmeiforedl0.~*", max_size=80)
    | st.lists(
        st.sampled_from(
            [
                "{{",
                "}}",
                "{%",
                "%}",
                " if ",
                " endif ",
                " for ",
                " in ",
                "items",
                "first_name",
                "|",
                "default",
                "('x')",
                "upper",
                "__class__",
                ".",
                "x",
            ]
        ),
        max_size=14,
    ).map("".join)
)
def test_whatever_is_saved_as_a_template_is_refused_in_words_or_says_a_bounded_text(source):
    verdict, text = _said(source, USUAL)
    assert len(text) <= LONGEST
    assert verdict == "OK" or text.endswith((".", "?"))
    assert "<function" not in text
    assert " object at " not in text


@given(st.dictionaries(st.sampled_from(sorted(USUAL)), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6)))  # fmt: skip
def test_whatever_the_values_are_there_is_a_text_or_a_reason(values):
    source = "{{ first_name }} {{ order_total }} {{ starts_at|date }} {{ count }} {{ link }}"
    verdict, text = _said(source, USUAL | values)
    assert verdict in ("OK", "dead")
    text.encode("utf-8")
