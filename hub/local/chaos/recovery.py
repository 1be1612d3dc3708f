"""How long it took from a fault until the hub accepted, or sent, again."""

from dataclasses import dataclass, field

# What a fault at a place stops: the web takes orders in, PostgreSQL stops everything.
_STOPS = {"web": ("accepting",), "postgres": ("accepting", "sending"), "valkey": ("sending",)}


@dataclass
class Recovery:
    """`took` are seconds by what came back and after whose fault."""

    took: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    _open: list[tuple[str, str, float]] = field(default_factory=list)
    _seen: dict[str, int] = field(default_factory=dict)

    def fault(self, place: str, at: float) -> None:
        """Something happened to this part."""
        self._open += [(what, place, at) for what in _STOPS.get(place, ())]

    def saw(self, what: str, total: int, at: float) -> None:
        """So much is accepted or sent by now."""
        moved = total > self._seen.get(what, 0)
        self._seen[what] = max(total, self._seen.get(what, 0))
        if not moved:
            return
        # What moved within a breath of the fault was on its way before.
        over = [one for one in self._open if one[0] == what and at - one[2] > 0.15]
        for one in over:
            self.took.setdefault(one[:2], []).append(at - one[2])
            self._open.remove(one)

    def figures(self) -> dict[str, dict[str, float]]:
        """Median and worst, in seconds, by "accepting after web"."""
        found = {}
        for (what, place), seconds in sorted(self.took.items()):
            ordered = sorted(seconds)
            middle = ordered[len(ordered) // 2]
            found[f"{what} after {place}"] = {
                "n": len(ordered), "median": round(middle, 2), "worst": round(ordered[-1], 2),
            }  # fmt: skip
        return found
