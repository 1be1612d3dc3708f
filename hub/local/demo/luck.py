"""kill -9 at random moments: which part of the hub dies when, from one seed."""

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from hub.local.supervise import Supervisor

# How often each is hit, beside the others. The carrier's nudges are worth less than the rows.
_WEIGHTS = {"web": 3, "worker-1": 4, "worker-2": 4, "postgres": 3, "valkey": 1}
_PATIENCE = 30.0  # seconds for a victim to be up again before it can be hit


@dataclass
class Luck:
    """So many kills over so many seconds; `done` counts them by place."""

    hub: Supervisor
    kills: int
    seconds: float
    seed: int
    done: Counter[str] = field(default_factory=Counter)

    def run(self, stop: threading.Event) -> None:
        """Kill, until all is done or it is told to stop."""
        dice = random.Random(self.seed)  # noqa: S311 - a seed must play the same again
        began = time.monotonic()
        moments = sorted(dice.uniform(0.05, 0.95) * self.seconds for _ in range(self.kills))
        for moment, victim in zip(moments, victims(self.kills, dice), strict=True):
            if stop.wait(max(began + moment - time.monotonic(), 0)):
                return
            if self._is_up(victim, stop):
                self.hub.kill(victim)
                self.done[victim] += 1

    def _is_up(self, victim: str, stop: threading.Event) -> bool:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and not stop.is_set():
            if self.hub.pid(victim):
                return True
            stop.wait(0.05)
        return False


def victims(kills: int, dice: random.Random) -> Sequence[str]:
    """Whom to hit: each place once while there are enough kills, then by weight; shuffled."""
    places = list(_WEIGHTS)
    first = ["web", "worker-1", "postgres", "worker-2", "valkey"][:kills]
    rest = dice.choices(places, weights=list(_WEIGHTS.values()), k=kills - len(first))
    chosen = [*first, *rest]
    dice.shuffle(chosen)
    return chosen
