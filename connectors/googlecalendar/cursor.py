"""Where the poll stands, and what it remembers of each calendar; kept by the hub as JSON text."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from .documents import document, row, text, whole

MOST = 2000  # events remembered per calendar: some forty bytes each


@dataclass(frozen=True)
class Memory:
    """One event as last seen: a digest of what mattered, its `sequence`, and our own count of
    changes that left the sequence as it was."""

    digest: str
    sequence: int = 0
    turn: int = 0

    def next(self, digest: str, sequence: int) -> "Memory":
        """The same event, saying something else."""
        turn = 0 if sequence > self.sequence else self.turn + 1
        return Memory(digest, sequence, turn)


@dataclass(frozen=True)
class Place:
    """Where one calendar's reading stands. The times are the vendor's own, as it wrote them.

    `since`: the connection's beginning. `seen`: the latest change told; `high`: the latest met in
    the listing under way. `sync` and `page` are the vendor's tokens; without `sync` everything is
    being listed. `forgot`: no event made after it has been forgotten. `known`: by short name.
    """

    since: str
    seen: str
    high: str = ""
    sync: str = ""
    page: str = ""
    zone: str = ""
    forgot: str = ""
    first: bool = True
    known: Mapping[str, Memory] = field(default_factory=dict)

    def remembering(self, fresh: Mapping[str, Memory]) -> "Place":
        """With these events remembered as the latest; the longest untouched are forgotten."""
        kept = {k: v for k, v in self.known.items() if k not in fresh} | dict(fresh)
        spare = len(kept) - MOST
        if spare <= 0:
            return replace(self, known=kept)
        held = dict(list(kept.items())[spare:])
        return replace(self, known=held, forgot=max(self.forgot, self.high, self.seen))


@dataclass(frozen=True)
class Cursor:
    """The calendars' places, and those still to be read in this round."""

    places: Mapping[str, Place]
    todo: tuple[str, ...] = ()

    def dump(self) -> str:
        """As JSON text."""
        told = {calendar: _plain(place) for calendar, place in self.places.items()}
        return json.dumps({"places": told, "todo": self.todo}, separators=(",", ":"))

    @classmethod
    def load(cls, kept: str) -> "Cursor":
        """From `dump`. Raises ValueError when the text is no cursor of ours."""
        found = document(kept.encode())
        if "places" not in found:
            raise ValueError("The poll's cursor is not one of this connector.")
        places = {str(name): _place(row(one)) for name, one in row(found["places"]).items()}
        todo = found.get("todo")
        return cls(places, tuple(map(str, todo)) if isinstance(todo, list) else ())


def _plain(place: Place) -> dict[str, Any]:
    told = {name: value for name, value in asdict(place).items() if name != "known"}
    known = {k: f"{m.digest}.{m.sequence}.{m.turn}" for k, m in place.known.items()}
    return told | {"known": known}


def _place(found: Mapping[str, Any]) -> Place:
    names = ("since", "seen", "high", "sync", "page", "zone", "forgot")
    texts = {name: text(found.get(name), 4000) for name in names}
    known = {str(k): _memory(str(v)) for k, v in row(found.get("known")).items()}
    return Place(**texts, first=found.get("first") is True, known=known)


def _memory(said: str) -> Memory:
    digest, sequence, turn = (*said.split("."), "0", "0")[:3]
    return Memory(digest, *(whole(int(n) if n.isdigit() else 0) for n in (sequence, turn)))
