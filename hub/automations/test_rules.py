"""The rules document: every problem by its field, the way back to JSON, which hours hold where."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.automations.caps import Cap
from hub.automations.reading import DocumentError
from hub.automations.rules import Rules, as_json, parse
from hub.automations.windows import PRESETS, always, preset

RULES = {
    "windows": {
        "FR": {"marketing": {"preset": "FR-strict"}, "transactional": {"preset": "FR"}},
        "*": {"marketing": {"preset": "always"}},
    },
    "frequency": [
        {"messages": 3, "hours": 24, "kind": "marketing"},
        {"messages": 10, "days": 30, "kind": "all"},
    ],
    "quiet_repeat_hours": 48,
    "prefix_per_minute": 60,
    "paused": "marketing",
    "messages_per_day": 5000,
    "messages_per_month": 90000,
    "surge_times": 10,
    "least_arriving": 0,
    "closed": [{"from": "2026-12-24", "to": "2027-01-02", "why": "Winter break"}],
    "keywords": {"stop": ["lâchez-moi"], "yes": ["présent", "à la revoyure"]},
}
_CAPS = st.builds(
    Cap,
    st.integers(0, 100),
    st.one_of(st.integers(1, 2160), st.integers(1, 90).map(lambda days: days * 24)).map(
        lambda hours: hours * 60
    ),
    st.sampled_from(["marketing", "transactional", "all"]),
)
_RULES = st.builds(
    Rules,
    st.dictionaries(
        st.tuples(
            st.sampled_from(["FR", "US", "RE", "*"]),
            st.sampled_from(["marketing", "transactional"]),
        ),
        st.sampled_from([always(), *map(preset, PRESETS)]),
        max_size=4,
    ),
    st.none() | st.lists(_CAPS, max_size=4).map(tuple),
    st.integers(0, 720),
    st.none() | st.integers(1, 1000),
    st.sampled_from(["", "marketing", "all"]),
    st.none() | st.integers(1, 1000),
    st.none() | st.integers(1, 1000),
    st.integers(0, 1000),
    st.integers(0, 100),
)


def problems(document):
    with pytest.raises(DocumentError) as refused:
        parse(document)
    return {p.field: p.words for p in refused.value.problems}


def test_no_document_is_the_usual_rules():
    usual = parse({})
    assert usual == Rules()
    assert usual.quiet_repeat_hours == 24
    assert usual.window("FR", "marketing") is None
    assert usual.caps(3) == (Cap(3, 1440), Cap(5, 60, "all"), Cap(10, 1440, "all"))
    assert usual.caps(50) == (Cap(50, 1440), Cap(50, 60, "all"), Cap(50, 1440, "all"))
    assert (usual.paused, usual.messages_per_day, usual.messages_per_month) == ("", None, None)


def test_limits_that_are_written_take_the_place_of_the_daily_cap():
    assert parse(RULES).caps(3) == (Cap(3, 1440, "marketing"), Cap(10, 43200, "all"))
    assert parse({"frequency": []}).caps(3) == ()


def test_hours_are_those_of_the_country_else_those_of_all_others():
    rules = parse(RULES)
    assert rules.window("FR", "marketing") == preset("FR-strict")
    assert rules.window("FR", "transactional") == preset("FR")
    assert rules.window("BE", "marketing") == always()
    assert rules.window("BE", "transactional") is None
    assert rules.window("", "marketing") == always()


@settings(deadline=None, max_examples=60)
@given(_RULES)
def test_rules_survive_json(rules):
    assert parse(as_json(rules)) == rules


def test_all_problems_come_at_once_each_with_its_field():
    wrong = {
        "window": {},
        "windows": {
            "fr": {},
            "XX": {},
            "FR": {"marketing": {"preset": "Frnce"}, "sms": {}, "transactional": 3},
            "DE": 3,
        },
        "frequency": [
            {"messages": -1, "hours": 24, "kind": "marketing"},
            {"messages": 1, "hours": 24, "days": 1, "kind": "all"},
            {"messages": 1, "kind": "all"},
            {"messages": 1, "hours": 0, "kind": "some"},
            3,
        ],
        "quiet_repeat_hours": -1,
        "prefix_per_minute": 0,
        "paused": "everything",
        "messages_per_day": 0,
        "least_arriving": 101,
        "closed": [{"from": "2026-12-24", "to": "2026-12-23"}, {"from": "Christmas"}],
        "keywords": {"yes": ["stop", "2"], "no": "never", "maybe": []},
    }
    assert list(problems(wrong)) == [
        "window",
        "windows.fr",
        "windows.XX",
        "windows.FR.sms",
        "windows.FR.marketing.preset",
        "windows.FR.transactional",
        "windows.DE",
        "frequency[4]",
        "frequency[0].messages",
        "frequency[1].hours",
        "frequency[2].hours",
        "frequency[3].hours",
        "frequency[3].kind",
        "quiet_repeat_hours",
        "prefix_per_minute",
        "paused",
        "messages_per_day",
        "least_arriving",
        "closed[0].to",
        "closed[1].from",
        "closed[1].to",
        "keywords.maybe",
        "keywords.yes[0]",
        "keywords.yes[1]",
        "keywords.no",
    ]
    assert problems({"windows": {"FR": {"marketing": {"preset": "Frnce"}}}}) == {
        "windows.FR.marketing.preset": "«Frnce» is neither a country nor a preset."
    }


@settings(deadline=None, max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*RULES, "FR", "*", "marketing", "preset", "messages", "hours"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=15,
    )
)
def test_no_json_makes_the_reader_fail_otherwise_than_in_words(document):
    try:
        found = as_json(parse(document))
    except DocumentError as refused:
        found = refused.problems
    assert found
