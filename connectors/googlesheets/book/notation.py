"""A1 notation, read as the vendor reads it."""

import re
from dataclasses import dataclass

_RANGE = re.compile(
    r"(?:('(?:[^']|'')+'|[^!']+)!)?(?:([A-Z]{1,3})?(\d+)?(?::([A-Z]{1,3})?(\d+)?)?)?"
)
_MOST = 10**7


@dataclass(frozen=True)
class Area:
    """A rectangle of cells, both ends included, counted from 0."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def meets(self, other: "Area") -> bool:
        """Whether the two share a cell."""
        rows = self.first_row <= other.last_row and other.first_row <= self.last_row
        columns = self.first_column <= other.last_column and other.first_column <= self.last_column
        return rows and columns

    def address(self, title: str) -> str:
        """As the API writes it."""
        named = (
            title if re.fullmatch(r"[A-Za-z_]\w*", title) else "'" + title.replace("'", "''") + "'"
        )
        first = f"{letters(self.first_column)}{self.first_row + 1}"
        return f"{named}!{first}:{letters(self.last_column)}{self.last_row + 1}"


def letters(column: int) -> str:
    """0 → A."""
    rest, found = column, ""
    while rest >= 0:
        found = chr(65 + rest % 26) + found
        rest = rest // 26 - 1
    return found


def column_of(name: str) -> int:
    """A → 0."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1


def read_range(address: str, titles: list[str]) -> tuple[str, Area] | None:
    """The worksheet's title and the area; None where it cannot be read. A bare title is the whole
    worksheet."""
    bare = _bare(address)
    if bare in titles:
        return bare, Area(0, 0, _MOST, _MOST)
    found = _RANGE.fullmatch(address)
    if not found or not found[1] or _bare(found[1]) not in titles:
        return None
    _, left, top, right, bottom = found.groups()
    alone = ":" not in address.rpartition("!")[2]
    right, bottom = (left, top) if alone else (right, bottom)
    area = Area(
        int(top) - 1 if top else 0,
        column_of(left) if left else 0,
        int(bottom) - 1 if bottom else _MOST,
        column_of(right) if right else _MOST,
    )
    return _bare(found[1]), area


def _bare(title: str) -> str:
    quoted = title.startswith("'") and title.endswith("'") and len(title) > 1
    return title[1:-1].replace("''", "'") if quoted else title
