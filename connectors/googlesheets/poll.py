"""Reading the sheet every minute: rows that are new, rows that changed, each told once.

There is no push from a sheet that a merchant could install alone, so the hub reads it all: two
calls where nothing happened, two more where ids had to be written, one more for texts as shown.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from hub.contract import Context, Page, Refused, Request

from . import client, echoes, ids
from .client import Book
from .columns import Columns, columns_of, whole
from .consent import word_of
from .cursor import Known, State, beginning
from .grid import Grid, Put, text
from .ids import Line
from .settling import settle

MOST_ROWS = 500  # told in one page

Told = tuple[Line, Known, str]  # the row, how it is known from now on, "added" or "changed"


def pull(ctx: Context, kept: str) -> Page:
    """One page of rows; an empty cursor gives every row its id and tells of none."""
    state = State.load(kept) if kept else None
    known = state.digests if state else {}
    book = client.open_book(ctx)
    grid = client.read(book, book.sheet)
    columns = whole(columns_of(grid, ctx.settings))
    check_ids(grid, columns, state)
    if state and (early := _before_writing(state, columns.fingerprint, ids.lines(grid, columns))):
        requests = _requests(ctx, book, grid, state.since, early[1])
        return Page(requests, early[0].dump(), more=True)
    grid = _identified(ctx, book, grid, known)
    columns = whole(columns_of(grid, ctx.settings))
    found = list(ids.kept(ids.lines(grid, columns), known).values())
    if state is None:
        rows = {line.id: Known(line.digest) for line in found}
        return Page((), State(beginning(ctx.clock()), columns.fingerprint, rows).dump())
    following, told = compared(state, columns.fingerprint, found)
    requests = _requests(ctx, book, grid, following.since, told)
    return Page(requests, following.dump(), more=len(told) >= MOST_ROWS)


def _before_writing(
    state: State, mapping: str, found: Sequence[Line]
) -> tuple[State, list[Told]] | None:
    """Where ids must be written, what changed on other rows is told in a page of its own: should
    we die while writing, each row that bears a wrong id then is known by its newest content."""
    wanted = ids.assign(found, state.digests, ids.issuing({*state.rows, *state.gone}))
    if not wanted or state.mapping != mapping:
        return None
    sure = [line for line in found if line.number not in wanted and line.id in state.rows]
    now, told = compared(state, mapping, sure)
    # Nothing is taken for gone yet: an id that stands nowhere may be one of ours that was covered.
    rows = {**state.rows, **now.rows}
    return (State(state.since, mapping, rows, state.gone), told) if told else None


def check_ids(grid: Grid, columns: Columns, state: State | None) -> None:
    """New ids for all would mean new rows for all: a title that moved must stop the reading.

    Raises Refused, too, where the column holds what we did not write.
    """
    title, place = columns.own.id, grid.column(columns.own.id)
    if state is None:
        cells = (grid.value(number, place) for number in grid.numbers)
        if any(text(cell) and not ids.is_ours(cell) for cell in cells):
            raise Refused(f"«{title}» holds values of yours. Name another column for the ids.")
    elif place is None and any(text(cell) in state.rows for row in grid.cells for cell in row):
        raise Refused(
            f"The title «{title}» is no longer in row {grid.head + 1}. "
            "Put it back above the ids: no row is read until then."
        )


def _identified(ctx: Context, book: Book, grid: Grid, known: Mapping[str, str]) -> Grid:
    """The sheet once each row with content bears an id of its own, read back as it then stands."""
    first = ids.lines(grid, columns_of(grid, ctx.settings))
    issue = ids.issuing({*known, *(line.id for line in first)})
    notes = echoes.notes(grid, columns_of(grid, ctx.settings))
    # Beside which content each id must be found when we read back: what we write may land on
    # another row, and then every id goes where it was meant, the new ones too.
    meant, rounds = dict(known), count()

    def wanted(now: Grid) -> list[Put]:
        columns = columns_of(now, ctx.settings)
        found = ids.lines(now, columns)
        needed = ids.assign(found, meant, issue, written=next(rounds) > 0)
        meant.update(ids.meant(found, needed))
        return _next(now, columns, needed) or echoes.puts(now, columns, notes)

    return settle(book, book.sheet, grid, wanted, _by_id(grid, first, ctx.settings))


def _next(now: Grid, columns: Columns, needed: Mapping[int, str]) -> list[Put]:
    """Ids first, and what is to be emptied or noted by them once they stand: where that lands on
    another row, each row's id still tells which one it is."""
    given = {row: identity for row, identity in needed.items() if identity}
    return ids.puts(now, columns, given or needed) if needed else []


