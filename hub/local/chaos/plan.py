"""What goes wrong when, from one seed: by the share of the load that has been accepted by then, so
that a slow machine meets the same faults as a fast one."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

# How often each part is hit, beside the others.
_WEIGHTS = {"web": 3, "worker": 8, "clock": 1, "postgres": 3, "valkey": 1}
# Longer than a lease; and so long that meanwhile a message was looked up twice and sent by others.
PAUSES = (7.0, 7.0, 17.0)
# How far a clock is put wrong: by more than a lease, either way; and for how long.
JUMP, JUMPED = 20.0, 3.0
SHORT = 2.0  # seconds for which a disk is full, or slow
# Seconds of load that one fault of a kind needs to be worth something.
_ROOM = {"kill": 0.9, "pause": 3.5, "stop postgres": 2.5, "kill valkey": 1.2,
         "jump": 1.5, "full disk": 5.0, "slow disk": 2.5}  # fmt: skip


@dataclass(frozen=True, order=True)
class Step:
    """One fault: when `share` of the orders is accepted, `what` happens to `place`; a pause lasts
    `seconds`, a clock jumps by as many."""

    share: float
    what: str  # kill, pause, jump, stop postgres, kill valkey, flush valkey, full disk, slow disk
    place: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Wanted:
    """How many faults of each kind; a pause `lasts` one of these times, in seconds."""

    kills: int = 0
    pauses: int = 0
    pg_stops: int = 0
    redis_kills: int = 0
    lasts: tuple[float, ...] = PAUSES
    clock_jumps: int = 0
    disk_fulls: int = 0
    slow_disks: int = 0
    points: int = 0  # named crash points, each a process that is started to die there

    def seconds(self) -> float:
        """How long the load must last to have room for them."""
        kills = max(self.kills, self.points) * _ROOM["kill"]
        rest = (
            self.pauses * _ROOM["pause"],
            self.pg_stops * _ROOM["stop postgres"],
            self.redis_kills * _ROOM["kill valkey"],
            self.clock_jumps * _ROOM["jump"],
            self.disk_fulls * _ROOM["full disk"],
            self.slow_disks * _ROOM["slow disk"],
        )
        return max(kills, *rest, 2.0)


def steps(wanted: Wanted, workers: int, seed: int) -> Sequence[Step]:
    """The whole plan, in order."""
    dice = random.Random(seed)  # noqa: S311 - a seed must play the same again
    made = [Step(_share(dice), "kill", place) for place in _places(wanted.kills, workers, dice)]
    for n in range(wanted.pauses):
        seconds = dice.choice(wanted.lasts)
        made.append(Step(_share(dice), "pause", f"worker-{1 + n % workers}", seconds))
    made += [Step(_share(dice), "stop postgres", "postgres") for _ in range(wanted.pg_stops)]
    made += [
        Step(_share(dice), "flush valkey" if n % 2 else "kill valkey", "valkey")
        for n in range(wanted.redis_kills)
    ]
    made += [
        Step(_share(dice), "jump", place, JUMP if n % 4 < 2 else -JUMP)
        for n, place in zip(range(wanted.clock_jumps), cycle(("worker-1", "web")), strict=False)
    ]
    made += [Step(_share(dice), "full disk", "postgres") for _ in range(wanted.disk_fulls)]
    made += [Step(_share(dice), "slow disk", "postgres") for _ in range(wanted.slow_disks)]
    return sorted(made)


def _share(dice: random.Random) -> float:
    return dice.uniform(0.02, 0.97)


def _places(kills: int, workers: int, dice: random.Random) -> list[str]:
    """Each place once while there are enough kills, then by weight; shuffled."""
    first = ["worker", "web", "postgres", "valkey", "clock"][:kills]
    drawn = dice.choices(list(_WEIGHTS), weights=list(_WEIGHTS.values()), k=kills - len(first))
    places = [*first, *drawn]
    dice.shuffle(places)
    return [f"worker-{dice.randint(1, workers)}" if p == "worker" else p for p in places]
