"""A trial under way: what has been accepted, sent and broken so far."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.local.chaos import faults, load
from hub.local.chaos.apart import Apart
from hub.local.chaos.arming import Arming
from hub.local.chaos.latency import Latency
from hub.local.chaos.recovery import Recovery
from hub.local.chaos.stage import Stage
from hub.local.chaos.trial import Trial

Show = Callable[[str, Mapping[str, Any]], None]

TICK = 0.1  # seconds between two looks


@dataclass
class Running:
    """A trial under way."""

    trial: Trial
    stage: Stage
    show: Show
    plan: faults.Faults
    arming: Arming
    recovery: Recovery
    trouble: list[str] = field(default_factory=list)
    orders: int = 0
    accepted: int = 0
    before: int = 0  # accepted by loads that are over
    last: dict[str, Any] = field(default_factory=dict)
    latency: Latency = field(default_factory=Latency)
    repeats: int = 0
    refused: int = 0
    oracle: dict[str, Any] = field(default_factory=dict)

    def share(self) -> float:
        """How much of the load is accepted."""
        return self.accepted / self.trial.events

    @property
    def is_caught(self) -> bool:
        """Nothing more has to be seen of a mutant that sent something twice."""
        return bool(self.trial.mutant and self.oracle.get("double"))

    def drive(self, count: int, rate: float) -> None:
        """So many more orders, to the end of them."""
        first, self.orders = self.orders, self.orders + count
        with Apart.start(*load.command(self._drive(first, rate))) as source:
            while not source.last.get("done") and not self.is_caught:
                if source.process.poll() is not None and not source.last.get("done"):
                    raise RuntimeError("The load ended early. See hub.log.")
                time.sleep(TICK)
                self._hear(source.last)
            self._hear(source.last)
        self.before = self.accepted
        self.latency.merge(Latency.of(source.last.get("latency", {})))
        self.repeats += source.last.get("repeats", 0)
        self.refused += source.last.get("refused", 0)

    def _drive(self, first: int, rate: float) -> load.Drive:
        settings = self.stage.hub.settings
        return load.Drive(
            settings.host, settings.port, self.stage.hook, self.stage.secret, self.trial.seed,
            first, self.orders, rate, oracle_port=self.stage.oracle.port(),
        )  # fmt: skip

    def _hear(self, said: Mapping[str, Any]) -> None:
        if said:
            self.accepted = self.before + said["accepted"]
            self.recovery.saw("accepting", self.accepted, said["at"])
        self.look("the load")

    def look(self, phase: str) -> None:
        """Ask the oracle how it stands, and show it."""
        self.oracle = self.stage.oracle.ask("running")
        self.recovery.saw("sending", self.oracle["having"], time.monotonic())
        hit = self.arming.hit.total()
        self.show(phase, {"orders": self.orders, "accepted": self.accepted, **self.oracle,
                          "faults": self.plan.done.total() + hit, "points": hit})  # fmt: skip
