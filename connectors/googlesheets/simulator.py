"""Google Sheets as one spreadsheet with a memory, for the tests, the demo and the kit."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from threading import RLock
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from hub.contract import Clock, Outgoing, Request, utc_now
from hub.contract.kit.sign_in import SignIn
from hub.contract.kit.simulator import Faults

from .book import keys
from .book.cells import Worksheet
from .book.doors import Doors
from .book.people import HEADER, People
from .book.rest import Spreadsheet

BOOK = "1SimulatedSpreadsheet000000000000000000000000"
ID, LOG = "Relais ID", "Relais log"


@dataclass
class Simulator:
    """A spreadsheet with the worksheet «Leads», in which `people` work. Its own readers (`rows`,
    `row`, `ids`, `written`) are the oracle."""

    clock: Clock = utc_now
    faults: Faults = field(default_factory=Faults)
    sign_in: SignIn = field(init=False)
    book: Spreadsheet = field(init=False)
    people: People = field(init=False)
    doors: Doors = field(init=False)
    base: str = "http://127.0.0.1"

    def __post_init__(self) -> None:
        self.sign_in = SignIn("Google", clock=self.clock, lasts=3600.0)
        self.sign_in.assertion = lambda form: keys.judge(
            form, f"{self.base}/token", self.clock().timestamp()
        )
        leads = Worksheet(0, "Leads", [list(HEADER)])
        self.book = Spreadsheet(BOOK, "Customers 2026", sheets=[leads])
        self.lock = RLock()
        self.people = People(leads, self.lock)
        self.doors = Doors(self.book, self.sign_in, self.clock, self.lock)
        self._asked, self._upward = 0, False
        self._token = self.sign_in.issue()["access_token"]
        for _ in range(3):
            self.add_row()

    # What the kit asks

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The vendor's HTTP."""
        return self.doors.wsgi(environ, start_response)

    def settings(self, base_url: str) -> dict[str, str]:
        """A connection's settings that reach this spreadsheet."""
        self.base = base_url
        return {
            "sheet": f"https://docs.google.com/spreadsheets/d/{BOOK}/edit",
            "column_text_1": "Product",
            "column_text_2": "Price",
            "country": "FR",
            "api_url": base_url,
            "authorize_url": f"{base_url}/authorize",
            "token_url": f"{base_url}/token",
            "revoke_url": f"{base_url}/revoke",
        }

    def secrets(self) -> dict[str, str]:
        """A live token, and the app it belongs to."""
        app = {"client_id": self.sign_in.client_id, "client_secret": self.sign_in.client_secret}
        return {"access_token": self._token, **app}

    def typed(self, way: str = "") -> dict[str, str]:
        """What a merchant types for a way of signing in."""
        if way == "oauth":
            return {
                "client_id": self.sign_in.client_id,
                "client_secret": self.sign_in.client_secret,
            }
        return {"service_account_json": keys.key_file()}

    def deliveries(self) -> Sequence[Request]:
        """None: a sheet sends nothing."""
        return ()

    def change(self, count: int) -> None:
        """So many people are added, then the sheet is sorted, and once more in the very moment
        of our next write."""
        for _ in range(count):
            self.add_row()
        self._stir()

    def _stir(self) -> None:
        self._upward = not self._upward
        self.sort_by(down=self._upward)
        if not self.doors.before_write:
            self.on_next_write(lambda: self.sort_by(down=not self._upward))

    def subject(self) -> str:
        """A row that bears an id and was just edited, one after the other; where none does, some
        rows get one as if from an earlier connection."""
        with self.lock:
            while len(self.ids()) < 3:
                row = self.add_row()
                self.leads.put(row - 1, self.leads.column(ID, make=True), f"r-{_word(row)}")
            self._asked += 1
            named = self.ids()
            identity = sorted(named)[self._asked % len(named)]
            at = next(n for n, row in enumerate(self.rows(), 2) if row[ID] == identity)
            self.edit_row(at, status=f"seen {self._asked}")
            self._stir()
            return f"row:{identity}"

    def written(self, marker: str) -> int:
        """On how many lines of the whole book this outcome's mark stands: on the one row that it
        was meant for, or in the list of opt-outs. A mark on another's row counts a hundred."""
        mark = sha256(marker.encode()).hexdigest()[:10]
        with self.lock:
            logs = [(row.get(ID, ""), str(row.get(LOG, ""))) for row in self.rows()]
            noted = sum(mark in row for sheet in self.book.sheets[1:] for row in sheet.cells)
        own = sum(log.count(mark) * (1 if log.startswith(f"{i}:") else 100) for i, log in logs)
        return own + noted

    def flip_consent(self, subject: str) -> None:
        """A person changes their mind in the sheet."""
        with self.lock:
            rows = self.rows()
            at = next(n for n, row in enumerate(rows) if row.get(ID) == subject[4:])
            agreed = rows[at]["SMS consent"] == "oui"
            self.edit_row(at + 2, sms_consent="non" if agreed else "oui")

    def outgoing(self, count: int) -> Sequence[Outgoing]:
        """None: it is no carrier."""
        return ()

    def carried(self, reference: str) -> int:
        """None: it is no carrier."""
        return 0

    def flush(self, timeout: float = 30.0) -> bool:
        """Nothing is ever on its way."""
        return True

    def leftovers(self) -> list[str]:
        """Sign-ins that still stand."""
        return ["a sign-in"] * max(self.sign_in.standing - 1, 0)

    @property
    def api_calls(self) -> int:
        """Calls that count against the quota."""
        return self.doors.calls

    # What people do in the sheet

    def add_row(self, **cells: Any) -> int:
        """See `People`, as for the other acts."""
        return self.people.add_row(**cells)

    def edit_row(self, row: int, **cells: Any) -> None:
        """Cells are typed."""
        self.people.edit_row(row, **cells)

    def sort_by(self, title: str = "First name", down: bool = False) -> None:
        """Rows are sorted."""
        self.people.sort_by(title, down)

    # Bad luck

    def share(self, role: str) -> None:
        """The owner shares the spreadsheet with us as writer, as reader, or ("") no more."""
        self.doors.role = role

    def on_next_write(self, act: Callable[[], object]) -> None:
        """Somebody is faster: `act` happens just before our next write lands."""
        self.doors.before_write.append(act)

    def forbid(self, scope: str) -> None:
        """The sign-in no longer has this right."""
        self.doors.scoped = self.doors.scoped and scope != keys.SCOPE

    def limit(self, per_minute: int = 60) -> None:
        """Hold us to the vendor's quota by the clock; 0 lifts it."""
        self.doors.per_minute = per_minute

    # What stands in the sheet

    @property
    def leads(self) -> Worksheet:
        """The first worksheet."""
        return self.book.sheets[0]

    def rows(self) -> list[dict[str, Any]]:
        """Every row by header, empty ones too."""
        with self.lock:
            header = self.leads.header
            return [
                {t: self.leads.get(n, c) for c, t in enumerate(header) if t}
                for n in range(1, len(self.leads.cells))
            ]

    def row(self, identity: str) -> dict[str, Any]:
        """The row that bears this id ("r-…" or "row:r-…"). Raises StopIteration."""
        bare = identity.removeprefix("row:")
        return next(row for row in self.rows() if row.get(ID) == bare)

    def ids(self) -> list[str]:
        """The ids that rows bear, from top to bottom."""
        return [row[ID] for row in self.rows() if row.get(ID)]

    @property
    def formulas_run(self) -> int:
        """How many texts of ours became formulas: none, ever."""
        return self.book.formulas_run


def _word(number: int) -> str:
    digest = sha256(f"simulated {number}".encode()).digest()
    return "".join("abcdefghjkmnpqrstuvwxyz23456789"[byte % 31] for byte in digest[:10])
