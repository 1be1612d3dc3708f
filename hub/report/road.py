"""The whole road of one message in words: from what arrived to what the CRM was told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import utc_now
from hub.report import road_after, road_end, road_start
from hub.report.road_rows import SHORTEST_PREFIX, Trail, ids_like, trails
from hub.report.road_shape import NAMES, Details, Road, Station
from hub.report.road_words import Times, happened
from hub.store.database import Row

__all__ = ["NAMES", "SHORTEST_PREFIX", "Road", "Station", "ids_like", "road_of", "roads_of"]


def road_of(
    db: Connection,
    found: UUID,
    workspace_id: UUID | None = None,
    *,
    now: datetime | None = None,
) -> Road | None:
    """The road this id of a message, decision, event or intake lies on; the first of several.

    Without a workspace every workspace's roads are looked at: for the operator's own commands.
    """
    return next(iter(roads_of(db, found, workspace_id, now=now)), None)


def roads_of(
    db: Connection,
    found: UUID,
    workspace_id: UUID | None = None,
    *,
    now: datetime | None = None,
) -> tuple[Road, ...]:
    """All of them: an event has one road for each automation that answered it."""
    when = now or utc_now()
    return tuple(_road(trail, when) for trail in trails(db, found, workspace_id))


def _road(trail: Trail, now: datetime) -> Road:
    times = Times(trail.shop["zone"], now)
    noun = next(n for n in ("message", "decision", "event", "intake") if n in trail.ids)
    return Road(
        id=trail.ids[noun],
        title=_title(trail),
        state=_state(trail),
        person=_phone(trail),
        stations=_stations(trail, times),
        actions=_actions(trail),
        ids=trail.ids,
    )


def _stations(trail: Trail, times: Times) -> tuple[Station, ...]:
    """In order; behind one that stopped there is nothing, except what was told of it."""
    kept: list[Station] = []
    for station in _asked(trail, times):
        stopped = any(before.state == "stopped" for before in kept)
        if station is not None and not (stopped and station.name in NAMES[:6]):
            kept.append(station)
    return tuple(kept)


def _asked(trail: Trail, times: Times) -> list[Station | None]:
    first = [road_start.arrived(trail, times), road_start.understood(trail, times)]
    if trail.event is None and trail.intake is not None:
        return first
    start = [*first, road_start.decided(trail, times)]
    message = trail.message
    if message is None:
        return start
    return [
        *start,
        road_end.written(trail, message),
        road_end.sent(trail, message, times),
        road_end.delivered(trail, message, times),
        road_after.instead(trail, times),
        road_after.clicked(trail, times),
        road_end.replied(trail.replies, times),
        road_after.bought(trail, times),
        _told(trail, message, times),
    ]


def _told(trail: Trail, message: Row, times: Times) -> Station | None:
    over = message["state"] in ("skipped", "cancelled") and not trail.told
    return None if over else road_end.told(trail, message, times)


def _phone(trail: Trail) -> str:
    known = trail.message or trail.decision or trail.event
    return str(known["phone"]) if known is not None else ""


def _title(trail: Trail) -> str:
    if trail.decision is not None and trail.decision["automation_id"] is not None:
        name = str(trail.decision["record"]["automation"]["name"])
        return f"{name} · {happened(trail.event)}" if trail.event else name
    if trail.template is not None:
        return str(trail.template["title"])
    if trail.decision is not None:
        wanted = f"Template «{trail.decision['record']['automation']['send']['template']}»"
        return f"{wanted} · {happened(trail.event)}" if trail.event else wanted
    return happened(trail.event) if trail.event else "Something that arrived"


def _state(trail: Trail) -> str:
    if trail.message is not None:
        return str(trail.message["state"])
    if trail.decision is not None:
        return "skipped"
    if trail.event is not None:
        return {"new": "waiting", "dead": "dead"}.get(trail.event["state"], "ignored")
    state = str(trail.intake["state"]) if trail.intake is not None else "new"
    return {"new": "waiting"}.get(state, state)


def _actions(trail: Trail) -> Details:
    """What a person can do now, each with its words."""
    intake, reason = trail.intake, trail.message["reason"] if trail.message is not None else ""
    found = []
    if trail.event is None and intake is not None and intake["state"] in ("bad", "dead", "ignored"):
        found.append(("replay", f"Open it again once it is repaired: hub replay {intake['id']}"))
    if reason == "no_carrier":
        found.append(("connect", "Connect a carrier, such as smsmode."))
    if trail.decision is not None and trail.decision["reason"] == "dead_number":
        found.append(("lift", "Lift the block on this number, if the person says it works."))
    return tuple(found)
