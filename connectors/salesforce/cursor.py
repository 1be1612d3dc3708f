"""Where the poll stands: per object, kept by the hub as JSON text between two pages."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from . import soql
from .documents import document, moment, record_id, stamp, text

# SystemModstamp is taken when a transaction saves, and seen when it commits, minutes later at most.
OVERLAP = timedelta(minutes=6)


@dataclass(frozen=True)
class Place:
    """Within one object: all up to `since` is read, and of that very moment up to `number`."""

    since: datetime
    number: str = ""

    def where(self) -> str:
        """The condition for what comes after."""
        at = soql.literal(self.since)
        if not self.number:
            return f"SystemModstamp >= {at}"
        after = soql.literal(self.number)
        return f"(SystemModstamp > {at} OR (SystemModstamp = {at} AND Id > {after}))"


@dataclass(frozen=True)
class Cursor:
    """`floor` is where the poll began; `round_at` Salesforce's clock when this round did; `done`
    the objects that this round has read to their end; `polled_at` our clock when the last round
    ended; `replay` the change stream's own place, base64."""

    floor: datetime
    places: Mapping[str, Place] = field(default_factory=dict)
    round_at: datetime | None = None
    done: tuple[str, ...] = ()
    polled_at: datetime | None = None
    replay: str = ""

    def place(self, table: str) -> Place:
        """Where reading this object goes on; one that is chosen later begins where the poll did."""
        return self.places.get(table) or Place(self.floor)

    def begin(self, tables: Iterable[str], at: datetime) -> "Cursor":
        """The first page of a round: an object that is new to it begins now, not in the past."""
        places = {t: self.places.get(t) or Place(at if self.places else self.floor) for t in tables}
        return replace(self, places=places, round_at=at, done=())

    def onward(self, table: str, last: tuple[datetime, str] | None, full: bool) -> "Cursor":
        """After a page of an object."""
        place = Place(*last) if last else self.place(table)
        done = self.done if full else (*self.done, table)
        return replace(self, places={**self.places, table: place}, done=done)

    def rest(self, now: datetime) -> "Cursor":
        """The round is over: step back to what had not settled when it began.

        Whatever was older than the overlap then cannot change behind our back; the rest is read
        again next time, and known again by its keys.
        """
        settled = (self.round_at or self.floor) - OVERLAP
        back = {
            table: place if place.since < settled else Place(max(settled, self.floor))
            for table, place in self.places.items()
        }
        return replace(self, places=back, round_at=None, done=(), polled_at=now)

    def dump(self) -> str:
        """As JSON text."""
        return json.dumps(
            {
                "floor": stamp(self.floor),
                "places": {t: [stamp(p.since), p.number] for t, p in self.places.items()},
                "round_at": stamp(self.round_at) if self.round_at else "",
                "done": list(self.done),
                "polled_at": stamp(self.polled_at) if self.polled_at else "",
                "replay": self.replay,
            }
        )

    @classmethod
    def load(cls, kept: str) -> "Cursor":
        """From `dump`. Raises ValueError when the text is no cursor of ours."""
        found = document(kept.encode())
        floor = moment(found.get("floor"))
        if floor is None:
            raise ValueError("The poll's cursor is not one of this connector.")
        places = {t: Place(*_place(kept)) for t, kept in _object(found, "places").items()}
        done = tuple(str(one) for one in found.get("done") or ())
        round_at, polled_at = moment(found.get("round_at")), moment(found.get("polled_at"))
        return cls(floor, places, round_at, done, polled_at, text(found.get("replay"), 400))


def _object(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = found.get(name)
    return value if isinstance(value, dict) else {}


def _place(kept: Any) -> tuple[datetime, str]:
    at = moment(kept[0]) if isinstance(kept, list) and len(kept) == 2 else None
    if at is None:
        raise ValueError("The poll's cursor is not one of this connector.")
    return at, record_id(kept[1])
