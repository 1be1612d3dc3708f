"""The check of a connection: whose sheet it is, whether we may write, what stands in the way."""

from collections.abc import Iterator

from hub.contract import Account, Context, Refused

from . import client, poll
from .client import Book, Sheet
from .columns import Columns, columns_of, twice
from .grid import Grid, plain

_READ_ONLY = "May only read: results and row ids cannot be written. Share the sheet as an editor."


def check(ctx: Context) -> Account:
    """The spreadsheet and its worksheet, once it was read and proved writable."""
    book = client.open_book(ctx)
    sheet = book.sheet
    grid = client.read(book, sheet)
    columns = columns_of(grid, ctx.settings)
    lacks = (*_readonly(book, sheet), *_wanting(grid, columns, sheet))
    return Account(f"{book.title} / {sheet.title}", book.id, lacks=lacks)


def _readonly(book: Book, sheet: Sheet) -> Iterator[str]:
    try:
        client.touch(book, sheet)
    except Refused as error:
        if error.code != "403":
            raise
        yield _READ_ONLY


def _wanting(grid: Grid, columns: Columns, sheet: Sheet) -> Iterator[str]:
    yield from columns.missing
    if not {"phone", "email"} & set(columns.at):
        yield "No column holds a phone. Choose it in the settings."
    used = {plain(title) for title in columns.titles.values()} | {plain(columns.own.id)}
    for title in twice(grid):
        if plain(title) in used:
            yield f"Two columns are called «{title}»: only the first is read. Rename the other."
    try:
        poll.check_ids(grid, columns, None)
    except Refused as error:
        yield error.words
    if any(_bars(area, grid, columns) for area in sheet.locked):
        yield "A protected range covers columns of Relais. Let its account edit them."


def _bars(area: object, grid: Grid, columns: Columns) -> bool:
    """Whether a range that we may not edit reaches into columns that we write, or will add."""
    if not isinstance(area, dict):
        return False
    first, last = area.get("startColumnIndex", 0), area.get("endColumnIndex", grid.room or 10**6)
    places = (grid.column(title) for title in vars(columns.own).values())
    return any(first <= (grid.width if p is None else p) < last for p in places)
