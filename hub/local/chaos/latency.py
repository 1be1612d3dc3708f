"""How long things took, kept in buckets: a million of them need no more room than ten."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_STEP = 1.05  # each bucket is 5 % wider than the one before


@dataclass
class Latency:
    """Durations in seconds; quantiles are right to 5 %, the maximum exactly."""

    buckets: Counter[int] = field(default_factory=Counter)
    longest: float = 0.0

    def add(self, seconds: float) -> None:
        """One more."""
        self.longest = max(self.longest, seconds)
        self.buckets[math.ceil(math.log(max(seconds, 1e-6), _STEP))] += 1

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Latency":
        """As another process told it, in JSON."""
        buckets = {int(bucket): n for bucket, n in told.get("buckets", {}).items()}
        return cls(Counter(buckets), told.get("longest", 0.0))

    def told(self) -> dict[str, Any]:
        """For another process, as JSON."""
        return {"buckets": dict(self.buckets), "longest": self.longest}

    def merge(self, other: "Latency") -> None:
        """All of another's too."""
        self.buckets += other.buckets
        self.longest = max(self.longest, other.longest)

    def quantile(self, share: float) -> float:
        """So long took this share of them at most, in seconds; 0 where there are none."""
        left = math.ceil(share * self.buckets.total())
        for bucket in sorted(self.buckets):
            left -= self.buckets[bucket]
            if left <= 0:
                return float(min(_STEP**bucket, self.longest))
        return 0.0

    def figures(self) -> dict[str, float]:
        """p50, p99 and max in milliseconds."""
        shares = {"p50": self.quantile(0.5), "p99": self.quantile(0.99), "max": self.longest}
        return {name: round(seconds * 1000, 1) for name, seconds in shares.items()}
