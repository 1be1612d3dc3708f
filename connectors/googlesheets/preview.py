"""What the settings would read: five rows by meaning, phones masked, and what is missing."""

from collections.abc import Iterator, Sequence

from hub.contract import Context, NotAPhone, Phone, Preview

from . import client
from .columns import MEANINGS, Columns, Own, columns_of
from .grid import Cell, Grid, text
from .opt_outs import TITLE
from .rows import is_spoilt, phone_of

SHOWN = 5


def preview(ctx: Context) -> Preview:
    """Five rows as they would be read."""
    book = client.open_book(ctx)
    grid = client.read(book, book.sheet)
    shown = client.read(book, book.sheet, as_shown=True)
    columns = columns_of(grid, ctx.settings)
    meanings = [meaning for meaning in MEANINGS if meaning in columns.at]
    numbers = [n for n in grid.numbers if any(columns.values(grid, n).values())]
    rows = [_row(ctx, grid, shown, columns, meanings, n) for n in numbers[:SHOWN]]
    heads = tuple(f"{m.replace('_', ' ')} ({columns.titles[m]})" for m in meanings)
    return Preview(heads, tuple(rows), tuple(_words(ctx, grid, columns, numbers)))


def options(ctx: Context, field: str) -> list[tuple[str, str]]:
    """The worksheets, or the headers of the one that is chosen."""
    book = client.open_book(ctx)
    if field == "worksheet":
        return [(sheet.title, sheet.title) for sheet in book.sheets if sheet.title != TITLE]
    grid = client.read(book, book.sheet)
    own = Own.of(ctx.settings)
    titles = [title for title in dict.fromkeys(grid.header) if title and not own.holds(title)]
    return [(title, title) for title in titles]


def _row(
    ctx: Context, grid: Grid, shown: Grid, columns: Columns, meanings: Sequence[str], number: int
) -> tuple[str, ...]:
    found = []
    for meaning in meanings:
        cell = grid.value(number, columns.at[meaning])
        said = text(shown.value(number, columns.at[meaning]), 60)
        found.append(_masked(ctx, cell) if meaning == "phone" else said)
    return tuple(found)


def _masked(ctx: Context, cell: Cell) -> str:
    try:
        return _phone(ctx, cell).masked
    except NotAPhone:
        return "…" + text(cell)[-2:] if text(cell) else ""


def _phone(ctx: Context, cell: Cell) -> Phone:
    return Phone.parse(phone_of(cell), ctx.settings.get("country", "").strip().upper())


def _words(ctx: Context, grid: Grid, columns: Columns, numbers: Sequence[int]) -> Iterator[str]:
    yield from columns.missing
    if "phone" not in columns.at:
        yield "No column holds a phone. Choose it in the settings."
        return
    phones = {n: grid.value(n, columns.at["phone"]) for n in numbers}
    spoilt = [n for n, cell in phones.items() if is_spoilt(cell)]
    if spoilt:
        yield f"Row {spoilt[0] + 1} has a phone like 3.36E+10: its digits are lost. Type it again."
    bad = [n for n, cell in phones.items() if text(cell) and n not in spoilt and _is_bad(ctx, cell)]
    if bad:
        yield f"{len(bad)} of {len(phones)} phones cannot be read; row {bad[0] + 1} is the first."
    if "consent" not in columns.at:
        yield "No column holds a consent, so no marketing message is sent."


def _is_bad(ctx: Context, cell: Cell) -> bool:
    try:
        _phone(ctx, cell)
    except NotAPhone:
        return True
    return False
