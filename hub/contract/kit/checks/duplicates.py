"""The same thing told twice is one thing; two things are two."""

from dataclasses import replace

from hub.contract import RECEIVED_AT, Ignored, Pull, Request
from hub.contract.kit.bench import Bench, Door, insist
from hub.contract.kit.checks.conditions import can_be_read
from hub.contract.kit.reading import readable
from hub.contract.kit.score import check

_LATER = "2030-01-01T00:00:00+00:00"
_PER_DELIVERY = ("delivery", "attempt", "retry", "trace", "date")


@check("dedupe-same", "The same delivery has the same name, whatever its delivery id", can_be_read)
def same(bench: Bench) -> None:
    """Vendors send again under a new delivery id, and ids of vendors have collided."""
    for door, request in readable(bench):
        name = door.dedupe(request)
        insist(name and isinstance(name, str), f"dedupe of the {door.name} gives no name.")
        again = replace(request, headers={**request.headers, RECEIVED_AT: _LATER})
        insist(door.dedupe(again) == name, f"dedupe of the {door.name} names one delivery twice.")
        for header in _passing(request):
            other = replace(request, headers={**request.headers, header: "another-0001"})
            ok = door.dedupe(other) == name
            insist(ok, f"dedupe of the {door.name} hangs on «{header}», which changes on a retry.")
            insist(door.read(other) == door.read(request), f"«{header}» changes what it means.")


@check("dedupe-different", "Two different deliveries have different names", can_be_read)
def different(bench: Bench) -> None:
    """Else the second one would be lost as a duplicate of the first."""
    names: dict[tuple[str, str], Request] = {}
    for door, request in readable(bench, 5):
        first = names.setdefault((door.name, door.dedupe(request)), request)
        insist(first.body == request.body, f"dedupe of the {door.name} mixes up two deliveries.")


@check("keys", "Event keys are unique within a delivery and the same each time", can_be_read)
def keys(bench: Bench) -> None:
    """The key is what makes push, poll and replay harmless."""
    for door, request in readable(bench):
        if door.name != "carrier":
            found = _keys(door, request)
            insist(len(set(found)) == len(found), f"One delivery gives a key twice: {found}.")
            insist(_keys(door, request) == found, "An event's key changes from reading to reading.")


def _passing(request: Request) -> list[str]:
    return [h for h in request.headers if any(word in h for word in _PER_DELIVERY)]


def _keys(door: Door, request: Request) -> list[str]:
    parsed = door.read(request)
    return [] if isinstance(parsed, Ignored | Pull) else [event.key for event in parsed]
