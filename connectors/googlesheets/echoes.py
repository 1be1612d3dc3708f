"""Our notes beside the consent column, kept true: where a person wrote over our word, the note is
struck out, so that the same word typed again later is theirs. Pure."""

from collections.abc import Mapping

from .columns import Columns
from .consent import is_overruled, overruled
from .grid import Grid, Put, text

Notes = Mapping[str, tuple[str, str]]  # by row id: the note as it was, and as it must be


def notes(grid: Grid, columns: Columns) -> Notes:
    """The notes of a sheet that was read."""
    place, echo = grid.column(columns.own.id), grid.column(columns.own.consent)
    found = {}
    for number in grid.numbers:
        noted = text(grid.value(number, echo))
        if noted:
            said = grid.value(number, columns.at.get("consent"))
            found[text(grid.value(number, place))] = (noted, overruled(said, noted) or noted)
    return found


def puts(now: Grid, columns: Columns, known: Notes) -> list[Put]:
    """What is to be struck out, and what was struck out on the wrong row."""
    place, echo = now.column(columns.own.id), now.column(columns.own.consent)
    if echo is None or "consent" not in columns.at:
        return []
    found = []
    for number in now.numbers:
        noted = text(now.value(number, echo))
        was, should = known.get(text(now.value(number, place)), ("", ""))
        ours_to_change = noted == was or is_overruled(noted)
        if noted and ours_to_change and noted != should:
            found.append(Put(number, echo, columns.own.consent, should))
    return found
