from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.contract import Refused

from . import mapping, soql
from .org import soql as spoken
from .org.memory import Memory
from .org.problems import Problem


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_value_stays_one_value(value):
    memory = Memory()
    row = memory.add("Contact", {"LastName": value[:80]})
    memory.add("Contact", {"LastName": "Other"})
    query = soql.Query("Contact", ("Id",), soql.among("LastName", [value.replace("\x00", "")]))
    found = spoken.run(memory, str(query), False)
    wanted = value.replace("\x00", "")
    assert [r["Id"] for r in found] == ([row["Id"]] if value == wanted else [])


@settings(deadline=None)
@given(st.text(max_size=40))
def test_a_name_is_a_name_or_refused(typed):
    for judge in (soql.name, soql.path):
        try:
            taken = judge(typed)
        except Refused:
            continue
        else:
            assert taken == typed
            assert set(taken) <= set(
                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_."
            )


@settings(deadline=None)
@given(st.text(alphabet="Visit__c:=;,. \nPhoneText1Person'()", max_size=80))
def test_whatever_is_typed_for_custom_objects_is_read_or_refused_in_words(typed):
    with suppress(Refused):
        for table in mapping.tables({"custom_objects": typed}).values():
            assert "'" not in str(soql.Query(table.object, table.fields))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Visit__c", "names no fields"),
        ("Visit__c: Mobile", "not understood"),
        ("Visit__c: Colour=Red__c", "Known are"),
        ("Visit__c: Name=Name", "nobody can be texted"),
        ("Visit c: Phone=Mobile__c", "not the API name"),
        ("Visit__c: Phone=Mobile__c'", "not the API name"),
    ],
)
def test_a_custom_object_that_cannot_be_read_says_which_part(typed, words):
    with pytest.raises(Refused, match=words):
        mapping.tables({"custom_objects": typed})


def test_the_simulated_org_is_strict():
    memory = Memory()
    for query, code in (
        ("SELECT Colour FROM Contact", "INVALID_FIELD"),
        ("SELECT Id FROM Nothing", "INVALID_TYPE"),
        ("SELECT Id FROM Contact WHERE", "MALFORMED_QUERY"),
        ("SELECT Id, FROM Contact", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact WHERE Id IN ('12')", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM Contact; DROP", "MALFORMED_QUERY"),
    ):
        with pytest.raises(Problem) as raised:
            spoken.run(memory, query, False)
        assert raised.value.code == code
