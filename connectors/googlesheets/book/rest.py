"""The spreadsheet's REST methods over one book in memory, by the ids of the discovery document."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .cells import Worksheet
from .errors import Wrong, bad_request, not_found
from .notation import Area, read_range

Query = Mapping[str, Sequence[str]]


@dataclass
class Spreadsheet:
    """The book: its worksheets, and what was seen of formulas."""

    id: str
    title: str
    zone: str = "Europe/Paris"
    locale: str = "fr_FR"
    sheets: list[Worksheet] = field(default_factory=list)
    formulas_run: int = 0

    def sheet(self, title: str) -> Worksheet:
        """The worksheet of that title. Raises StopIteration."""
        return next(sheet for sheet in self.sheets if sheet.title == title)

    def found(self, address: str) -> tuple[Worksheet, Area]:
        """A worksheet and an area in it. Raises the vendor's 400."""
        read = read_range(address, [sheet.title for sheet in self.sheets])
        if read is None:
            raise bad_request(f"Unable to parse range: {address}")
        return self.sheet(read[0]), read[1]


def answer(book: Spreadsheet, method: str, path: Mapping[str, str], query: Query, body: Any) -> Any:
    """What a method answers. Raises Wrong."""
    if path.get("spreadsheetId") != book.id:
        raise not_found()
    do = _METHODS.get(method.removeprefix("sheets.spreadsheets."))
    if do is None:
        raise Wrong(501, "UNIMPLEMENTED", f"{method} is not simulated.")
    return do(book, path, query, body or {})


def _get(book: Spreadsheet, _: Mapping[str, str], query: Query, __: Any) -> Any:
    about = {"title": book.title, "timeZone": book.zone, "locale": book.locale}
    sheets = [_described(index, sheet) for index, sheet in enumerate(book.sheets)]
    return {"properties": about, "sheets": sheets}


def _described(index: int, sheet: Worksheet) -> dict[str, Any]:
    size = {"rowCount": sheet.rows, "columnCount": sheet.columns}
    about = {"sheetId": sheet.id, "title": sheet.title, "index": index, "gridProperties": size}
    locked = [
        {"range": _grid_range(sheet, area), "requestingUserCanEdit": False} for area in sheet.locked
    ]
    return {"properties": about} | ({"protectedRanges": locked} if locked else {})


def _grid_range(sheet: Worksheet, area: Area) -> dict[str, int]:
    return {
        "sheetId": sheet.id,
        "startRowIndex": area.first_row,
        "endRowIndex": area.last_row + 1,
        "startColumnIndex": area.first_column,
        "endColumnIndex": area.last_column + 1,
    }


def _one(book: Spreadsheet, path: Mapping[str, str], query: Query, _: Any) -> Any:
    return _values(book, path["range"], query)


def _batch_get(book: Spreadsheet, _: Mapping[str, str], query: Query, __: Any) -> Any:
    found = [_values(book, address, query) for address in query.get("ranges", ())]
    return {"spreadsheetId": book.id, "valueRanges": found}


def _values(book: Spreadsheet, address: str, query: Query) -> Any:
    sheet, area = book.found(address)
    if area.first_row >= sheet.rows or area.first_column >= sheet.columns:
        raise bad_request(f"Range ({address}) exceeds grid limits.")
    last = (min(area.last_row, sheet.rows - 1), min(area.last_column, sheet.columns - 1))
    clipped = Area(area.first_row, area.first_column, *last)
    render = (query.get("valueRenderOption") or ["FORMATTED_VALUE"])[0]
    values = sheet.read(clipped, render)
    said = {"range": clipped.address(sheet.title), "majorDimension": "ROWS"}
    return said | ({"values": values} if values else {})


def _update(book: Spreadsheet, path: Mapping[str, str], query: Query, body: Any) -> Any:
    option = (query.get("valueInputOption") or [""])[0]
    area = {"range": path["range"], "values": body.get("values", [])}
    return _written(book, [area], option)["responses"][0]


def _batch_update(book: Spreadsheet, _: Mapping[str, str], __: Query, body: Any) -> Any:
    return _written(book, body.get("data", []), body.get("valueInputOption", ""))


