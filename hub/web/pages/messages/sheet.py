"""The log as a CSV file, written in pages while it is read: UTF-8 with its mark, ISO times, no cell
that a spreadsheet would take for a formula."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from hub.report.cells import as_text
from hub.report.road_words import masked_in
from hub.store import log, log_lines, numbers
from hub.store.log import Wanted
from hub.web.pages.messages.rows import Line, lines_of
from hub.web.pages.visits import Visit

HEADER = (
    "id", "state", "reason", "to", "first name", "last name", "about", "automation", "template",
    "channel", "parts", "cost", "currency", "created at", "due at", "sent at", "changed at",
    "clicks", "sentence",
)  # fmt: skip
_EACH = 1000
MOST = 1_000_000  # lines


def written(visit: Visit, wanted: Wanted) -> Iterator[str]:
    """The file in pieces, a page of rows each; no transaction is open between them."""
    yield "\ufeff" + _lines([HEADER])
    before: UUID | None = None
    for _ in range(MOST // _EACH):
        with visit.begin() as db:
            found = log.page(db, visit.workspace_id, wanted, before=before, limit=_EACH)
            shown = lines_of(visit, db, log_lines.whole(db, found.ids))
        if shown:
            yield _lines([_cells(one) for one in shown])
        before = found.beyond or (found.ids[-1][0] if len(found.ids) == _EACH else None)
        if before is None:
            return


def _lines(cells: Sequence[Sequence[Any]]) -> str:
    kept = io.StringIO(newline="")
    writer = csv.writer(kept, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([_cell(value) for value in line] for line in cells)
    return kept.getvalue()


def _cell(value: Any) -> str:
    """A number in its international form begins with «+» and is no formula to those who read it:
    it is guarded all the same."""
    return as_text(value.isoformat() if hasattr(value, "isoformat") else value)


def _cells(line: Line) -> Sequence[Any]:
    row = line.row or {}
    due = row.get("due_at")
    return (
        line.id, line.state, row.get("reason"), line.person, row.get("first_name"),
        row.get("last_name"), row.get("subject"), row.get("automation"), row.get("template"),
        row.get("channel"), row.get("parts"), line.cost, line.currency,
        row.get("created_at") or row.get("decided_at"), due, row.get("sent_at"),
        row.get("changed_at"), row.get("clicks"),
        numbers.unnamed(masked_in(row.get("sentence") or "")),
    )  # fmt: skip
