"""What a person asked for on the command line, as a trial."""

from hub import crash
from hub.local.chaos.plan import Wanted
from hub.local.chaos.trial import Trial


def trial_of(
    *,
    events: int,
    kills: int,
    seed: int,
    pauses: int,
    pg_stops: int,
    redis_kills: int,
    clock_jumps: int,
    disk_fulls: int,
    slow_disks: int,
    rate: float | None,
    carrier_class: str,
    mishaps: float,
    each_point: bool,
    rcs: bool,
) -> Trial:
    """The trial; each named crash point is one more process that dies."""
    points = sorted(crash.POINTS) if each_point else []
    return Trial(
        events=events,
        seed=seed,
        wanted=Wanted(
            kills,
            pauses,
            pg_stops,
            redis_kills,
            clock_jumps=clock_jumps,
            disk_fulls=disk_fulls,
            slow_disks=slow_disks,
            points=len(points),
        ),
        rate=rate,
        carrier_class=carrier_class,
        points=points,
        mishaps=mishaps,
        rcs=rcs,
        workers=4 if pauses else 2,  # one that is stopped does no work
    )
