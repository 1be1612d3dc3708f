"""The spreadsheet's calls as verbs, through gspread. Every request of the folder is made here."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gspread.http_client import HTTPClient

from hub.contract import Context, Refused, Unavailable
from hub.contract.http import translated

from .grid import Cell, Grid, Put, blocks, quoted, width_of
from .transport import VENDOR, opened

_FIELDS = (
    "properties(title,timeZone,locale),"
    "sheets(properties(sheetId,title,hidden,gridProperties(rowCount,columnCount)),"
    "protectedRanges(range,requestingUserCanEdit,warningOnly))"
)
_ID = re.compile(r"/d/([A-Za-z0-9_-]{10,})|^([A-Za-z0-9_-]{10,})$")
_GID = re.compile(r"[#?&]gid=(\d+)")


@dataclass(frozen=True)
class Sheet:
    """One worksheet: the vendor's number for it, its title, ranges that we may not edit."""

    id: int
    title: str
    locked: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Book:
    """A spreadsheet that was opened: its worksheets, and the clock and habits of its owner."""

    http: HTTPClient = field(repr=False)
    id: str
    title: str
    zone: str
    month_first: bool
    sheets: tuple[Sheet, ...]
    chosen: str = ""
    head: int = 0

    @property
    def sheet(self) -> Sheet:
        """The worksheet that the settings choose, the first by default. Raises Refused."""
        by_number, wanted = self.chosen.isdigit(), self.chosen
        for sheet in self.sheets:
            if sheet.title == wanted or (by_number and str(sheet.id) == wanted):
                return sheet
        if not wanted and self.sheets:
            return self.sheets[0]
        there = ", ".join(f"«{sheet.title}»" for sheet in self.sheets[:10])
        raise Refused(f"There is no worksheet «{wanted}». There is {there}: choose one.")


def spreadsheet_id(settings: Mapping[str, str]) -> str:
    """The id out of a pasted link, or the id itself. Raises Refused."""
    found = _ID.search(settings.get("sheet", "").strip())
    if found:
        return found[1] or found[2]
    raise Refused("The sheet's address is not a Google Sheets link. Paste it from the browser.")


def open_book(ctx: Context) -> Book:
    """The spreadsheet's description: titles, zone, what is protected."""
    number, http = spreadsheet_id(ctx.settings), opened(ctx)
    found = _asked(lambda: http.fetch_sheet_metadata(number, {"fields": _FIELDS}))
    about = _part(found, "properties")
    gid = _GID.search(ctx.settings.get("sheet", ""))
    return Book(
        http,
        number,
        title=str(about.get("title", "")),
        zone=str(about.get("timeZone", "")),
        month_first=str(about.get("locale", "")) == "en_US",
        sheets=tuple(_sheet(row) for row in _rows(found, "sheets")),
        chosen=ctx.settings.get("worksheet", "").strip() or (gid[1] if gid else ""),
        head=header_row(ctx.settings),
    )


def header_row(settings: Mapping[str, str]) -> int:
    """The header's row, counted from 0; the first where none is typed."""
    typed = settings.get("header_row", "").strip()
    return int(typed) - 1 if typed.isdigit() and 0 < int(typed) <= 1_000 else 0


def read(book: Book, sheet: Sheet, as_shown: bool = False) -> Grid:
    """The whole used range in one call: plain values (a date is a number, a phone keeps its
    digits whatever its format), or the texts as the sheet shows them."""
    params: dict[str, Any] = {
        "valueRenderOption": "FORMATTED_VALUE" if as_shown else "UNFORMATTED_VALUE",
        "dateTimeRenderOption": "SERIAL_NUMBER",
        "majorDimension": "ROWS",
    }
    ranges = [quoted(sheet.title)]
    found = _asked(lambda: book.http.values_batch_get(book.id, ranges, params))
    listed = _rows(found, "valueRanges")
    if not listed:
        raise Unavailable(f"{VENDOR} answered without the cells that were asked for.")
    cells = listed[0].get("values", [])
    if not isinstance(cells, list) or not all(isinstance(row, list) for row in cells):
        raise Unavailable(f"{VENDOR} answered with cells that are no rows.")
    return Grid(sheet.title, book.head, cells, width_of(str(listed[0].get("range", ""))))


def write(book: Book, sheet: Sheet, grid: Grid, puts: Sequence[Put]) -> None:
    """All these cells in one call, atomic and RAW: no formula runs, +33… stays text."""
    needed = max(put.column for put in puts) + 1 - grid.room
    if needed > 0:
        _add(book, {"sheetId": sheet.id, "dimension": "COLUMNS", "length": needed})
    _put(book, blocks(sheet.title, puts))


def touch(book: Book, sheet: Sheet) -> None:
    """Write nothing, to learn whether we may: a null leaves its cell as it is. Raises Refused."""
    _put(book, [(f"{quoted(sheet.title)}!A1", [[None]])])


def add_sheet(book: Book, title: str, header: Sequence[str]) -> None:
    """A worksheet of our own, with its header."""
    made = {"addSheet": {"properties": {"title": title}}}
    _asked(lambda: book.http.batch_update(book.id, {"requests": [made]}))
    _put(book, [(f"{quoted(title)}!A1", [list(header)])])


def append(book: Book, title: str, rows: Sequence[Sequence[Cell]]) -> None:
    """Lines at the end of a worksheet. Not safe to repeat by itself: see `opt_outs`."""
    params: dict[str, Any] = {"valueInputOption": "RAW", "insertDataOption": "INSERT_ROWS"}
    body = {"values": [list(row) for row in rows]}
    _asked(lambda: book.http.values_append(book.id, f"{quoted(title)}!A1", params, body))


def _put(book: Book, areas: Iterable[tuple[str, list[list[Cell]]]]) -> None:
    data = [{"range": address, "values": rows} for address, rows in areas]
    body = {"valueInputOption": "RAW", "data": data}
    _asked(lambda: book.http.values_batch_update(book.id, body))


def _add(book: Book, columns: Mapping[str, Any]) -> None:
    body = {"requests": [{"appendDimension": dict(columns)}]}
    _asked(lambda: book.http.batch_update(book.id, body))


def _asked(ask: Callable[[], Any]) -> Mapping[str, Any]:
    with translated(VENDOR):
        found = ask()
    if not isinstance(found, dict):
        raise Unavailable(f"{VENDOR} answered with something that is not a record.")
    return found


def _sheet(row: Mapping[str, Any]) -> Sheet:
    about = _part(row, "properties")
    locked = [p for p in _rows(row, "protectedRanges") if not p.get("warningOnly")]
    barred = [_part(p, "range") for p in locked if not p.get("requestingUserCanEdit")]
    number = about.get("sheetId", 0)
    return Sheet(number if isinstance(number, int) else 0, str(about.get("title")), tuple(barred))


def _rows(found: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    listed = found.get(name, [])
    return [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []


def _part(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = found.get(name)
    return part if isinstance(part, dict) else {}
