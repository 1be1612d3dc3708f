"""Each fixture is a costly twin of a shipped text: its character is named and underlined.

A fixture's first line says what is found: "# costly_character: no-break space". R198 to R206.
"""

from pathlib import Path

import pytest

from hub.compose.alphabet import costly
from hub.compose.extent.bounds import FAIR
from hub.compose.lint import Samples, ShopWords, TemplateWords, lint

FIXTURES = sorted(Path(__file__).parent.glob("*.txt"))
SHOP = ShopWords("Maison Lune", "36034")
EMOJI = {"emoji", "joined_emoji"}


def _linted(source, *, transliterate=False):
    words = TemplateWords("marketing", {"fr": source}, transliterate=transliterate)
    report = lint(words, SHOP, Samples(bounds=FAIR))
    found = [f for f in report.findings if f.code == "costly_character"]
    return found, report.bills[0].largest.count


def _read(fixture):
    first, source = fixture.read_text("utf-8").split("\n", 1)
    code, _, name = first.removeprefix("# ").partition(": ")
    return code, name, source.strip()


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.stem)
def test_a_costly_character_is_named_underlined_and_makes_two_parts(fixture):
    code, name, source = _read(fixture)
    (found,), cost = _linted(source)
    drawn = source[slice(*found.span)]
    assert (found.code, found.names["name"]) == (code, name)
    assert drawn == "".join(one.character for one in costly(source))
    assert cost.encoding == "UCS2"
    assert cost.parts >= 2


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.stem)
def test_one_click_makes_it_one_cheap_part_unless_it_is_an_emoji(fixture):
    _, _, source = _read(fixture)
    (found,), _ = _linted(source)
    if fixture.stem in EMOJI:
        assert found.repair is None
        assert len(_linted(source, transliterate=True)[0]) == 1
        return
    still, cost = _linted(found.repair)
    assert (still, cost.encoding, cost.parts) == ([], "GSM7", 1)
    assert _linted(source, transliterate=True)[0] == []


def test_every_kind_of_costly_character_has_its_fixture():
    assert {fixture.stem for fixture in FIXTURES} == EMOJI | {
        "no_break_space", "narrow_no_break_space", "zero_width_space", "typographic_apostrophe",
        "cedilla", "circumflex", "ligature",
    }  # fmt: skip
