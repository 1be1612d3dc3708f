"""Consents that another system told and no row of the sheet belongs to: lines of a worksheet of
our own, each added once."""

from collections.abc import Sequence
from datetime import UTC

from hub.contract import Outcome

from . import client
from .client import Book, Sheet
from .grid import text
from .results import sign_of

TITLE = "Relais opt-outs"
HEADER = ("Relais mark", "When", "What", "Told by", "In words")


def takes(outcome: Outcome) -> bool:
    """Whether this is a consent that no message of ours caused."""
    return outcome.kind in ("opted_out", "opted_in") and not outcome.message_id


def append_once(book: Book, outcomes: Sequence[Outcome]) -> None:
    """Add a line for each outcome whose mark is not there yet. An append alone, repeated after a
    lost answer, would stand twice: the vendor has no key for it."""
    if not outcomes:
        return
    known = _marks(book)
    by_sign = {sign_of(outcome.marker): outcome for outcome in outcomes}
    rows = [_line(sign, outcome) for sign, outcome in by_sign.items() if sign not in known]
    if rows:
        client.append(book, TITLE, rows)


def _marks(book: Book) -> set[str]:
    sheet = next((sheet for sheet in book.sheets if sheet.title == TITLE), None)
    if sheet is None:
        client.add_sheet(book, TITLE, HEADER)
        return set()
    grid = client.read(book, Sheet(sheet.id, TITLE))
    return {text(grid.value(row, 0)) for row in range(len(grid.cells))}


def _line(sign: str, outcome: Outcome) -> tuple[str, ...]:
    at = outcome.at.astimezone(UTC).isoformat(" ", "seconds")
    return sign, at, outcome.kind, outcome.origin, outcome.sentence[:1_000]
