"""Each message has one result, whatever form smsmode's answer to the batch takes."""

import io
import json

import requests
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import Accepted, Refusal, Unknown

from .answers import results_of
from .simulator import Simulator


def _response(document) -> requests.Response:
    made = requests.Response()
    made.status_code, made.raw = 201, io.BytesIO(json.dumps(document).encode())
    return made


def test_items_are_matched_by_reference_whatever_their_order():
    messages = Simulator().outgoing(3)
    items = [
        {"message": {"messageId": f"id-{m.reference}", "refClient": m.reference}} for m in messages
    ]
    results = results_of(_response(items[::-1]), messages)
    assert [r.carrier_message_id for r in results] == [f"id-{m.reference}" for m in messages]


def test_items_without_reference_are_matched_by_place_only_when_all_are_there():
    messages = Simulator().outgoing(3)
    items = [{"message": {"messageId": f"id-{i}"}} for i in range(3)]
    assert [r.carrier_message_id for r in results_of(_response(items), messages)] == [
        "id-0",
        "id-1",
        "id-2",
    ]
    assert [type(r) for r in results_of(_response(items[:2]), messages)] == [Unknown] * 3


def test_item_that_is_an_error_says_what_its_code_proves():
    messages = Simulator().outgoing(5)
    codes = ["400.029", "402.001", "500.001", "odd", ""]
    items = [{"errorCode": code, "message": "No", "refClient": ""} for code in codes]
    results = results_of(_response(items), messages)
    assert results[0] == Refusal("400.029", "smsmode refused the message: No")
    assert results[1] == Refusal("402.001", "smsmode refused the message: No", permanent=False)
    assert [type(r) for r in results[2:]] == [Unknown] * 3


def test_single_resource_answers_a_single_message():
    (message,) = Simulator().outgoing(1)
    (result,) = results_of(_response({"messageId": "id-1"}), [message])
    assert result == Accepted("id-1")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["message", "messageId", "refClient", "errorCode", "price", "error"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(_JSON)
def test_any_answer_at_all_gives_each_message_one_result(document):
    messages = Simulator().outgoing(2)
    results = results_of(_response(document), messages)
    assert len(results) == 2
    assert all(isinstance(r, Accepted | Refusal | Unknown) for r in results)
