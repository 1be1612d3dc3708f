"""Worksheets: cells by row and column, what a reader is shown of them, what a writer may do."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .errors import bad_request
from .notation import Area, letters


@dataclass(frozen=True)
class Shown:
    """A number with a format: a date, a price, 3.36E+10."""

    value: float
    text: str


@dataclass
class Worksheet:
    """One worksheet. `locked` are areas that our account may not edit."""

    id: int
    title: str
    cells: list[list[Any]] = field(default_factory=list)
    rows: int = 1_000
    columns: int = 26
    locked: list[Area] = field(default_factory=list)

    @property
    def header(self) -> list[Any]:
        """The first row."""
        return self.cells[0] if self.cells else []

    def column(self, title: str, make: bool = False) -> int:
        """Where a header stands; at the end of the header where it is made. Raises KeyError."""
        if title not in self.header:
            if not make:
                raise KeyError(title)
            self.put(0, max(len(row) for row in self.cells), title)
        return self.header.index(title)

    def get(self, row: int, column: int) -> Any:
        """A cell; "" where nothing stands."""
        cells = self.cells[row] if row < len(self.cells) else []
        return cells[column] if column < len(cells) else ""

    def put(self, row: int, column: int, value: Any) -> None:
        """Write a cell, making room in what is used."""
        while len(self.cells) <= row:
            self.cells.append([])
        cells = self.cells[row]
        cells.extend("" for _ in range(column + 1 - len(cells)))
        cells[column] = value

    def read(self, area: Area, render: str) -> list[list[Any]]:
        """The values of an area as the API gives them: nothing empty at the ends."""
        first, last = area.first_row, min(area.last_row, len(self.cells) - 1)
        found = []
        for number in range(first, last + 1):
            cells = self.cells[number][area.first_column : area.last_column + 1]
            shown = [_rendered(cell, render) for cell in cells]
            while shown and shown[-1] == "":
                shown.pop()
            found.append(shown)
        while found and not found[-1]:
            found.pop()
        return found

    def check_write(self, area: Area, values: Sequence[Sequence[Any]]) -> None:
        """Raise what the vendor answers where these values do not fit there."""
        if area.last_row >= self.rows or area.last_column >= self.columns:
            limits = f"Max rows: {self.rows}, max columns: {self.columns}"
            raise bad_request(f"Range ({area.address(self.title)}) exceeds grid limits. {limits}")
        width = area.last_column - area.first_column + 1
        if len(values) > area.last_row - area.first_row + 1:
            raise bad_request(f"Requested writing within range [{area.address(self.title)}]")
        if any(len(row) > width for row in values):
            column = letters(area.last_column + 1)
            raise bad_request(f"Requested writing within range, but tried column [{column}]")
        if any(area.meets(other) for other in self.locked) and _says(values):
            raise bad_request("You are trying to edit a protected cell or object.")

    def write(self, area: Area, values: Sequence[Sequence[Any]], typed: bool) -> Iterator[str]:
        """Write values: null leaves a cell, RAW keeps it as it is; yields formulas that ran."""
        for down, row in enumerate(values):
            for across, value in enumerate(row):
                if value is None:
                    continue
                if typed and isinstance(value, str) and value.startswith("="):
                    yield value
                meant = _typed(value) if typed else value
                self.put(area.first_row + down, area.first_column + across, meant)

    def append(self, rows: Sequence[Sequence[Any]], typed: bool) -> Iterator[str]:
        """Add lines after the last one that says something."""
        used = [n for n, row in enumerate(self.cells) if any(cell != "" for cell in row)]
        start = (used[-1] + 1) if used else 0
        self.rows = max(self.rows, start + len(rows))
        area = Area(start, 0, start + len(rows) - 1, self.columns - 1)
        yield from self.write(area, rows, typed)


def _says(values: Sequence[Sequence[Any]]) -> bool:
    return any(value is not None for row in values for value in row)


def _rendered(cell: Any, render: str) -> Any:
    if isinstance(cell, Shown):
        return cell.value if render == "UNFORMATTED_VALUE" else cell.text
    if render == "UNFORMATTED_VALUE" or isinstance(cell, str):
        return cell
    return str(cell).upper() if isinstance(cell, bool) else f"{cell:g}" if cell else "0"


def _typed(value: Any) -> Any:
    """What a person typing it would get: +33… and 06… become numbers, = a formula's value."""
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d+(\.\d+)?", value):
        number = float(value)
        return int(number) if number.is_integer() else number
    return "#NAME?" if isinstance(value, str) and value.startswith("=") else value
