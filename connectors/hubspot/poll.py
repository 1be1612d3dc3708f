"""Reconciliation: the records whose date of change moved since the cursor, found by search."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from hub.contract import Context, Page, Refused, Request

from . import client, cursor, kinds
from .cursor import Cursor
from .documents import identity, moment, part, to_ms
from .events import POLLED
from .kinds import Kind


def pull(ctx: Context, kept: str) -> Page:
    """One page of one kind of record. An empty cursor means "from now"."""
    client.spare(ctx)
    chosen = kinds.chosen(ctx.settings)
    if not kept:
        at = Cursor({}, {})
        for kind in chosen:
            at = cursor.begun(at, kind.name, _now_there(ctx, kind))
        return Page((), at.dump())
    at = Cursor.load(kept)
    if not chosen:
        return Page((), at.dump())
    kind = next((k for k in chosen if k.name == at.kind), chosen[0])
    if kind.name not in at.since:  # chosen later than the rest
        at = cursor.begun(at, kind.name, _now_there(ctx, kind))
    at = at if at.kind == kind.name else cursor.opened(at, kind.name)
    return _page(ctx, at, kind, chosen)


def rewind(settings: Mapping[str, str], kept: str, at: datetime) -> str:
    """A cursor that reads every chosen kind again since then."""
    found = Cursor({}, {})
    for kind in kinds.chosen(settings):
        found = cursor.begun(found, kind.name, to_ms(at))
    return found.dump()


def _page(ctx: Context, at: Cursor, kind: Kind, chosen: tuple[Kind, ...]) -> Page:
    found = _search(ctx, kind, _query(at, kind))
    seen = [(_modified(row, kind), int(identity(row.get("id")) or 0)) for row in found]
    onward = cursor.after_page(at, seen, len(found) >= client.SEARCHED)
    told = tuple(_as_delivery(row, kind, at) for row in found if identity(row.get("id")))
    if onward:
        return Page(told, onward.dump(), more=True)
    done = cursor.closed(at if not seen else _seen(at, seen))
    following = chosen.index(kind) + 1
    if following == len(chosen):
        return Page(told, done.dump())
    name = chosen[following].name
    if name not in done.since:
        done = cursor.begun(done, name, _now_there(ctx, chosen[following]))
    return Page(told, cursor.opened(done, name).dump(), more=True)


def _seen(at: Cursor, seen: list[tuple[int, int]]) -> Cursor:
    newest = max(at.newest, *(time for time, _ in seen))
    return Cursor(at.floors, at.since, at.kind, at.at, newest, at.after)


def _now_there(ctx: Context, kind: Kind) -> int:
    # The newest change is "now" by the vendor's own clock, whatever ours says.
    newest = {"sorts": [_sorted_by(kind.modified, "DESCENDING")], "limit": 1}
    found = _search(ctx, kind, {**newest, "properties": [kind.modified], "filterGroups": []})
    known = max((_modified(row, kind) for row in found), default=0)
    return known + 1 if known else to_ms(ctx.clock() - timedelta(minutes=1))


def _search(ctx: Context, kind: Kind, query: Mapping[str, Any]) -> list[client.Row]:
    try:
        return client.search(ctx, kind.name, query)
    except Refused as error:
        # A right that lacks for one kind must not hold up the others; `check` says that it lacks.
        if error.code != "403":
            raise
    return []


def _query(at: Cursor, kind: Kind) -> dict[str, Any]:
    if at.after:
        filters = [
            _filter(kind.modified, "EQ", str(at.at)),
            _filter("hs_object_id", "GT", at.after),
        ]
        order = _sorted_by("hs_object_id", "ASCENDING")
    else:
        filters = [_filter(kind.modified, "GTE", str(at.at))]
        order = _sorted_by(kind.modified, "ASCENDING")
    return {
        "filterGroups": [{"filters": filters}],
        "sorts": [order],
        "properties": [kind.modified],
        "limit": client.SEARCHED,
    }


def _filter(name: str, operator: str, value: str) -> dict[str, str]:
    return {"propertyName": name, "operator": operator, "value": value}


def _sorted_by(name: str, direction: str) -> dict[str, str]:
    return {"propertyName": name, "direction": direction}


def _modified(row: Mapping[str, Any], kind: Kind) -> int:
    at = moment(part(row, "properties").get(kind.modified)) or moment(row.get("updatedAt"))
    return to_ms(at) if at else 0


def _as_delivery(row: Mapping[str, Any], kind: Kind, at: Cursor) -> Request:
    """A record that changed, in the form of a webhook's event; `enrich` reads the record itself."""
    made = moment(row.get("createdAt"))
    event = {
        "subscriptionType": POLLED,
        "objectTypeId": kind.type_id,
        "objectId": int(identity(row.get("id"))),
        "occurredAt": _modified(row, kind),
        "created": made is not None and to_ms(made) >= at.floors[kind.name],
    }
    body = json.dumps([event], separators=(",", ":")).encode()
    return Request.of("POST", {"Content-Type": "application/json"}, body)
