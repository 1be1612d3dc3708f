"""What the carriers and the shop counted, order by order: a few bytes for each, so that a million
orders fit. Nothing here knows the hub."""

from array import array
from dataclasses import dataclass, field
from itertools import islice, zip_longest

_MOST = 255
TOLD = ("sent", "delivered")


def _bump(counts: bytearray, n: int) -> int:
    """One more at this place; how many there were before."""
    if n >= len(counts):
        counts.extend(bytes(n + 1024 - len(counts)))
    before = counts[n]
    counts[n] = min(before + 1, _MOST)
    return before


@dataclass
class Notes:
    """The shop's notes of one kind: how many stand on each order, and the marker of the last;
    `written` is all of them."""

    written: int = 0
    counts: bytearray = field(default_factory=bytearray)
    markers: "array[int]" = field(default_factory=lambda: array("Q"))

    def has(self, n: int, marker: str) -> bool:
        """Whether a note with this marker stands on the order."""
        return n < len(self.markers) and self.markers[n] == _number(marker)

    def write(self, n: int, marker: str) -> None:
        """Put a note there, as often as asked."""
        self.written += 1
        _bump(self.counts, n)
        if n >= len(self.markers):
            self.markers.extend([0] * (n + 1024 - len(self.markers)))
        self.markers[n] = _number(marker)


def _number(marker: str) -> int:
    return int(marker, 16) + 1


@dataclass
class Ledger:
    """`accepted` messages by order; `delivered` are the orders whose receipt the hub took. `having`
    and `double` are the running figures: orders with a message, messages too many."""

    accepted: bytearray = field(default_factory=bytearray)
    delivered: bytearray = field(default_factory=bytearray)
    notes: dict[str, Notes] = field(default_factory=lambda: {kind: Notes() for kind in TOLD})
    having: int = 0
    double: int = 0
    strange: int = 0  # messages that name no order

    def accept(self, n: int) -> None:
        """A carrier took a message about order `n`, whether or not it had it before."""
        before = _bump(self.accepted, n)
        self.having += not before
        self.double += bool(before)

    def receipt_taken(self, n: int) -> None:
        """The hub answered 2xx for the receipt «delivered» of this order."""
        _bump(self.delivered, n)

    def counts(self, orders: int) -> dict[str, int]:
        """The verdict over this many orders, from the first."""
        told = {kind: self.notes[kind].counts for kind in TOLD}
        having = _having(self.accepted, orders)
        return {
            "accepted": having,
            "missing": orders - having,
            "double": self.double,
            "untold": _untold(self.accepted, told["sent"])
            + _untold(self.delivered, told["delivered"]),
            "told_twice": sum(_too_many(counts) for counts in told.values()),
            "strange": self.strange + sum(self.accepted[orders:]),
        }

    def missing(self, orders: int, most: int = 50_000) -> list[int]:
        """Orders without a message, as far as a list is of use."""
        bare = (n for n in range(orders) if n >= len(self.accepted) or not self.accepted[n])
        return list(islice(bare, most))


def _having(counts: bytearray, orders: int) -> int:
    given = counts[:orders]
    return len(given) - given.count(0)


def _untold(wanted: bytearray, told: bytearray) -> int:
    pairs = zip_longest(wanted, told, fillvalue=0)
    return sum(1 for due, written in pairs if due and not written)


def _too_many(counts: bytearray) -> int:
    return sum(n - 1 for n in counts if n > 1)
