"""Worksheets as lists of people, for campaigns."""

import json
from collections.abc import Iterator
from hashlib import sha256

from hub.contract import Context, PeoplePage, Person, Refused

from . import client, ids
from .client import Book
from .columns import columns_of
from .consent import word_of
from .grid import text
from .opt_outs import TITLE
from .rows import person_of

PAGE = 500


def lists(ctx: Context) -> list[tuple[str, str]]:
    """The worksheets: the vendor's number and the title."""
    book = client.open_book(ctx)
    return [(str(sheet.id), sheet.title) for sheet in book.sheets if sheet.title != TITLE]


def people(ctx: Context, list_id: str, cursor: str) -> PeoplePage:
    """One page of a worksheet's people, in the order of their rows' digests: rows that move, come
    or go while pages are read push nobody out of sight."""
    book = client.open_book(ctx)
    found = sorted(_people(ctx, book, list_id).items())
    rest = [(digest, person) for digest, person in found if digest > cursor]
    page = rest[:PAGE]
    onward = page[-1][0] if page else cursor
    return PeoplePage(tuple(person for _, person in page), onward, more=len(rest) > PAGE)


def _people(ctx: Context, book: Book, list_id: str) -> dict[str, Person]:
    return dict(_each(ctx, book, list_id))


def _each(ctx: Context, book: Book, list_id: str) -> Iterator[tuple[str, Person]]:
    sheet = next((sheet for sheet in book.sheets if str(sheet.id) == list_id), None)
    if sheet is None:
        raise Refused("This worksheet is no longer there. Choose another list.", code="404")
    grid = client.read(book, sheet)
    # A sheet does not say when: today, so that the same list read twice says the same.
    today = ctx.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    columns = columns_of(grid, ctx.settings)
    place, echo = grid.column(columns.own.id), grid.column(columns.own.consent)
    for number in grid.numbers:
        values, identity = columns.values(grid, number), text(grid.value(number, place))
        if not any(text(values.get(name, "")) for name in ("phone", "email")):
            continue
        ours = word_of(values.get("consent", ""), grid.value(number, echo))[1]
        row = {"values": values, "consent_is_ours": ours}
        row["consent_column"] = columns.titles.get("consent", "")
        record = f"row:{identity}" if ids.is_ours(identity) else ""
        name = sha256(json.dumps([identity, values], default=str).encode()).hexdigest()[:20]
        yield name, person_of(row, record, ctx.settings, today)
