"""Outcomes → the row they came from, wherever it stands now: one reading, one writing, and a
reading to see that each landed on its own row."""

from collections.abc import Mapping, Sequence

from hub.contract import Context, Outcome, Written

from . import client, opt_outs
from .client import Book
from .columns import Columns, columns_of
from .grid import Grid
from .landing import Meant, places
from .results import Cells, Log, cells_for, consent_for, sign_of, standing, titles
from .rows import zone_of
from .settling import settle

_GONE = "The row is no longer in the sheet."
_NO_ROW = "This was not caused by a row of the sheet, so there is no row to write on."


def write(ctx: Context, outcomes: Sequence[Outcome]) -> list[Written]:
    """Answers in the outcomes' order. A row's log column holds the sign of what it was told."""
    rows = [_row_of(outcome) for outcome in outcomes]
    rowless = [o for o, row in zip(outcomes, rows, strict=True) if not row and opt_outs.takes(o)]
    if not rowless and not any(rows):
        return [Written(refused=_NO_ROW) for _ in outcomes]
    book = client.open_book(ctx)
    there = _tell(ctx, book, outcomes) if any(rows) else set[str]()
    opt_outs.append_once(book, rowless)
    return [_answer(o, row, there) for o, row in zip(outcomes, rows, strict=True)]


def _row_of(outcome: Outcome) -> str:
    for record in (outcome.subject, outcome.person_record):
        noun, _, identity = record.partition(":")
        if noun == "row" and identity:
            return identity
    return ""


def _answer(outcome: Outcome, row: str, there: set[str]) -> Written:
    if row:
        return Written(f"row:{row}") if row in there else Written(refused=_GONE)
    taken = opt_outs.takes(outcome)
    return Written(f"sheet:{opt_outs.TITLE}") if taken else Written(refused=_NO_ROW)


def _tell(ctx: Context, book: Book, outcomes: Sequence[Outcome]) -> set[str]:
    """Write what is not written yet; the ids of the rows that are there."""
    grid = client.read(book, book.sheet)
    columns = columns_of(grid, ctx.settings)
    there = places(grid, columns)
    cells = _cells(ctx, book, grid, columns, outcomes)
    if cells:
        meant = Meant(cells, grid, columns)
        settle(book, book.sheet, grid, meant.puts, meant.was)
    return set(there)


def _cells(
    ctx: Context, book: Book, grid: Grid, columns: Columns, outcomes: Sequence[Outcome]
) -> Mapping[str, Cells]:
    """By row id, the cells that must stand there once what is new is written."""
    there, by_row = places(grid, columns), dict[str, list[Outcome]]()
    for outcome in outcomes:
        by_row.setdefault(_row_of(outcome), []).append(outcome)
    zone, found = zone_of(ctx.settings.get("zone", "").strip() or book.zone), dict[str, Cells]()
    for identity, told in by_row.items():
        if identity not in there:
            continue
        now = standing(grid, columns, there[identity], identity)
        known = Log.read(now[columns.own.log]).signs
        new = [outcome for outcome in told if sign_of(outcome.marker) not in known]
        if new:
            needed = titles(columns)
            cells = cells_for(now, columns, identity, new, zone)
            found[identity] = {title: cells[title] for title in needed}
            found[identity] |= _consent(ctx, grid, columns, there[identity], new)
    return found


def _consent(
    ctx: Context, grid: Grid, columns: Columns, row: int, outcomes: Sequence[Outcome]
) -> Cells:
    """The person's word into the sheet's own consent column, with a note beside it of what we
    wrote: read back later, it is then our word and no news."""
    said = consent_for(grid, columns, row, outcomes)
    if said is None or ctx.settings.get("write_consent", "yes") != "yes":
        return {}
    return {columns.titles["consent"]: said[0], columns.own.consent: said[1]}
