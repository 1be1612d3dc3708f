"""Every bad input of the matrix is a case, or a named test holds it, or it says why later."""

import json
import re
from itertools import chain

import pytest

from hub.config import CHECKOUT
from hub.local.corpus.cases import FOLDER, SECTIONS, SHARED, cases, lines

KNOWN = json.loads((FOLDER / "ids.json").read_text("utf-8"))
ELSEWHERE = list(lines("elsewhere"))
# Which shared sets each surface takes.
TAKES = {"4.1": "HJ", "4.2": "HS", "4.4": "S", "4.6": "HJS"}


def _bare(name):
    """«I4.16c» is one more spelling of «I4.16»."""
    return re.match(r"[A-Z]\d*\.?\d+", name)[0]


@pytest.mark.parametrize("name", [*SECTIONS, *SHARED])
def test_every_input_of_the_matrix_is_accounted_for(name):
    here = {_bare(line["id"]) for line in lines(name)}
    there = {line["id"] for line in ELSEWHERE}
    assert set(KNOWN[name]) - here - there == set()
    assert here & there == set(), "Both a case and held elsewhere: drop the second."


@pytest.mark.parametrize(("surface", "sets"), TAKES.items())
def test_every_shared_input_meets_every_surface_that_takes_it(surface, sets):
    for name in sets:
        met = {_bare(case.id) for case in cases(name, surface)}
        allowed = {"H20"} | ({"H27"} if surface == "4.2" else set())  # nothing is signed
        assert set(KNOWN[name]) - met <= allowed


def test_no_case_stands_twice_and_each_says_what_it_is():
    for name in (*SECTIONS, *SHARED):
        found = [line["id"] for line in lines(name)]
        assert len(found) == len(set(found)), name
    for line in chain.from_iterable(map(lines, (*SECTIONS, *SHARED))):
        assert line["expect"], line


def test_what_is_held_elsewhere_is_held_there():
    for line in ELSEWHERE:
        assert ("test" in line) != ("later" in line), line
        if "later" in line:
            assert line["later"].endswith("."), line
            continue
        path, _, name = line["test"].partition("::")
        assert f"def {name}(" in (CHECKOUT / path).read_text("utf-8"), line
