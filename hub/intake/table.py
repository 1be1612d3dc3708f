"""A file of people as a table of texts: CSV of whatever delimiter and encoding, or XLSX. What is
too large, or would grow too large when it is opened, is refused with words."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MOST_LINES = 20_000
_MOST_COLUMNS, _LONGEST = 60, 300
_LARGEST = 40 * 1024 * 1024  # bytes of an XLSX once it is opened
_MOST_FILES = 500
_DELIMITERS = ",;\t|"
_ENCODINGS = ("utf-8-sig", "cp1252")
_BROKEN = (zipfile.BadZipFile, InvalidFileException, DefusedXmlException, ParseError, KeyError,
           ValueError, TypeError, IndexError, AttributeError, EOFError, OSError)  # fmt: skip


class Unreadable(ValueError):
    """The file cannot be used; `why` is "empty", "many", "wide", "broken", "large", "text" or
    "alone"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read(data: bytes) -> list[list[str]]:
    """Its lines, headings first, all as long as the headings. Raises Unreadable."""
    found = list(_first(_opened(data)))
    if len(found) < 2:
        raise Unreadable("empty" if not found else "alone")
    width = max(at + 1 for at, name in enumerate(found[0]) if name)
    if width > _MOST_COLUMNS:
        raise Unreadable("wide")
    return [[*line[:width], *[""] * (width - len(line))] for line in found]


def _opened(data: bytes) -> Iterator[list[str]]:
    if data[:4] == b"PK\x03\x04":
        return _sheet(data)
    return _text(data)


def _first(lines: Iterable[list[str]]) -> Iterator[list[str]]:
    """Those with anything in them; no more than there may be."""
    kept = 0
    for line in lines:
        if any(line):
            kept += 1
            if kept > MOST_LINES + 1:
                raise Unreadable("many")
            yield line


def _text(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    if "\x00" in text:
        raise Unreadable("text")
    head = text[:65536].split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=head.count))
    try:
        for line in reader:
            yield [_cell(value) for value in line]
    except csv.Error:
        raise Unreadable("broken") from None


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("text")


def _sheet(data: bytes) -> Iterator[list[str]]:
    """The first sheet of a workbook. openpyxl reads XML by defusedxml where that is installed."""
    try:
        _weigh(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for line in sheet.iter_rows(max_col=_MOST_COLUMNS + 1, values_only=True):
            yield _ended([_cell(value) for value in line])
        book.close()
    except Unreadable:
        raise
    except _BROKEN:
        raise Unreadable("broken") from None


def _weigh(data: bytes) -> None:
    """Refuse what is small on its way and huge when it is opened."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        files = packed.infolist()
    if len(files) > _MOST_FILES or sum(one.file_size for one in files) > _LARGEST:
        raise Unreadable("large")


def _ended(line: Sequence[str]) -> list[str]:
    end = len(line)
    while end and not line[end - 1]:
        end -= 1
    return list(line[:end])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).replace("\x00", "").strip()[:_LONGEST]
