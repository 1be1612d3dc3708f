"""The sheet: rows added, changed and sorted, and the columns that the hub writes beside them."""

import threading
from dataclasses import dataclass, field
from typing import Any, Protocol

from hub.contract.kit.simulator import Simulator
from hub.local.demo.people import Resident
from hub.local.demo.systems.shapes import Block, NotYet, Record

READY = "ready"
_COLUMNS = ("First name", "Product", "Status", "SMS consent", "Relais status", "Relais reply")
_PRODUCTS = ("Linen shirt", "Silk scarf", "Wool coat", "Leather bag")
_MOST = 8


class Book(Simulator, Protocol):
    """The spreadsheet as its owner uses it."""

    def add_row(self, **cells: Any) -> int:
        """A row is added at the end; its number."""

    def edit_row(self, row: int, **cells: Any) -> None:
        """A row's cells are changed."""

    def sort_by(self, title: str = "First name", down: bool = False) -> None:
        """The rows are sorted."""

    def rows(self) -> list[dict[str, Any]]:
        """Every row by header."""


@dataclass
class Sheet:
    """What can be done. Rows are found by the phone in them: they move when the sheet is sorted."""

    book: Book
    _down: bool = True
    _added: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def add(self, person: Resident) -> str:
        """A row for the person, at the end; how the hub will call it is not known yet."""
        with self._lock:
            product, self._added = _PRODUCTS[self._added % len(_PRODUCTS)], self._added + 1
            self.book.add_row(
                first_name=person.first_name,
                last_name=person.last_name,
                mobile=person.phone,
                e_mail=f"{person.slug}@example.com",
                language=person.language,
                sms_consent={True: "oui", False: "non", None: ""}[person.consent],
                status="new",
                product=product,
            )
        return ""

    def sort(self, person: Resident) -> str:
        """Somebody sorts by first name, the other way round each time."""
        with self._lock:
            self._down = not self._down
            self.book.sort_by("First name", down=self._down)
        return ""

    def change(self, person: Resident) -> str:
        """The status of the person's row becomes «ready», or «new» again. Raises NotYet."""
        with self._lock:
            number = self._row(person)
            now = self.book.rows()[number - 2]["Status"]
            self.book.edit_row(number, status="new" if now == READY else READY)
        return ""

    def _row(self, person: Resident) -> int:
        found = [n for n, row in enumerate(self.book.rows(), 2) if row["Mobile"] == person.phone]
        if not found:
            raise NotYet("said_no_row")
        return found[-1]

    def row(self, person: Resident) -> dict[str, Any]:
        """The person's row as it stands, wherever it is. Raises NotYet."""
        with self._lock:
            return self.book.rows()[self._row(person) - 2]


def shown(sheet: Sheet, person: Resident) -> Record:
    """The sheet's last rows, with the columns that the hub writes."""
    rows = [row for row in sheet.book.rows() if row.get("Mobile")]
    table = tuple(tuple(str(row.get(c, "")) for c in _COLUMNS) for row in rows[-_MOST:])
    return Record("", (Block("block_sheet", columns=_COLUMNS, rows=table),))