def _by_id(
    grid: Grid, first: Sequence[Line], settings: Mapping[str, str]
) -> Callable[[Grid, int], int | None]:
    places = {line.id: line.number for line in first if line.id}

    def same_row(now: Grid, row: int) -> int | None:
        borne = text(now.value(row, now.column(columns_of(now, settings).own.id)))
        return places.get(borne, row if row < len(grid.cells) else None)

    return same_row


def compared(state: State, mapping: str, found: Sequence[Line]) -> tuple[State, list[Told]]:
    """What is new since `state`, at most MOST_ROWS of it, and the state once that is told."""
    rows: dict[str, Known] = {}
    told: list[Told] = []
    for line in found:
        before = state.known(line.id)
        now, what = _news(before, line, state.mapping != mapping)
        full = len(told) >= MOST_ROWS
        if what and not full:
            told.append((line, now, what))
        if not (what and full):
            rows[line.id] = now
        elif before:
            rows[line.id] = before
    left = {i: k for i, k in {**state.gone, **state.rows}.items() if i not in rows}
    return State(state.since, mapping, rows, left), told


def _news(before: Known | None, line: Line, mapped_anew: bool) -> tuple[Known, str]:
    if before is None or not before.digest:
        # A row that is being typed in is told once it names somebody.
        return (Known(line.digest), "added") if line.ready else (Known(""), "")
    if before.digest == line.digest or mapped_anew:
        return Known(line.digest, before.told), ""
    return Known(line.digest, before.told + 1), "changed"


def _requests(
    ctx: Context, book: Book, grid: Grid, since: str, told: Sequence[Told]
) -> tuple[Request, ...]:
    if not told:
        return ()
    columns = columns_of(grid, ctx.settings)
    shown = _shown(ctx, book)
    about = {
        "zone": ctx.settings.get("zone", "").strip() or book.zone,
        "month_first": book.month_first,
        "at": ctx.clock().isoformat(),
        "consent_column": columns.titles.get("consent", ""),
    }
    found = []
    for line, known, what in told:
        values = columns.values(grid, line.number)
        echo = grid.value(line.number, grid.column(columns.own.consent))
        key = f"{since}.{known.told}.{line.digest}" if what == "changed" else "added"
        row = {
            "row": line.id,
            "what": what,
            "key": f"row:{line.id}:{key}",
            "values": values,
            "texts": shown.get(line.id, {}),
            "consent_is_ours": word_of(values.get("consent", ""), echo)[1],
        }
        found.append(_request(row | about))
    return tuple(found)


def _shown(ctx: Context, book: Book) -> dict[str, dict[str, str]]:
    """The rows' texts as the sheet shows them, by id: prices and dates in the owner's habit."""
    grid = client.read(book, book.sheet, as_shown=True)
    columns = columns_of(grid, ctx.settings)
    place = grid.column(columns.own.id)
    found = {}
    for number in grid.numbers:
        values = columns.values(grid, number)
        found[text(grid.value(number, place))] = {m: text(cell) for m, cell in values.items()}
    return found


def _request(row: Mapping[str, Any]) -> Request:
    body = json.dumps(row, separators=(",", ":"), default=str).encode()
    return Request.of("POST", {"Content-Type": "application/json"}, body)
