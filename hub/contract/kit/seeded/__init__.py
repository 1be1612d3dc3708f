"""Faults that any connector could have, made by wrapping its parts: one list of all that apply."""

from hub.contract import Connector
from hub.contract.kit.mutants import Seeded
from hub.contract.kit.seeded import (
    calls,
    carriers,
    coupons,
    declared,
    polls,
    rich,
    sources,
    targets,
    workflows,
)

_ROOMS = (sources, polls, targets, coupons, workflows, carriers, rich, calls, declared)


def seeded(connector: Connector) -> tuple[Seeded, ...]:
    """Every general fault that this connector could have, by what it is able to do."""
    return tuple(fault for room in _ROOMS for fault in room.seeded(connector))
