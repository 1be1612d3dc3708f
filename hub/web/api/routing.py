"""Routes: which carriers take which messages, in which order; and how each carrier does."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.send import breaker, spending
from hub.send.bills import zone_of
from hub.send.routing import Route, routes_of
from hub.store import marks, routes
from hub.store.database import Row
from hub.web.api.problems import invalid
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.rows import shop_of
from hub.web.api.schemas import ID, TIME, Schema, listed, one_of, optional, shape, text, whole

desk = Desk("routing")

CHANNEL = one_of("sms", "rcs")
END = r"(?![\s\S])"  # of the text: Python's $ also stands before a last line break
COUNTRY: Schema = {"type": "string", "pattern": f"^([A-Z]{{2}})?{END}"}
_CARRIER = shape({"connection_id": ID, "weight": whole(0, 100)})
_STEP = {**listed(_CARRIER), "minItems": 1, "maxItems": 20}
_ROUTE = shape({"channel": CHANNEL, "country": COUNTRY, "steps": {**listed(_STEP), "minItems": 1}})
_ROUTES = shape({"items": {**listed(_ROUTE), "maxItems": 500}})
_STATES = ("working", "paused", "failing", "trying")
_DOING = shape(
    {
        "channel": text(),
        "state": one_of(*_STATES),
        "share": {"type": "number"},
        "seconds": {"type": "number"},
        "open_until": optional(TIME),
        "words": text(300),
    }
)
_STANDING = shape(
    {
        "connection_id": ID,
        "connector": text(),
        "label": text(),
        "paused_until": optional(TIME),
        "channels": listed(_DOING),
    }
)
Problems = Iterator[tuple[str, str]]


@desk.route("GET /routes", scope="read", answers={200: _ROUTES})
def listing(ask: Ask) -> Answer:
    """List the routes: for a channel and country ("" is every other), steps tried in order, the
    carriers of a step by weight."""
    with ask.begin() as db:
        return Answer(_shown(routes.of_workspaces(db, [ask.workspace_id])))


@desk.route("PUT /routes", scope="manage", takes=_ROUTES, answers={200: _ROUTES})
def put(ask: Ask) -> Answer:
    """Write all routes. Without any, the carrier connected first takes everything it can."""
    with ask.begin() as db:
        problems = [*_problems(ask.body["items"], carriers_of(ask, db))]
        if problems:
            raise invalid(*problems)
        routes.replace(db, ask.workspace_id, list(_lines(ask.body["items"])))
        return Answer(_shown(routes.of_workspaces(db, [ask.workspace_id])))


@desk.route(
    "GET /carriers",
    scope="read",
    answers={200: shape({"items": listed(_STANDING), "banners": listed(text(1000))})},
)
def carriers(ask: Ask) -> Answer:
    """Look at how the carriers do, and at what a person should know of them."""
    now = ask.ground.clock()
    with ask.begin() as db:
        found = carriers_of(ask, db)
        known = marks.of_connections(db, list(found))
        day = now.astimezone(zone_of(shop_of(db, ask.workspace_id))).date()
        said = breaker.banners(db, ask.workspace_id, now)
        said += spending.banners(db, ask.workspace_id, day)
    items = [_standing(route, known, now) for route in found.values()]
    return Answer({"items": items, "banners": said})


def carriers_of(ask: Ask, db: Connection) -> dict[UUID, Route]:
    """The workspace's connected carriers by id, oldest first."""
    found = routes_of(ask.ground, db, [ask.workspace_id])[ask.workspace_id]
    return {route.row["id"]: route for route in found.carriers}


def id_or_none(text: str) -> UUID | None:
    """An id as any program may write it."""
    try:
        return UUID(text)
    except ValueError:
        return None


def carrier_problem(of: Mapping[UUID, Route], id: UUID | None, channel: str) -> str:
    """Why this connection cannot carry that channel for the workspace; empty when it can."""
    route = of.get(id) if id is not None else None
    if route is None:
        return "This is not a connected carrier of this workspace."
    if not route.carries(channel):
        return f"This carrier is not set up for {channel.upper()}."
    return ""


def _problems(items: list[dict[str, Any]], of: Mapping[UUID, Route]) -> Problems:
    seen = set()
    for place, item in enumerate(items):
        pair = (item["channel"], item["country"])
        if pair in seen:
            yield f"items.{place}", "This channel and country has a route already."
        seen.add(pair)
        yield from _steps_problems(f"items.{place}.steps", item, of)


def _steps_problems(path: str, item: Mapping[str, Any], of: Mapping[UUID, Route]) -> Problems:
    named = set()
    for place, step in enumerate(item["steps"]):
        for number, carrier in enumerate(step):
            at, id = f"{path}.{place}.{number}.connection_id", id_or_none(carrier["connection_id"])
            if problem := carrier_problem(of, id, item["channel"]):
                yield at, problem
            elif id in named:
                yield at, "This carrier stands in this route already."
            named.add(id)
    if not any(carrier["weight"] for step in item["steps"] for carrier in step):
        yield path, "At least one carrier needs a weight above 0."


def _lines(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        for position, step in enumerate(item["steps"], start=1):
            for carrier in step:
                yield {
                    "channel": item["channel"],
                    "country": item["country"],
                    "position": position,
                    "connection_id": id_or_none(carrier["connection_id"]),
                    "weight": carrier["weight"],
                }


def _shown(lines: Any) -> dict[str, Any]:
    """Routes as they are written: steps in order, whatever numbers their positions have."""
    items: dict[tuple[str, str], dict[int, list[dict[str, Any]]]] = {}
    for line in lines:
        steps = items.setdefault((line["channel"], line["country"]), {})
        made = {"connection_id": line["connection_id"], "weight": line["weight"]}
        steps.setdefault(line["position"], []).append(made)
    return {
        "items": [
            {"channel": channel, "country": country, "steps": list(steps.values())}
            for (channel, country), steps in items.items()
        ]
    }


def _standing(route: Route, known: Mapping[tuple[UUID, str], Row], now: datetime) -> dict[str, Any]:
    row = route.row
    channels = route.carrier.channels_of(row["settings"])
    return {
        "connection_id": row["id"],
        "connector": row["connector"],
        "label": row["label"],
        "paused_until": row["paused_until"] if route.paused(now) else None,
        "channels": [doing(route, channel, known.get((row["id"], channel)), now)
                     for channel in channels],
    }  # fmt: skip


def doing(route: Route, channel: str, mark: Row | None, now: datetime) -> dict[str, Any]:
    """How a carrier does on a channel: working, paused, failing or being tried again, and why."""
    until = mark["open_until"] if mark is not None else None
    state = "paused" if route.paused(now) else "working"
    if until is not None:
        state = "failing" if until > now else "trying"
    return {
        "channel": channel,
        "state": state,
        "share": mark["share"] if mark is not None else 1.0,
        "seconds": mark["seconds"] if mark is not None else 0.0,
        "open_until": until,
        "words": mark["words"] if mark is not None and state != "working" else "",
    }
