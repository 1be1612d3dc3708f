"""Webhooks: endpoints that are told what happens, and their secrets."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from hub.report import listeners
from hub.report.listeners import Unusable
from hub.store import endpoints, tellings
from hub.store.database import Row
from hub.store.endpoints import Wanted
from hub.web.api.problems import Problem, invalid, not_found
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.rows import id_of, picked
from hub.web.api.schemas import (
    FLAG,
    ID,
    TIME,
    Schema,
    listed,
    one_of,
    optional,
    shape,
    text,
)

desk = Desk("webhooks")

_SETTINGS: Mapping[str, Schema] = {
    "url": text(2000, empty=False),
    "types": {**listed(one_of(*tellings.TYPES)), "minItems": 1},
    "label": text(listeners.LONGEST_LABEL),
    "whole_numbers": FLAG,
}
_COLUMNS: Mapping[str, Schema] = {
    "id": ID, **_SETTINGS, "state": one_of("on", "paused", "off"), "problem": text(1000),
    "failing_since": optional(TIME), "told_at": optional(TIME), "created_at": TIME,
}  # fmt: skip
_ONE = shape(_COLUMNS)
_SECRET = {"secret": text(100)}
RINGS = ("tell",)


@desk.route("GET /webhooks", scope="read", answers={200: shape({"items": listed(_ONE)})})
def listing(ask: Ask) -> Answer:
    """List the endpoints that are told what happens."""
    with ask.begin() as db:
        return Answer({"items": [_shown(e) for e in endpoints.listed(db, ask.workspace_id)]})


@desk.route(
    "POST /webhooks",
    scope="manage",
    takes=shape({"url": _SETTINGS["url"], "types": _SETTINGS["types"]}, _SETTINGS),
    answers={201: shape({**_COLUMNS, **_SECRET})},
)
def add(ask: Ask) -> Answer:
    """Add an endpoint. Its secret is answered this once."""
    with ask.begin() as db:
        try:
            made, secret = listeners.add(ask.ground, db, ask.workspace_id, _wanted(ask, {}))
        except Unusable as problem:
            raise _refused(problem) from None
        found = endpoints.one(db, ask.workspace_id, made)
    return Answer({**_shown(found or {}), "secret": secret}, 201)


@desk.route(
    "PUT /webhooks/{webhook_id}",
    scope="manage",
    takes=shape({}, {**_SETTINGS, "state": one_of("on", "paused")}),
    answers={200: _ONE},
)
def change(ask: Ask, webhook_id: str) -> Answer:
    """Change an endpoint, pause it, or switch it on. What is left out stays as it is."""
    now = ask.ground.clock()
    with ask.begin() as db:
        found = found_in(db, ask, webhook_id, hold=True)
        endpoints.change(db, found["id"], _wanted(ask, found), now)
        if "state" in ask.body:
            endpoints.set_state(db, found["id"], ask.body["state"], now)
        return Answer(_shown(found_in(db, ask, webhook_id)), rings=RINGS)


@desk.route("DELETE /webhooks/{webhook_id}", scope="manage", answers={204: None})
def remove(ask: Ask, webhook_id: str) -> Answer:
    """Remove an endpoint. What waits for it is not told."""
    with ask.begin() as db:
        found = found_in(db, ask, webhook_id, hold=True)
        endpoints.set_state(db, found["id"], "removed", ask.ground.clock())
    return Answer(None, 204)


@desk.route(
    "POST /webhooks/{webhook_id}/secret", scope="manage", takes=shape({}),
    answers={200: shape({**_SECRET, "old_until": TIME})},
)  # fmt: skip
def rotate(ask: Ask, webhook_id: str) -> Answer:
    """Replace the secret. The old one signs too for a day; the new one is answered this once."""
    with ask.begin() as db:
        secret = listeners.rotate(ask.ground, db, found_in(db, ask, webhook_id, hold=True))
    until = ask.ground.clock() + listeners.OLD_SIGNS_FOR
    return Answer({"secret": secret, "old_until": until})


@desk.route(
    "POST /webhooks/{webhook_id}/test", scope="manage", takes=shape({}),
    answers={202: shape({"id": ID})},
)  # fmt: skip
def test(ask: Ask, webhook_id: str) -> Answer:
    """Send a test, `endpoint.test`, to an endpoint; the id of its delivery."""
    with ask.begin() as db:
        made = tellings.add_test(db, found_in(db, ask, webhook_id), ask.ground.clock())
    return Answer({"id": made}, 202, RINGS)


def found_in(db: Connection, ask: Ask, webhook_id: str, *, hold: bool = False) -> Row:
    """The endpoint of an address. Raises Problem: not found."""
    found = endpoints.one(db, ask.workspace_id, id_of(webhook_id, "webhook"), hold=hold)
    if found is None:
        raise not_found("webhook")
    return found


def _wanted(ask: Ask, stands: Mapping[str, Any]) -> Wanted:
    """What is asked for over what stands. Raises Problem."""

    def of(name: str, usual: Any) -> Any:
        return ask.body.get(name, stands.get(name, usual))

    if ask.body.get("whole_numbers") and not ask.sees_numbers:
        raise invalid(("whole_numbers", "Use a key with the scope «numbers» to allow this."))
    try:
        return listeners.wanted(of("url", ""), of("types", ()), of("label", ""),
                                of("whole_numbers", False))  # fmt: skip
    except Unusable as problem:
        raise _refused(problem) from None


def _refused(problem: Unusable) -> Problem:
    return invalid(*problem.faults.items())


def _shown(endpoint: Row) -> dict[str, Any]:
    return picked(endpoint, tuple(_COLUMNS))
