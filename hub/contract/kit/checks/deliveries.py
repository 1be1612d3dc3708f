"""What genuine deliveries mean: the recorded ones, and the simulator's."""

from functools import partial
from typing import Any

from hub.contract import Connector, Ignored, Pull, Request
from hub.contract.events import Event, faults_of
from hub.contract.kit.bench import Bench, Door, accepts, defaults, doors, insist
from hub.contract.kit.checks.conditions import can_be_read, has_door, has_source
from hub.contract.kit.documents import difference, document_of
from hub.contract.kit.doors import at_their_address, stamped
from hub.contract.kit.reading import listen, news, readable, start
from hub.contract.kit.recordings import Recording
from hub.contract.kit.score import check
from hub.contract.kit.sealing import sealed


@check("fixtures-verify", "Every recorded delivery is accepted as genuine", has_door)
def fixtures_verify(bench: Bench) -> None:
    """Byte for byte as it was recorded, with the secret it was signed with."""
    found = bench.recordings()
    insist(found, "fixtures/ holds no recorded delivery.")
    for recording in found:
        if _is_polled(bench.connector, recording):
            continue
        fits = _greeting(bench.connector, recording) is not None or _door(bench, recording)
        insist(fits, f"{recording.name} is rejected by verify.")


@check("fixtures-parse", "Every recorded delivery means what stands beside it", can_be_read)
def fixtures_parse(bench: Bench) -> None:
    """`<name>.expected.json`: events, ignored, greeted, receipts or replies."""
    for recording in bench.recordings():
        insist(recording.expected, f"{recording.name} has no `.expected.json` beside it.")
        differs = difference(dict(recording.expected or {}), _meaning(bench, recording))
        insist(not differs, f"{recording.name}: {differs}")


@check("vocabulary", "Every event keeps the vocabulary and is one the connector emits", has_source)
def vocabulary(bench: Bench) -> None:
    """Types, variables and their kinds, keys, time zones."""
    for name, event in _events(bench):
        faults = faults_of(event)
        insist(not faults, f"{name}: {' '.join(faults)}")
        insist(event.type in bench.connector.emits, f"{name}: {event.type} is not in `emits`.")


@check("emits-shown", "Every event type it emits is shown by a fixture or a delivery", has_source)
def emits_shown(bench: Bench) -> None:
    """What no one has ever seen is only promised."""
    seen = {event.type for _, event in _events(bench)}
    missing = [name for name in bench.connector.emits if name not in seen]
    insist(not missing, f"No fixture and no delivery shows {', '.join(missing)}.")


@check("pure", "Reading a delivery twice says the same, and touches no network", can_be_read)
def pure(bench: Bench) -> None:
    """`verify`, `parse`, `receipts` and `replies` see bytes only."""
    for door, request in readable(bench):
        secrets = bench.secrets
        with sealed():
            door.verify(stamped(request), secrets)
            first, second = door.read(request), door.read(request)
        insist(first == second, f"The {door.name} read the same delivery in two ways.")


def _events(bench: Bench) -> list[tuple[str, Event]]:
    found: list[tuple[str, Event]] = []
    for recording in bench.recordings():
        if _greeting(bench.connector, recording) is None:
            door = _door(bench, recording)
            found += [(recording.name, e) for e in _told(door, recording.request)]
    for door, request in readable(bench):
        found += [("A simulated delivery", event) for event in _told(door, request)]
    # What thin events become, and what the vendor tells by itself.
    began, there = start(bench), listen(bench)
    bench.simulator.change(3)
    return found + [("A change at the simulator", event) for event in news(there, began)]


def _told(door: Door | None, request: Request) -> list[Event]:
    said = door.read(request) if door and door.name != "carrier" else ()
    return [] if isinstance(said, Ignored | Pull) else list(said)


def _greeting(connector: Connector, recording: Recording) -> int | None:
    greet = connector.webhook.greet if connector.webhook else None
    answer = greet(stamped(recording.request), recording.secrets) if greet else None
    return answer.status if answer else None


def _is_polled(connector: Connector, recording: Recording) -> bool:
    """A record as `pull` gives it; without a webhook nothing else is recorded."""
    return connector.poll is not None and (recording.polled or connector.webhook is None)


def _door(bench: Bench, recording: Recording) -> Door | None:
    connector, request = bench.connector, recording.request
    settings = defaults(connector) | dict(recording.settings)
    if _is_polled(connector, recording) and connector.parse and connector.dedupe:
        return Door("poll", _nobody, connector.dedupe, partial(_read, connector, settings))
    found = at_their_address(doors(connector, settings), request)
    return next((d for d in found if accepts(d, request, recording.secrets)), None)


def _nobody(request: Request, secrets: object) -> None:
    """What we fetched ourselves needs no signature."""


def _read(connector: Connector, settings: dict[str, str], request: Request) -> Any:
    return connector.parse(request, settings) if connector.parse else ()


def _meaning(bench: Bench, recording: Recording) -> dict[str, Any]:
    greeted = _greeting(bench.connector, recording)
    if greeted is not None:
        return {"greeted": greeted, "events": [], "settings": dict(recording.settings)}
    door = _door(bench, recording)
    insist(door, f"{recording.name} is rejected by verify.")
    said = _said(door, recording.request) if door else {}
    return _with_reason(said, recording) | {"settings": dict(recording.settings)}


def _said(door: Door, request: Request) -> dict[str, Any]:
    read = door.read(request)
    if door.name == "carrier":
        return {"receipts": document_of(read[0]), "replies": document_of(read[1])}
    if isinstance(read, Ignored):
        return {"events": [], "ignored": read.reason}
    if isinstance(read, Pull):
        return {"events": [], "pull": True}
    return {"events": document_of(read)}


def _with_reason(said: dict[str, Any], recording: Recording) -> dict[str, Any]:
    # A part of the reason is enough: its words may be polished without touching the fixtures.
    part = (recording.expected or {}).get("ignored")
    if part and part.lower() in said.get("ignored", "").lower():
        return said | {"ignored": part}
    return said
