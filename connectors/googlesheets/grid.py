"""A worksheet as it was read: its header row, its cells, and where a text stands in them. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

Cell = Any  # a text, a number or a flag, as the vendor gives it; "" where it is empty


@dataclass(frozen=True)
class Grid:
    """Cells by row and column, both counted from 0; `head` is the header's row, `room` how many
    columns the worksheet has, used or not."""

    title: str
    head: int
    cells: Sequence[Sequence[Cell]]
    room: int = 0

    @cached_property
    def header(self) -> tuple[str, ...]:
        """The header's texts, in their columns."""
        row = self.cells[self.head] if self.head < len(self.cells) else ()
        return tuple(text(cell) for cell in row)

    @cached_property
    def _places(self) -> dict[str, int]:
        places: dict[str, int] = {}
        for column, title in enumerate(self.header):
            if plain(title):
                places.setdefault(plain(title), column)
        return places

    def column(self, title: str) -> int | None:
        """Where this header stands first, whatever its case and accents; None where it is not."""
        return self._places.get(plain(title))

    @property
    def width(self) -> int:
        """How many columns are used by anything, headed or not."""
        return max((len(row) for row in self.cells), default=0)

    @property
    def numbers(self) -> range:
        """The rows below the header."""
        return range(self.head + 1, len(self.cells))

    def value(self, row: int, column: int | None) -> Cell:
        """A cell; "" outside of what is used."""
        if column is None or not 0 <= row < len(self.cells):
            return ""
        cells = self.cells[row]
        return cells[column] if column < len(cells) else ""


@dataclass(frozen=True)
class Put:
    """A value meant for a cell, which stands under the header `title` as we saw it."""

    row: int
    column: int
    title: str
    value: Cell


def text(cell: Cell, limit: int = 2_000) -> str:
    """A cell as clean text: whole numbers without a point, flags as the sheet shows them."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < 10**15
        return str(int(cell)) if whole else repr(cell)
    if not isinstance(cell, str | int):
        return ""
    bare = str(cell)[:limit].replace("\x00", "")
    return re.sub("[\ud800-\udfff]", "\ufffd", bare).strip()


@lru_cache(maxsize=4096)
def plain(title: str) -> str:
    """A header for comparing: no case, no accents, no punctuation."""
    bare = unicodedata.normalize("NFKD", title.casefold())
    return "".join(c for c in bare if c.isalnum() and not unicodedata.combining(c))


def letters(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    found, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        found = chr(65 + digit) + found
    return found


def width_of(address: str) -> int:
    """How many columns an answered range spans: «'Leads'!A1:Z1000» has 26; 0 where unreadable."""
    found = re.search(r":\$?([A-Z]{1,3})\$?\d*$", address)
    width = 0
    for letter in found[1] if found else "":
        width = width * 26 + ord(letter) - 64
    return width


def quoted(title: str) -> str:
    """A worksheet's title as A1 notation wants it."""
    return "'" + title.replace("'", "''") + "'"


def blocks(title: str, puts: Iterable[Put]) -> Iterator[tuple[str, list[list[Cell]]]]:
    """Puts as few rectangles (A1 address, rows of values), so that 5,000 ids are one of them."""
    by_row: dict[int, dict[int, Cell]] = {}
    for put in puts:
        by_row.setdefault(put.row, {})[put.column] = put.value
    open_at: dict[tuple[int, int], tuple[int, list[list[Cell]]]] = {}
    for row in sorted(by_row):
        for first, values in _runs(by_row[row]):
            span = (first, first + len(values) - 1)
            start, rows = open_at.get(span, (row, []))
            if start + len(rows) != row:
                yield _address(title, span, start, len(rows)), rows
                start, rows = row, []
            rows.append(values)
            open_at[span] = (start, rows)
    for span, (start, rows) in open_at.items():
        yield _address(title, span, start, len(rows)), rows


def _runs(cells: dict[int, Cell]) -> Iterator[tuple[int, list[Cell]]]:
    columns = sorted(cells)
    first = columns[0]
    for at, column in enumerate(columns):
        if at + 1 == len(columns) or columns[at + 1] != column + 1:
            yield first, [cells[c] for c in range(first, column + 1)]
            first = columns[at + 1] if at + 1 < len(columns) else first


def _address(title: str, span: tuple[int, int], start: int, height: int) -> str:
    first, last = (letters(column) for column in span)
    return f"{quoted(title)}!{first}{start + 1}:{last}{start + height}"
