"""Cells: rows as a CSV file that a spreadsheet opens as text. A cell that it would take for a
formula gets an apostrophe before it, wherever in the cell a formula could begin."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

# What begins a formula, also in the wide forms that some keyboards write.
_FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20"
# Where a reader may take a new cell to begin: at the start, after a break of any kind, and after
# the separators of other countries' CSV.
_BREAKS = "\t\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029;"
# What stands before the first character without being seen, quotes included: readers drop them.
_UNSEEN = " \xa0\u1680\u180e\u2000-\u200f\u202a-\u202f\u205f-\u2064\u3000\ufeff\xad\"'"
_BEGINS = re.compile(f"(^|[{_BREAKS}])([{_UNSEEN}]*)([{_FORMULA}])")
_STARTS = re.compile(r"^[\t\r\n]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f]")


def as_text(value: Any) -> str:
    """A value as a cell: nothing in it begins a formula, nothing in it is a control character."""
    text = "" if value is None else _CONTROL.sub("", str(value))
    text = _BEGINS.sub(r"\1'\2\3", text)
    return f"'{text}" if _STARTS.match(text) else text


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with its mark, lines ended by CR LF, every cell quoted."""
    kept = io.StringIO(newline="")
    writer = csv.writer(kept, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([as_text(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + kept.getvalue().encode("utf-8", "replace")
