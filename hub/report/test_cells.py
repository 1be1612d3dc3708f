"""A spreadsheet opens what we export as text: no cell begins a formula, none is lost."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.report.cells import as_csv, as_text

_ODD = "=+-@＝＋－＠\t\r\n\v\f ;,'\"\xa0\ufeff\u2003\u200b\u2028\x85\x00ab|1"
_CELLS = st.text(st.sampled_from(_ODD) | st.characters(codec="utf-8"), max_size=20)


def read(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+33 6 ** ** ** 78", "'+33 6 ** ** ** 78"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r", "'\r"),
        ("\n", "'\n"),
        ("  =1", "'  =1"),
        ("\xa0\ufeff=1", "'\xa0\ufeff=1"),
        ("a\n=1", "a\n'=1"),
        ("a;=1", "a;'=1"),
        ('"=1', "'\"=1"),
        ("＝1", "'＝1"),
        ("a=b, 3-2", "a=b, 3-2"),
        ("SMS: 5 %", "SMS: 5 %"),
        ("\x00=1", "'=1"),
        (None, ""),
        (-3, "'-3"),
        (7, "7"),
    ],
)
def test_what_could_be_a_formula_is_text(given, shown):
    assert as_text(given) == shown


@settings(deadline=None)
@given(_CELLS)
def test_no_piece_of_a_cell_begins_a_formula(text):
    shown = as_text(text)
    pieces = shown.replace(";", "\n").replace("\t", "\n").splitlines()
    assert not any(piece.strip(" \"\xa0\ufeff\u200b\u2003").startswith(tuple("=+-@＝＋－＠"))
                   for piece in pieces)  # fmt: skip
    assert not shown.startswith(("\t", "\r", "\n"))


@settings(deadline=None)
@given(st.lists(st.lists(_CELLS, min_size=3, max_size=3), max_size=5))
def test_every_cell_comes_back_in_its_place_and_is_quoted(rows):
    raw = as_csv(("a", "b", "c"), rows)
    assert read(raw) == [["a", "b", "c"], *([as_text(cell) for cell in row] for row in rows)]
    assert raw.decode("utf-8-sig").startswith('"a","b","c"\r\n')
