"""Segments: the counts every carrier bills, and parts that never cut a pair."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.compose.alphabet import BASIC, EXTENSION, encoding_of
from hub.compose.segments import ROOM, Count, count, has_stop, split, stop_mention, with_stop

_CASES = Path(__file__).with_name("segments_cases.txt").read_text("utf-8").splitlines()
_ROW = re.compile(r"(GSM7|UCS2) +(\d+) +(\d+) +(\d+) *(.*)")


def _piece(notation: str) -> str:
    text, _, times = notation.partition("×")
    if text.startswith("U+"):
        text = "".join(chr(int(number, 16)) for number in text.split("U+")[1:])
    return text * int(times or 1)


REFERENCE = [
    pytest.param(
        "".join(map(_piece, row[5].split())),
        Count(row[1], int(row[2]), int(row[3]), int(row[4])),
        id=f"line-{line}",
    )
    for line, text in enumerate(_CASES, 1)
    if (row := _ROW.fullmatch(text))
]

any_text = st.text(
    st.one_of(
        st.sampled_from(BASIC),
        st.sampled_from(EXTENSION),
        st.sampled_from("êç’\u00a0😀👍🏽\u200d🇫"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=700,
)
long_gsm = st.lists(st.sampled_from(["a" * 50, "a", "€", "[", "à" * 7]), max_size=60).map("".join)
long_ucs = st.lists(st.sampled_from(["ê" * 20, "ê", "😀", "a"]), max_size=60).map("".join)


def _units(text: str, whole: str) -> int:
    if encoding_of(whole) == "UCS2":
        return len(text.encode("utf-16-be")) // 2
    return sum(2 if c in EXTENSION else 1 for c in text)


def test_the_reference_table_has_more_than_three_hundred_texts():
    assert len(REFERENCE) >= 300
    assert len({case.values[0] for case in REFERENCE}) >= 300


@pytest.mark.parametrize(("text", "expected"), REFERENCE)
def test_count_equals_the_reference(text, expected):
    assert count(text) == expected


@pytest.mark.parametrize(("text", "expected"), REFERENCE)
def test_split_gives_the_parts_of_the_reference(text, expected):
    parts = split(text)
    assert len(parts) == expected.parts
    assert "".join(parts) == text


def test_empty_text_is_one_part_as_carriers_bill_it():
    assert count("") == Count("GSM7", 0, 1, 160)
    assert split("") == ("",)


@given(st.one_of(any_text, long_gsm, long_ucs))
@example("a" * 152 + "€")
@example("é" * 66 + "😀" + "é" * 5)
def test_parts_join_to_the_text_and_each_fits(text):
    parts = split(text)
    single, room = ROOM[encoding_of(text)]
    assert "".join(parts) == text
    assert len(parts) == count(text).parts
    limit = single if len(parts) == 1 else room
    assert all(_units(part, text) <= limit for part in parts)


@given(st.one_of(any_text, long_gsm, long_ucs))
def test_no_character_could_have_gone_into_the_part_before(text):
    parts = split(text)
    room = ROOM[encoding_of(text)][1]
    for part, following in pairwise(parts):
        assert _units(part + following[0], text) > room


@given(st.one_of(any_text, long_gsm, long_ucs))
def test_what_is_left_can_be_filled_without_one_more_part(text):
    cost = count(text)
    assert count(text + "a" * cost.left).parts == cost.parts
    assert count(text + "a" * (cost.left + 1)).parts == cost.parts + 1


@given(st.text(st.characters(categories=["Cs"]), max_size=200))
def test_lone_surrogates_are_counted_and_never_lost(text):
    assert "".join(split(text)) == text
    assert count(text).parts == len(split(text))


@given(any_text, st.sampled_from(["36180", "36034", "https://rls.example/s/4fT9"]))
def test_reserve_counts_what_the_carrier_will_append(text, code):
    tail = " " + stop_mention(code)
    assert count(text, reserve=tail) == count(text + tail)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-20% ce week-end. STOP 36180", True),
        ("-20% ce week-end. STOP au 36180", True),
        ("-20% STOP36180", True),
        ("-20% STOP: 36180", True),
        ("-20% (STOP 36180)", True),
        ("STOP à 36180. Bonne fête !", True),
        ("Pour ne plus recevoir nos offres : STOP", True),
        ("To leave, reply STOP.", True),
        ("STOP https://rls.example/s/4fT9", True),
        ("STOP to 36180", True),
        ("", False),
        ("-20% ce week-end", False),
        ("Don't stop 36180", False),
        ("A non-STOP 36180 party", False),
        ("STOP à la grisaille ! -20%", False),
        ("The bus STOP is at 12 Garden Street", False),
        ("STOP 20% today", False),
        ("STOP 123456789 times", False),
        ("STOP 2000km short", False),
        ("STOPPER 36180", False),
    ],
)
def test_a_stop_mention_is_known_by_its_number_its_link_or_its_place(text, said):
    assert has_stop(text) is said


def test_stop_is_appended_once_and_counted():
    text = "Maison Lune : -20% ce week-end"
    sent = with_stop(text, "36180")
    assert sent == "Maison Lune : -20% ce week-end STOP 36180"
    assert with_stop(sent, "36180") == sent
    assert count(sent).units == count(text).units + len(" STOP 36180")


def test_stop_after_a_line_break_needs_no_space():
    assert with_stop("-20%\n", "36180") == "-20%\nSTOP 36180"


@given(any_text)
def test_every_text_has_a_stop_mention_after_with_stop(text):
    assert has_stop(with_stop(text, "36180"))
