"""Whatever is sent, the API answers for it: taken, or refused in words, never a mistake of ours."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FIELDS = ["type", "key", "subject", "occurred_at", "person", "data", "cart"]
ORDER = {
    "type": "order.created",
    "key": "order:7:created",
    "subject": "order:7",
    "occurred_at": "2026-06-10T12:00:00+02:00",
}

_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "key", "to", "phone", "template", "person", "data", "texts"])
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=_JUNK, path=st.sampled_from(["POST /messages", "POST /events", "POST /connections",
       "PUT /templates/x", "PUT /automations/x", "POST /people/+33639980123/consent"]))  # fmt: skip
def test_junk_is_never_a_mistake_of_the_hub(program: Any, body: Any, path: str):
    method, at = path.split(" ")
    answer = getattr(program, method.lower())(at, body)
    assert 400 <= answer.status_code < 500
    assert answer.json["type"].startswith("/problems/")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(change=st.dictionaries(st.sampled_from(FIELDS), _JUNK, min_size=1, max_size=3))
def test_an_event_with_junk_in_it_is_taken_or_refused(program: Any, change: dict[str, Any]):
    assert program.post("/events", ORDER | change).status_code in (202, 400, 422)
