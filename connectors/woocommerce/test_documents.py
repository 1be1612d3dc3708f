from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import Event, Ignored
from hub.contract.events import faults_of

from . import documents, people
from .trial import CART, ORDER, parsed, with_meta

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
TOPICS = st.sampled_from(
    ["order.created", "order.deleted", "customer.updated", "relais.cart", "relais.draft"]
)
NAMES = st.sampled_from(sorted(ORDER | CART))


def read_or_refused(document, topic):
    try:
        return parsed(document, topic)
    except ValueError as error:
        words = str(error)
    assert words.endswith(".")
    return []


@given(TOPICS, st.dictionaries(NAMES, JSON, min_size=1, max_size=4))
def test_a_spoilt_field_is_read_or_refused_in_words(topic, spoilt):
    document = (CART if topic == "relais.cart" else ORDER | {"status": "failed"}) | spoilt
    found = read_or_refused(document, topic)
    for event in () if isinstance(found, Ignored) else found:
        assert isinstance(event, Event)
        assert faults_of(event) == ()
        repr(event).encode("utf-8")


@given(TOPICS, st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(topic, body):
    read_or_refused(body, topic)


@given(st.lists(st.tuples(st.sampled_from(["sms_optin", "lang", "x"]), JSON), max_size=4))
def test_consent_is_only_ever_an_explicit_yes(rows):
    found = people.consent(with_meta(*rows), {}, datetime(2026, 6, 12, tzinfo=UTC), "order")
    if found and found.granted:
        said = [people.spoken(v) for k, v in rows if k == "sms_optin"]
        assert True in said
        assert False not in said


@given(st.decimals(-(10**9), 10**9, places=2))
def test_money_is_kept_to_the_cent(amount):
    found = documents.money(f"{amount:.2f}", "EUR")
    assert found is not None
    assert Decimal(found["amount"]) == amount


@pytest.mark.parametrize("body", ['{"a":1,"a":2}', '{"a":NaN}', '{"a":' * 70 + "1" + "}" * 70, ""])
def test_json_that_can_be_read_in_two_ways_is_refused(body):
    with pytest.raises(ValueError, match=r"\.$"):
        documents.document(body.encode())
