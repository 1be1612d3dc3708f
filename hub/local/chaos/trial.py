"""One trial: what is asked of it, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from hub.local.chaos.judge import Verdict
from hub.local.chaos.plan import Wanted

# Where nobody can be asked, a doubt stays a doubt, and is shown.
DOUBTFUL = ("receipts", "silent")
CLASSES = ("lookup", "key", *DOUBTFUL)


@dataclass(frozen=True)
class Trial:
    """A load of orders, what goes wrong meanwhile, from which seed. `rate` None leaves room for the
    faults, 0 is as fast as it goes; `points` are crash points to die at; `mishaps` is the share of
    the vendors' calls that fail."""

    events: int = 20_000
    seed: int = 7
    wanted: Wanted = field(default_factory=Wanted)
    rate: float | None = None
    carrier_class: str = "lookup"
    points: Sequence[str] = ()
    mutant: str = ""
    mishaps: float = 0.05
    workers: int = 2
    patience: float = 75.0  # seconds in which nothing moves, until what is missing counts as lost
    lag: float = 2.5  # seconds until the carriers' look-up knows what they took
    settle: int = 4  # seconds until a miss is believed
    spread: float = 3.0  # seconds within which receipts come
    rcs: bool = False  # messages are RCS; three of ten phones take only SMS
    expects: str = ""  # of a mutant: the wrong that it must be caught by

    @property
    def pace(self) -> float:
        """Orders a second; 0 for as fast as they are answered."""
        if self.rate is not None:
            return self.rate
        return min(self.events / self.wanted.seconds(), 1500.0)

    @property
    def doubt_may_stay(self) -> bool:
        """Whether this class of carrier leaves doubts that only a person can settle."""
        return self.carrier_class in DOUBTFUL


@dataclass(frozen=True)
class Report:
    """What came of a trial; times are in milliseconds in `accept_ms`, else in seconds."""

    trial: Trial
    verdict: Verdict
    orders: int
    done: Mapping[str, int]
    points_hit: Mapping[str, int]
    points_left: Sequence[str]
    accept_ms: Mapping[str, float]
    repeats: int
    refused: int
    recovery: Mapping[str, Mapping[str, float]]
    load_seconds: float
    seconds: float
    mishaps: Mapping[str, int] = field(default_factory=dict)
    no_rcs: int = 0  # messages that an SMS had to stand in for
    trouble: Sequence[str] = ()

    def faults(self) -> dict[str, int]:
        """The wrongs by name, all zero where nothing is wrong."""
        found = self.verdict.faults(doubt_may_stay=self.trial.doubt_may_stay)
        return found | {"deliveries refused": self.refused}

    @property
    def is_right(self) -> bool:
        """Nothing lost, nothing double, every result told, every point met."""
        return not any(self.faults().values()) and not self.points_left

    @property
    def caught(self) -> str:
        """What gave a mutant away, in words; empty where nothing did."""
        if not self.faults().get(self.trial.expects):
            return ""
        return f"{self.trial.expects} {self.faults()[self.trial.expects]}"

    def as_json(self) -> dict[str, Any]:
        """The whole report as one document."""
        document = asdict(self) | {"faults": self.faults(), "right": self.is_right}
        document["per_second"] = round(self.orders / max(self.seconds, 0.001), 1)
        return document | ({"caught": self.caught} if self.trial.mutant else {})
