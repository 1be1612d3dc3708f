"""The strict reader agrees with every other on good documents, and refuses the rest in words."""

import json
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract.strict import DEEPEST, Unreadable, read

_TEXTS = st.text(max_size=12)  # with quotation marks, backslashes, NUL and all planes
_PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS
)
_DOCUMENTS = st.recursive(
    _PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=20,
)


def _count(document: Any) -> int:
    if isinstance(document, dict):
        return 1 + len(document) + sum(map(_count, document.values()))
    return 1 + sum(map(_count, document)) if isinstance(document, list) else 1


def _refused(raw: bytes, **more: Any) -> str:
    with pytest.raises(Unreadable) as refusal:
        read(raw, **more)
    return str(refusal.value)


@given(_DOCUMENTS, st.booleans(), st.sampled_from([None, 1]), st.booleans())
def test_every_good_document_is_read_as_json_loads_reads_it(document, ascii_only, indent, decimals):
    raw = json.dumps(document, ensure_ascii=ascii_only, indent=indent).encode()
    wanted = json.loads(raw, parse_float=Decimal) if decimals else json.loads(raw)
    assert read(raw, decimals=decimals) == wanted
    assert read(b"\xef\xbb\xbf" + raw, decimals=decimals) == wanted


@given(_DOCUMENTS)
def test_values_and_names_are_counted_exactly(document):
    raw, nodes = json.dumps(document).encode(), _count(document)
    assert read(raw, most=nodes) == document
    assert "more than" in _refused(raw, most=nodes - 1)


def _read_or_words(raw: bytes) -> Any:
    try:
        return read(raw), ""
    except Unreadable as refusal:
        return None, str(refusal)


@given(
    st.binary(max_size=80)
    | st.text(alphabet='[]{}",:\\01e.-"nultrue u', max_size=60).map(str.encode)
    | _DOCUMENTS.map(lambda found: json.dumps(found)[:-1].encode())
)
def test_whatever_the_bytes_it_is_read_or_refused_in_a_sentence(raw):
    found, words = _read_or_words(raw)
    if words:
        assert words.endswith(".")
    else:
        assert json.loads(raw) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ('{"a":1,"a":2}', "twice"),
        ('[{"a":{"b":1,"b":1.5}}]', "twice"),
        ('{"a":1,"\\u0061":2}', "twice"),
        ('{"a\\"":1,"a\\u0022":12345678901234567890}', "64 bits"),
        ('{"n":1234567890123456789,"n":2}', "twice"),
        ("NaN", "NaN"),
        ("[-Infinity]", "Infinity"),
        ("1e400", "too large"),
        ("9223372036854775808", "64 bits"),
        ("1" * 5000, "64 bits"),
        ("[1] 2", "not JSON"),
        ("{} {}", "not JSON"),
        ("[1,]", "not JSON"),
        ("'a'", "not JSON"),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "deep"),
        ('{"a":[' * 32 + "[]" + "]}" * 32, "deep"),
        ("[[]," * 64 + "[]" + "]" * 64, "deep"),
        ('{"a":' * 50_000, "values"),
        ("[" * 100_000, "values"),
    ],
)
def test_what_two_readers_could_understand_differently_is_refused(text, words):
    assert words in _refused(text.encode())


@pytest.mark.parametrize("code", ["utf-16", "utf-16-le", "utf-32", "utf-32-be"])
def test_no_other_encoding_is_read(code):
    assert "JSON" in (words := _refused('{"a": 1}'.encode(code))) or "UTF-8" in words
    assert _refused(b'"\xff"') == "It is not UTF-8."
    assert _refused(b'"\xc0\x80"') == "It is not UTF-8."


def test_depth_is_what_is_open_at_once_and_not_within_texts():
    assert read(b"[" * DEEPEST + b"]" * DEEPEST)
    assert read(b"[" + b",".join([b"[[]]"] * 200) + b"]")
    assert read(b'{"a":[' * 31 + b"[[],[],{}]" + b"]}" * 31)
    assert read(json.dumps({"[" * 200 + '\\"': "{" * 200}).encode())


def test_half_a_pair_and_nul_come_through_for_whoever_cleans_them():
    assert read(b'["\\ud800", "\\u0000"]') == ["\ud800", "\x00"]


def test_decimals_are_exact_where_they_are_asked_for():
    assert read(b'{"a": 0.10, "b": 1}', decimals=True) == {"a": Decimal("0.10"), "b": 1}
    assert "too large" in _refused(b"1e400", decimals=True)
    assert math.copysign(1, read(b"-0.0")) == -1
