"""Named crash points, one after the other: each part that is started anew is told to die at the
next point that it has not met."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

# Which part passes a point, where it is not a worker; and what no order's road passes: tokens,
# schema, restore, keys, erasure. Those are held by tests of their own.
_PLACES = {
    "web": frozenset({"C1", "C2", "C3", "C4", "C5", "C11", "C22", "C23"}),
    "clock": frozenset({"C27"}),
}
ELSEWHERE = frozenset({"C26", "C30", "C31", "C32", "C33"})

_LONG = 4.0  # seconds in which an armed part should have come to its point


def place_of(point: str) -> str:
    """The part of the hub that passes this point: web, worker or clock."""
    return next((place for place, points in _PLACES.items() if point in points), "worker")


@dataclass
class Arming:
    """Who dies where. `hit` counts the points at which a part has died; a point that a part did
    not come to before it was killed otherwise is tried again, last of all."""

    folder: Path
    waiting: dict[str, list[str]]
    hit: Counter[str] = field(default_factory=Counter)
    _armed: dict[str, tuple[str, Path]] = field(default_factory=dict)
    _since: dict[str, float] = field(default_factory=dict)
    _tries: int = 0

    @classmethod
    def of(cls, points: Sequence[str], folder: Path) -> "Arming":
        """Every point that this road passes, in order, by the part that passes it."""
        waiting: dict[str, list[str]] = {"web": [], "worker": [], "clock": []}
        for point in points:
            if point.partition(":")[0] not in ELSEWHERE:
                waiting[place_of(point.partition(":")[0])].append(point)
        return cls(folder, waiting)

    def environment(self, name: str) -> Mapping[str, str]:
        """What a part is started with: the next point, if one waits for it."""
        self.look(name)
        points = self.waiting.get(name.partition("-")[0], [])
        if not points:
            return {}
        self._tries += 1
        point = points.pop(0)
        mark = self.folder / f"died-at-{point.replace(':', '-')}-{self._tries}"
        self._armed[name], self._since[name] = (point, mark), time.monotonic()
        return {"HUB_CRASH_AT": point, "HUB_CRASH_ONCE": str(mark)}

    def look(self, name: str) -> None:
        """Note what became of the point a part was armed with; one it did not reach waits again."""
        point, mark = self._armed.pop(name, ("", self.folder))
        if point and mark.exists():
            self.hit[point.partition(":")[0]] += 1
        elif point:
            self.waiting[name.partition("-")[0]].append(point)

    def stalled(self) -> list[str]:
        """Parts that were armed long enough ago and are still alive."""
        old = time.monotonic() - _LONG
        return [
            name for name, (_, mark) in self._armed.items()
            if self._since.get(name, 0.0) < old and not mark.exists()
        ]  # fmt: skip

    def wants(self, name: str) -> bool:
        """Whether a point waits for this part, and it is not armed."""
        return name not in self._armed and bool(self.waiting.get(name.partition("-")[0]))

    @property
    def left(self) -> list[str]:
        """Points that nobody has died at yet."""
        armed = [point for point, mark in self._armed.values() if not mark.exists()]
        return sorted({*armed, *(p for points in self.waiting.values() for p in points)})
