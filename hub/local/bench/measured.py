"""What a bench found: figures beside their baseline, and the bars they are held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any


@dataclass(frozen=True)
class Bar:
    """One promise: what was measured, the bar, and whether it holds. `at_most` says which side of
    the bar is the good one."""

    name: str
    value: float
    bar: float
    unit: str = ""
    at_most: bool = False

    @property
    def holds(self) -> bool:
        """Whether the figure is on the good side."""
        return self.value <= self.bar if self.at_most else self.value >= self.bar

    def __str__(self) -> str:
        side = "at most" if self.at_most else "at least"
        verdict = "holds" if self.holds else "DOES NOT HOLD"
        value, bar = (f"{_short(n)}{self.unit}" for n in (self.value, self.bar))
        return f"{self.name}: {value}, {side} {bar}: {verdict}"

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        side = "at_most" if self.at_most else "at_least"
        return {"name": self.name, "value": self.value, side: self.bar, "holds": self.holds}


@dataclass(frozen=True)
class Measured:
    """The whole of one run. `figures` are by name, in the units their names say."""

    figures: Mapping[str, Any]
    bars: Sequence[Bar] = field(default=())

    @property
    def holds(self) -> bool:
        """Whether every bar does."""
        return all(bar.holds for bar in self.bars)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        bars = [bar.as_json() for bar in self.bars]
        return {"figures": dict(self.figures), "bars": bars, "holds": self.holds}


def waits(seconds: Sequence[float]) -> dict[str, float]:
    """p50, p99 and the longest of some waits, in milliseconds."""
    if len(seconds) < 2:
        return {"p50_ms": 0.0, "p99_ms": 0.0, "max_ms": 0.0}
    p99 = quantiles(seconds, n=100, method="inclusive")[98]
    found = {"p50_ms": median(seconds), "p99_ms": p99, "max_ms": max(seconds)}
    return {name: round(value * 1000, 2) for name, value in found.items()}


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
