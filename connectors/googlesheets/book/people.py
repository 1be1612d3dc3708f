"""What people do in the worksheet: they type, sort, insert, delete and copy."""

from dataclasses import dataclass
from threading import RLock
from typing import Any

from .cells import Shown, Worksheet
from .notation import Area

HEADER = (
    "First name",
    "Last name",
    "Mobile",
    "E-mail",
    "Language",
    "SMS consent",
    "Status",
    "Date",
    "Product",
    "Price",
)


@dataclass
class People:
    """Those who work in one worksheet. They name rows by the number that the sheet shows, the
    header being row 1, and cells as `typed` does."""

    leads: Worksheet
    lock: RLock
    made: int = 0

    def add_row(self, **cells: Any) -> int:
        """Somebody adds a person at the end. The row's number."""
        with self.lock:
            self.made += 1
            row = len(self.leads.cells)
            self.leads.rows = max(self.leads.rows, row + 1)
            self.edit_row(row + 1, **(typed(self.made) | cells))
            return row + 1

    def edit_row(self, row: int, **cells: Any) -> None:
        """Somebody types in a row's cells."""
        with self.lock:
            for title, value in cells.items():
                self.leads.put(row - 1, self.leads.column(_title(title)), value)

    def sort_by(self, title: str = "First name", down: bool = False) -> None:
        """Somebody sorts the rows: whole rows move, the header stays."""
        with self.lock:
            place = self.leads.column(title)
            rows = self.leads.cells[1:]
            rows.sort(key=lambda row: str(row[place] if place < len(row) else ""), reverse=down)
            self.leads.cells[1:] = rows

    def insert_row(self, at: int) -> None:
        """Somebody inserts an empty row, which becomes row `at`."""
        with self.lock:
            self.leads.cells.insert(at - 1, [])
            self.leads.rows += 1

    def insert_column(self, at: int, title: str = "") -> None:
        """Somebody inserts a column, which becomes the column `at`, counted from 1."""
        with self.lock:
            for row in self.leads.cells:
                if len(row) >= at:
                    row.insert(at - 1, "")
            self.leads.columns += 1
            self.leads.put(0, at - 1, title)

    def delete_row(self, row: int) -> None:
        """Somebody deletes a row."""
        with self.lock:
            del self.leads.cells[row - 1]

    def duplicate_row(self, row: int, at: int = 0) -> int:
        """Somebody copies a whole row, id and all, below it or elsewhere; the copy's number."""
        with self.lock:
            place = at or row + 1
            self.leads.cells.insert(place - 1, list(self.leads.cells[row - 1]))
            self.leads.rows += 1
            return place

    def rename_worksheet(self, title: str) -> None:
        """Somebody renames the worksheet."""
        self.leads.title = title

    def protect(self, first: int, last: int) -> None:
        """The owner protects columns, counted from 1, against our account."""
        self.leads.locked.append(Area(0, first - 1, 10**6, last - 1))


def typed(number: int) -> dict[str, Any]:
    """The cells of a person as somebody types them."""
    day = 46_185 + number % 300
    return {
        "first_name": f"Zoë{number:05d}",
        "last_name": "Martin",
        "mobile": f"+33 6 39 98 {number // 100 % 100:02d} {number % 100:02d}",
        "e_mail": f"zoe{number}@example.com",
        "language": "fr",
        "sms_consent": "oui",
        "status": "new",
        "date": Shown(day + 0.5, f"day {day}"),
        "product": f"Shirt {number}",
        "price": Shown(12.5, "12,50 €"),
    }


def _title(name: str) -> str:
    known = {t.lower().replace(" ", "_").replace("-", "_"): t for t in HEADER}
    return known.get(name, name)
