"""Writing by position what is meant by row: write, read back, put right what moved meanwhile.

The vendor only knows positions, and somebody may sort, insert or delete between our reading and
our writing. So nothing is believed until it was read back."""

from collections.abc import Callable, Sequence

from hub.contract import Unavailable

from . import client
from .client import Book, Sheet
from .grid import Grid, Put, text

ROUNDS = 6


def settle(
    book: Book,
    sheet: Sheet,
    grid: Grid,
    wanted: Callable[[Grid], list[Put]],
    same_row: Callable[[Grid, int], int | None],
) -> Grid:
    """Write what `wanted(grid)` asks until it asks nothing; answers the sheet as it then stands.

    `same_row(now, row)` is where the row `row` of `now` stood in the first grid: from there come
    the cells that a column which moved made us overwrite. Raises Unavailable where it never ends.
    """
    before = grid
    for _ in range(ROUNDS):
        puts = wanted(grid)
        if not puts:
            return grid
        client.write(book, sheet, grid, puts)
        grid = client.read(book, sheet)
        astray = _astray(puts, before, grid, same_row)
        if astray:
            client.write(book, sheet, grid, astray)
            grid = client.read(book, sheet)
    raise Unavailable("The sheet was moved again and again while it was written. Trying later.")


def _astray(
    puts: Sequence[Put], before: Grid, now: Grid, same_row: Callable[[Grid, int], int | None]
) -> list[Put]:
    """What must stand where our values landed under another header than the one meant."""
    found = []
    for put in puts:
        title = now.header[put.column] if put.column < len(now.header) else ""
        landed = text(put.value) and now.value(put.row, put.column) == put.value
        if not landed or title == put.title:
            continue
        if put.row == now.head:
            continue
        row = same_row(now, put.row)
        cell = "" if row is None else before.value(row, before.column(title) if title else None)
        found.append(Put(put.row, put.column, title, cell))
    return found
