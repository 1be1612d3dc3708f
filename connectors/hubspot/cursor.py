"""Where the poll stands: plain values, kept by the hub as JSON text between two pages."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

# A search index is some moments behind its records: each reading begins that much before the end
# of the last one. What is read twice has the same name, and is kept once.
OVERLAP = 5 * 60 * 1000


@dataclass(frozen=True)
class Cursor:
    """All times in ms. `floors` and `since` by kind: where the poll began, where the next reading
    begins; neither goes behind the other. The reading under way: its `kind`, `at` what time it
    stands, the `newest` change seen, and `after` which id while one moment fills whole pages."""

    floors: Mapping[str, int]
    since: Mapping[str, int]
    kind: str = ""
    at: int = 0
    newest: int = 0
    after: str = ""

    def dump(self) -> str:
        """The text the hub keeps."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def load(cls, kept: str) -> "Cursor":
        """From the kept text. Raises ValueError with a sentence when it is not ours."""
        try:
            found = json.loads(kept)
            times = ({k: int(v) for k, v in found[name].items()} for name in ("floors", "since"))
            floors, since = times
            numbers = {name: int(found[name]) for name in ("at", "newest")}
            return cls(floors, since, str(found["kind"]), after=str(found["after"]), **numbers)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise ValueError("The poll's place cannot be read. Start reading from now.") from None


def begun(at: Cursor, kind: str, floor: int) -> Cursor:
    """The same, with a kind that is read from here on."""
    return replace(at, floors={**at.floors, kind: floor}, since={**at.since, kind: floor})


def opened(at: Cursor, kind: str) -> Cursor:
    """At the beginning of a kind's reading."""
    start = at.since[kind]
    return replace(at, kind=kind, at=start, newest=start, after="")


def after_page(at: Cursor, seen: list[tuple[int, int]], full: bool) -> Cursor | None:
    """Where the next page of this kind begins, given the (time, id) of this one's records in their
    order; None where the kind is read.

    Nothing is ever counted from the front, so what changes while pages are read pushes nothing out
    of sight, and no search meets its limit of ten thousand.
    """
    newest = max([at.newest, *(time for time, _ in seen)])
    at = replace(at, newest=newest)
    if at.after:
        if full:
            return replace(at, after=str(max(number for _, number in seen)))
        return replace(at, at=at.at + 1, after="")
    if not full:
        return None
    if newest > at.at:
        return replace(at, at=newest)
    return replace(at, after="0")  # one moment fills the page: go on by id within it


def closed(at: Cursor) -> Cursor:
    """This kind is read: the next reading steps back a little, never behind the beginning."""
    kind = at.kind
    start = max(at.newest - OVERLAP, at.floors[kind])
    return replace(at, since={**at.since, kind: start}, kind="", at=0, newest=0, after="")
