"""Where results must stand, whatever moved: the cells still to be written in the sheet as it is
now, and those of rows that were hit by mistake, to be put back. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from .columns import Columns
from .grid import Cell, Grid, Put, text
from .results import Cells, Log, standing


@dataclass(frozen=True)
class Meant:
    """By row id, the cells that have to stand there; and the sheet as it was before: from it come
    the cells of rows that were hit by mistake."""

    cells: Mapping[str, Cells]
    before: Grid
    columns: Columns

    def puts(self, now: Grid) -> list[Put]:
        """What is still to be written into `now`."""
        found, at = _headers(now, (t for cells in self.cells.values() for t in cells))
        for number in now.numbers:
            for title, value in self._should(now, number).items():
                place = at.get(title)
                if place is not None and now.value(number, place) != value:
                    found.append(Put(number, place, title, value))
        return found

    def was(self, now: Grid, number: int) -> int | None:
        """Where a row of `now` stood before, by its id; by its number where it bears none."""
        place = self._places.get(_id_at(now, self.columns, number))
        return number if place is None and number < len(self.before.cells) else place

    @property
    def _places(self) -> dict[str, int]:
        return places(self.before, self.columns)

    def _should(self, now: Grid, number: int) -> Cells:
        identity = _id_at(now, self.columns, number)
        if identity in self.cells:
            return self.cells[identity]
        hit, row = self._hit(now, number, identity), self._places.get(identity)
        if row is None:
            return dict.fromkeys(hit, "")
        own = standing(self.before, self.columns, row, identity)
        return {
            title: own.get(title, self.before.value(row, self.before.column(title)))
            for title in hit
        }

    def _hit(self, now: Grid, number: int, identity: str) -> Collection[str]:
        """The headers of what we wrote on this row by mistake. The log comes with every write: the
        row bears the log of another, or none any more where what we emptied was another's."""
        owner, row = Log.read(self._log(now, number)).owner, self._places.get(identity)
        if owner in self.cells and owner != identity:
            return self.cells[owner]
        if not owner and row is not None and self._log(self.before, row):
            return {title for cells in self.cells.values() for title in cells}
        return ()

    def _log(self, grid: Grid, number: int) -> Cell:
        return grid.value(number, grid.column(self.columns.own.log))


def places(grid: Grid, columns: Columns) -> dict[str, int]:
    """The first row of each id."""
    found: dict[str, int] = {}
    for number in grid.numbers:
        identity = _id_at(grid, columns, number)
        if identity:
            found.setdefault(identity, number)
    return found


def _id_at(grid: Grid, columns: Columns, number: int) -> str:
    return text(grid.value(number, grid.column(columns.own.id)))


def _headers(now: Grid, titles: Iterable[str]) -> tuple[list[Put], dict[str, int]]:
    """The columns by title, with the headers to write for those that are not there yet."""
    missing, at = list[Put](), dict[str, int]()
    for title in dict.fromkeys(titles):
        place = now.column(title)
        if place is None:
            place = now.width + len(missing)
            missing.append(Put(now.head, place, title, title))
        at[title] = place
    return missing, at
