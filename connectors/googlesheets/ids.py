"""Which row is which: an id in a cell of the row, which a sort carries along. Pure.

Everything here is computed from what stands in the sheet now and what was known of it, never from
what we meant to write: rows move between a reading and a writing, and an id may land on another.
"""

import re
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from .columns import Columns
from .consent import word_of
from .grid import Cell, Grid, Put, text

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_FORM = re.compile(f"r-[{_LETTERS}]{{10}}")

Issue = Callable[[], str]


@dataclass(frozen=True)
class Line:
    """A row: its number in the grid, the id it bears, the digest of its mapped values ("" where
    it has none), and whether it names somebody who can be written to."""

    number: int
    id: str
    digest: str
    ready: bool = True


def issuing(taken: Collection[str]) -> Issue:
    """A source of new ids, none of them taken."""
    given = set(taken)

    def issue() -> str:
        while True:
            made = "r-" + "".join(secrets.choice(_LETTERS) for _ in range(10))
            if made not in given:
                given.add(made)
                return made

    return issue


def is_ours(cell: Cell) -> bool:
    """Whether a cell holds an id of our making."""
    return bool(_FORM.fullmatch(text(cell)))


def lines(grid: Grid, columns: Columns) -> list[Line]:
    """Every row below the header that says something or bears an id."""
    place = grid.column(columns.own.id)
    echo = grid.column(columns.own.consent)
    found = []
    for number in grid.numbers:
        borne = grid.value(number, place)
        values = columns.values(grid, number)
        digest = _digest(values, grid.value(number, echo))
        known = text(borne) if is_ours(borne) else ""
        if digest or text(borne):
            found.append(Line(number, known, digest, _ready(values)))
    return found


def _digest(values: Mapping[str, Cell], echo: Cell) -> str:
    if not any(text(v) and v is not False for v in values.values()):
        return ""
    said = {**values, "consent": word_of(values.get("consent", ""), echo)[0]}
    told = repr([(meaning, text(cell)) for meaning, cell in sorted(said.items())])
    return sha256(told.encode()).hexdigest()[:12]


def _ready(values: Mapping[str, Cell]) -> bool:
    """Whether the row names somebody, where the sheet has a column for that at all."""
    named = [text(values[name]) for name in ("phone", "email") if name in values]
    return any(named) or not named


def kept(found: Sequence[Line], known: Mapping[str, str]) -> dict[str, Line]:
    """The one row that each id belongs to: of copies, the one that is as it was known, else the
    first. A row that was emptied keeps none."""
    owners: dict[str, Line] = {}
    for line in found:
        if not line.id or not line.digest:
            continue
        owner = owners.get(line.id)
        as_known = line.digest == known.get(line.id)
        if owner is None or (as_known and owner.digest != line.digest):
            owners[line.id] = line
    return owners


def assign(
    found: Sequence[Line], known: Mapping[str, str], issue: Issue, written: bool = False
) -> dict[int, str]:
    """The id each row must get, by row number; rows that are right are left out.

    `known` are the digests that ids stood beside: one that went astray goes back to the row that
    has its content, whatever id lies there. `written`: `known` is what we meant a moment ago.
    """
    owners = kept(found, known)
    back = _going_back(found, owners, known, written)
    taken, wanted = set(back.values()), dict[int, str]()
    for line in found:
        if not line.digest:
            wanted[line.number] = ""
        elif line.number in back:
            wanted[line.number] = back[line.number]
        elif owners.get(line.id) is not line or line.id in taken:
            wanted[line.number] = issue()
    return wanted


def meant(found: Sequence[Line], wanted: Mapping[int, str]) -> dict[str, str]:
    """The digest that each id must stand beside once what is `wanted` is written."""
    named = ((wanted.get(line.number, line.id), line.digest) for line in found if line.digest)
    return {identity: digest for identity, digest in named if identity}


def _going_back(
    found: Sequence[Line], owners: Mapping[str, Line], known: Mapping[str, str], written: bool
) -> dict[int, str]:
    """Ids that stand nowhere, or on a row of other content, to the row that has theirs."""
    nowhere = _by_digest((i, d) for i, d in known.items() if d and i not in owners)
    moved = _by_digest((i, d) for i, d in known.items() if i in owners and owners[i].digest != d)
    back: dict[int, str] = {}
    for line in found:
        if not line.digest:
            continue
        if owners.get(line.id) is line and known.get(line.id) == line.digest:
            continue
        # A row that changed keeps its id, though another reads as it did, unless we just wrote or
        # that other bears an id that nobody knows: then we wrote it, and died before reading back.
        ours = written or bool(line.id and line.id not in known)
        choice = nowhere.get(line.digest) or (moved.get(line.digest) if ours else None)
        if choice:
            back[line.number] = choice.pop(0)
    return back


def _by_digest(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for identity, digest in pairs:
        found.setdefault(digest, []).append(identity)
    return found


def puts(grid: Grid, columns: Columns, wanted: Mapping[int, str]) -> list[Put]:
    """The cells to write for these ids; the column's header too where it is not there yet."""
    title, place = columns.own.id, grid.column(columns.own.id)
    column = grid.width if place is None else place
    header = [Put(grid.head, column, title, title)] if place is None else []
    return header + [Put(row, column, title, identity) for row, identity in wanted.items()]
