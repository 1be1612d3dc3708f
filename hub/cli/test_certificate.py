"""The table of laws fits a line, however many connectors there are."""

import pytest
from rich.console import Console

from hub.cli.certificate import print_scores
from hub.contract.kit.score import Result, Score, registered

WIDE = 100
NAMES = [f"connector{number}" for number in range(10)]


@pytest.fixture
def printed():
    """What is printed of these connectors, the first of which breaks the first law."""

    def made(names):
        laws = registered()[:3]
        broken = Score(names[0], (Result(laws[0], "It lacks a file."),))
        kept = [Score(name, tuple(Result(law, "") for law in laws)) for name in names[1:]]
        console = Console(width=WIDE)
        with console.capture() as capture:
            print_scores(console, [broken, *kept])
        return capture.get().splitlines()

    return made


@pytest.mark.parametrize("count", [1, 2, 10])
def test_every_line_fits(printed, count):
    lines = printed(NAMES[:count])
    assert max(map(len, lines)) <= WIDE
    assert ["files", "✗", *["✓"] * (count - 1)] in [line.split() for line in lines]
    assert lines[-1] == "connector0 files: It lacks a file."


def test_few_names_stand_beside_each_other(printed):
    assert printed(NAMES[:2])[0].split() == ["law", "connector0", "connector1"]


def test_many_names_stand_on_stairs_above_their_columns_and_below_with_their_scores(printed):
    lines = printed(NAMES)
    row = next(line for line in lines if line.startswith("readme"))
    assert [lines[at].index(name) for at, name in enumerate(NAMES)] == [
        at for at, mark in enumerate(row) if mark in "✓✗–" and at >= 20
    ]
    assert lines[-3].split() == ["│", "connector1", "3/3"]
    assert lines[-2].split() == ["connector0", "0/1"]
