"""What the hub's own cells of a row say: the newest state, the reply, and a log of what was
written, which names its row so that it is recognised where it does not belong. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from hashlib import sha256

from hub.contract import Outcome

from .columns import Columns
from .consent import answered, spoken
from .grid import Cell, Grid, text

KEPT_SIGNS = 20

# What may follow what within one second, so that a repeated "sent" never hides a "delivered".
_RANK = (
    *("skipped", "sent", "failed", "delivered", "read"),
    *("clicked", "bought", "replied", "postponed"),
)
_SAYS_CONSENT = {"opted_out": False, "opted_in": True}

Cells = dict[str, Cell]  # by header


@dataclass(frozen=True)
class Log:
    """The log cell: whose it is, and the signs of the outcomes that stand in the row."""

    owner: str
    signs: tuple[str, ...] = ()

    @classmethod
    def read(cls, cell: Cell) -> "Log":
        """From the cell: "r-abc: 1f2e3d4c 5b6a7980"."""
        owner, _, signs = text(cell, 50_000).partition(":")
        return cls(owner.strip(), tuple(signs.split()))

    def with_signs(self, owner: str, more: Sequence[str]) -> str:
        """The cell with these added, the oldest forgotten."""
        known = self.signs if self.owner == owner else ()
        return f"{owner}: {' '.join((*known[-KEPT_SIGNS:], *more))}"


def sign_of(marker: str) -> str:
    """A marker's short sign, as the log column keeps it."""
    return sha256(marker.encode()).hexdigest()[:10]


def titles(columns: Columns) -> tuple[str, ...]:
    """The headers of what every result writes."""
    own = columns.own
    return own.status, own.at, own.note, own.reply, own.log


def standing(grid: Grid, columns: Columns, row: int, identity: str) -> Cells:
    """Our cells of a row as they are; empty ones where they were written for another row."""
    own = columns.own
    found = {t: grid.value(row, grid.column(t)) for t in vars(own).values() if t != own.id}
    owner = Log.read(found[own.log]).owner
    if owner and owner != identity:
        return dict.fromkeys(found, "")
    return found


def cells_for(
    now: Cells, columns: Columns, identity: str, outcomes: Sequence[Outcome], zone: tzinfo
) -> Cells:
    """What our cells of a row must hold once these outcomes, all new, are written."""
    own, found = columns.own, dict(now)
    for outcome in sorted(outcomes, key=_stamp):
        newest = _newest(found, columns)
        if newest is None or _stamp(outcome) >= newest:
            found[own.status] = outcome.kind
            found[own.note] = outcome.sentence[:1_000]
            found[own.at] = outcome.at.astimezone(zone).isoformat(" ", "seconds")
        if outcome.kind == "replied" and outcome.text:
            found[own.reply] = outcome.text[:1_000]
    signs = [sign_of(outcome.marker) for outcome in outcomes]
    found[own.log] = Log.read(now.get(own.log, "")).with_signs(identity, signs)
    return found


def consent_for(
    grid: Grid, columns: Columns, row: int, outcomes: Sequence[Outcome]
) -> tuple[Cell, str] | None:
    """The consent cell and what is noted beside it, where an outcome takes it back or gives it."""
    said = [o for o in sorted(outcomes, key=_stamp) if o.kind in _SAYS_CONSENT]
    place = columns.at.get("consent")
    if place is None or not said:
        return None
    used = (grid.value(number, place) for number in grid.numbers)
    habit = next((cell for cell in used if spoken(cell) is not None), "")
    echo = grid.value(row, grid.column(columns.own.consent))
    granted = _SAYS_CONSENT[said[-1].kind]
    return answered(granted, grid.value(row, place), echo, habit)


def _stamp(outcome: Outcome) -> tuple[datetime, int]:
    return outcome.at.replace(microsecond=0), _rank(outcome.kind)


def _newest(cells: Mapping[str, Cell], columns: Columns) -> tuple[datetime, int] | None:
    try:
        at = datetime.fromisoformat(text(cells.get(columns.own.at, "")))
    except ValueError:
        return None
    known = text(cells.get(columns.own.status, ""))
    return (at, _rank(known)) if at.tzinfo else None


def _rank(kind: str) -> int:
    return _RANK.index(kind) if kind in _RANK else len(_RANK)