def _written(book: Spreadsheet, data: Sequence[Mapping[str, Any]], option: str) -> dict[str, Any]:
    typed = _is_typed(option)
    meant = [(*book.found(str(row.get("range"))), row.get("values", [])) for row in data]
    for sheet, area, values in meant:  # all or nothing
        sheet.check_write(_sized(sheet, area, values), values)
    responses: list[dict[str, Any]] = []
    for sheet, area, values in meant:
        book.formulas_run += len(list(sheet.write(area, values, typed)))
        cells = sum(value is not None for row in values for value in row)
        responses.append({"spreadsheetId": book.id, "updatedCells": cells})
    total = sum(int(row["updatedCells"]) for row in responses)
    return {"spreadsheetId": book.id, "totalUpdatedCells": total, "responses": responses}


def _sized(sheet: Worksheet, area: Area, values: Sequence[Sequence[Any]]) -> Area:
    """A single cell names where to begin; what follows may be as large as the values."""
    if (area.first_row, area.first_column) == (area.last_row, area.last_column):
        width = max((len(row) for row in values), default=1) or 1
        down, across = max(len(values), 1) - 1, width - 1
        return Area(
            *(area.first_row, area.first_column), area.last_row + down, area.last_column + across
        )
    last = (min(area.last_row, sheet.rows - 1), min(area.last_column, sheet.columns - 1))
    return Area(area.first_row, area.first_column, *last) if area.last_row > 10**6 else area


def _append(book: Spreadsheet, path: Mapping[str, str], query: Query, body: Any) -> Any:
    sheet, _ = book.found(path["range"])
    typed = _is_typed((query.get("valueInputOption") or [""])[0])
    rows = body.get("values", [])
    book.formulas_run += len(list(sheet.append(rows, typed)))
    return {"spreadsheetId": book.id, "updates": {"updatedRows": len(rows)}}


def _clear(book: Spreadsheet, path: Mapping[str, str], _: Query, __: Any) -> Any:
    sheet, area = book.found(path["range"])
    for number in range(area.first_row, min(area.last_row, len(sheet.cells) - 1) + 1):
        row = sheet.cells[number]
        for column in range(area.first_column, min(area.last_column, len(row) - 1) + 1):
            row[column] = ""
    return {"spreadsheetId": book.id, "clearedRange": path["range"]}


def _is_typed(option: str) -> bool:
    if option not in ("RAW", "USER_ENTERED"):
        raise bad_request("'valueInputOption' is required but not specified")
    return option == "USER_ENTERED"


def _edit(book: Spreadsheet, _: Mapping[str, str], __: Query, body: Any) -> Any:
    asked = body.get("requests", [])
    if not asked:
        raise bad_request("Must specify at least one request.")
    return {"spreadsheetId": book.id, "replies": [_edited(book, one) for one in asked]}


def _edited(book: Spreadsheet, one: Mapping[str, Any]) -> dict[str, Any]:
    match one:
        case {"addSheet": {"properties": {"title": title}}}:
            if any(sheet.title == title for sheet in book.sheets):
                raise bad_request(f'A sheet with the name "{title}" already exists.')
            made = Worksheet(1_000 + len(book.sheets), title)
            book.sheets.append(made)
            return {"addSheet": _described(len(book.sheets) - 1, made)}
        case {"appendDimension": {"sheetId": number, "dimension": "COLUMNS", "length": length}}:
            grown = next((sheet for sheet in book.sheets if sheet.id == number), None)
            if grown is None:
                raise bad_request(f"No grid with id: {number}")
            grown.columns += length
            return {}
    raise Wrong(501, "UNIMPLEMENTED", f"{', '.join(one)} is not simulated.")


_METHODS: dict[str, Callable[[Spreadsheet, Mapping[str, str], Query, Any], Any]] = {
    "get": _get,
    "batchUpdate": _edit,
    "values.get": _one,
    "values.batchGet": _batch_get,
    "values.update": _update,
    "values.batchUpdate": _batch_update,
    "values.append": _append,
    "values.clear": _clear,
}
