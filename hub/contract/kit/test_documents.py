"""Documents are plain JSON, and a wanted part is found in them or its lack is told."""

import json
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.contract import Accepted, Money, Outgoing, Phone
from hub.contract.kit.documents import difference, document_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)


@settings(deadline=None)
@given(JSON)
def test_a_plain_document_is_its_own_document_and_holds_itself(document):
    assert document_of(document) == document
    assert difference(document, document) == ""


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=3), JSON, min_size=1))
def test_a_larger_object_holds_a_smaller_one_and_not_the_other_way_round(document):
    smaller = dict(list(document.items())[1:])
    assert difference(smaller, document) == ""
    assert difference(document, smaller).startswith("it has no «")


def test_contract_values_become_json():
    money = Money(Decimal("0.042"), "EUR")
    message = Outgoing("r-1", Phone.of("+33639980123"), "Hi", "GSM7", marketing=False)
    documents = document_of(
        [Accepted("m-1", money), message, {"at": datetime(2026, 6, 1, tzinfo=UTC)}]
    )
    assert json.loads(json.dumps(documents)) == documents
    assert documents[0]["price"] == {"amount": "0.042", "currency": "EUR"}
    assert documents[1]["to"] == "+33639980123"
    assert documents[2]["at"] == "2026-06-01T00:00:00+00:00"


def test_a_difference_says_where_it_is():
    wanted = {"events": [{"key": "a"}, {"key": "b"}]}
    found = {"events": [{"key": "a", "more": 1}, {"key": "c"}]}
    assert difference(wanted, found) == "it.events[1].key is 'c', not 'b'."
    assert difference({"events": []}, found) == "it.events has 2 entries, not 0."
