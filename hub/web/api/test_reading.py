"""The strict reader: every good document comes back, everything doubtful is refused."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.web.api.problems import Problem
from hub.web.api.reading import DEEPEST, MOST_NODES, read_json

_TEXTS = st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=20)
_PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    _TEXTS,
)
_DOCUMENTS = st.recursive(
    _PLAIN,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(_TEXTS, inner, max_size=5),
    max_leaves=30,
)


def _read(raw: bytes | str) -> Any:
    return read_json(raw.encode() if isinstance(raw, str) else raw, "application/json")


def _code(raw: bytes | str) -> str:
    with pytest.raises(Problem) as refusal:
        _read(raw)
    return refusal.value.code


@given(_DOCUMENTS)
def test_every_plain_document_comes_back_as_it_was(document: Any):
    assert _read(json.dumps(document)) == document
    assert _read(json.dumps(document, ensure_ascii=False)) == document


def _read_or_refuse(raw: bytes | str) -> tuple[str, Any]:
    try:
        return "read", _read(raw)
    except Problem as problem:
        return problem.code, None


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes):
    verdict, found = _read_or_refuse(raw)
    assert verdict in ("read", "bad-json")
    assert verdict == "bad-json" or json.loads(raw) == found


@given(st.text(alphabet='[]{}",:\\01e.-"nultrue', max_size=60))
def test_anything_that_looks_like_json_is_read_or_refused(text: str):
    assert _read_or_refuse(text)[0] in ("read", "bad-json")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"a":1,"a":2}',
        '{"a":1,"\\u0061":2}',
        "NaN",
        "[Infinity]",
        "-Infinity",
        "1e999",
        "9223372036854775808",
        "1" * 5000,
        '"\\u0000"',
        '"\\ud800"',
        '{"\\udc00": 1}',
        "[1] 2",
        "'a'",
    ],
)
def test_what_two_readers_could_understand_differently_is_refused(text: str):
    assert _code(text) == "bad-json"


def test_a_byte_order_mark_is_passed_over():
    assert _read("\ufeff{}") == {}


def test_bytes_that_are_no_utf8_are_refused():
    assert _code(b'"\xff"') == "bad-json"
    assert _code('"é"'.encode("utf-16")) == "bad-json"


def test_depth_is_bounded_before_anything_recurses():
    assert _read("[" * DEEPEST + "]" * DEEPEST)
    assert _code("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1)) == "bad-json"
    assert _code("[" * 500_000) == "bad-json"
    assert _code('{"a":' * 100_000) == "bad-json"


def test_brackets_within_a_text_are_not_depth():
    text = "[" * 200 + '\\"'
    assert _read(json.dumps({"a": text})) == {"a": text}


def test_the_number_of_values_is_bounded():
    assert len(_read(json.dumps([0] * (MOST_NODES - 1)))) == MOST_NODES - 1
    assert _code(json.dumps([0] * MOST_NODES)) == "bad-json"


def test_the_size_is_bounded():
    assert _code('"' + "a" * 1024 * 1024 + '"') == "too-large"


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_only_json_is_read(kind: str):
    with pytest.raises(Problem) as refusal:
        read_json(b"{}", kind)
    assert refusal.value.code == "not-json"


def test_a_charset_may_be_named():
    assert read_json(b"1.5", "Application/JSON; charset=utf-8") == 1.5
    with pytest.raises(Problem):
        read_json(b"1.5", "application/json; charset=utf-16")
    assert math.copysign(1, _read("-0.0")) == -1
