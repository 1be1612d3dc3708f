"""Deliveries: what endpoints were told and what they answered; telling them again."""

from collections.abc import Mapping
from datetime import datetime

import orjson

from hub.report.payload import written
from hub.store import deliveries, tellings
from hub.web.api.problems import Problem, invalid, not_found
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.rows import id_of, picked
from hub.web.api.schemas import ID, TIME, Schema, one_of, optional, page_of, shape, text, whole
from hub.web.api.webhooks import RINGS, found_in

desk = Desk("deliveries")

_COLUMNS: Mapping[str, Schema] = {
    "id": ID, "type": text(40), "message_id": optional(ID), "at": TIME,
    "state": one_of(*deliveries.STATES), "calls": whole(0, 2**31), "code": whole(0, 999),
    "answer": text(2000), "words": text(1000), "called_at": optional(TIME), "due_at": TIME,
}  # fmt: skip
_ONE = shape(_COLUMNS)
_WHOLE = shape({**_COLUMNS, "body": {"type": "object"}})
_FILTERS = {"state": deliveries.STATES, "type": (*tellings.TYPES, tellings.TEST)}


@desk.route(
    "GET /webhooks/{webhook_id}/deliveries",
    scope="read",
    answers={200: page_of(_ONE)},
    query=("limit", "cursor", "state", "type"),
)
def listing(ask: Ask, webhook_id: str) -> Answer:
    """List what an endpoint was told, newest first."""
    page = ask.cursors(f"deliveries-{webhook_id}").page(ask.args)
    asked = {name: _one_of(ask, name, known) for name, known in _FILTERS.items()}
    with ask.begin() as db:
        found = deliveries.page(
            db,
            found_in(db, ask, webhook_id)["id"],
            limit=page.limit + 1,
            before=page.start,
            **asked,
        )
    return Answer(page.of(found, [picked(d, tuple(_COLUMNS)) for d in found]))


@desk.route(
    "GET /deliveries/{delivery_id}", scope="read", answers={200: _WHOLE}
)  # fmt: skip
def one(ask: Ask, delivery_id: str) -> Answer:
    """Look at one delivery: what was sent, what was answered."""
    with ask.begin() as db:
        found = deliveries.one(db, ask.workspace_id, id_of(delivery_id, "delivery"))
        if found is None:
            raise not_found("delivery")
        whole = ask.sees_numbers and found["whole_numbers"]
        body = written(db, ask.ground.vault, [found], whole=whole)[found["id"]]
    return Answer({**picked(found, tuple(_COLUMNS)), "body": orjson.loads(body)})


@desk.route(
    "POST /deliveries/{delivery_id}/resend", scope="manage", takes=shape({}),
    answers={202: shape({"id": ID})},
)  # fmt: skip
def resend(ask: Ask, delivery_id: str) -> Answer:
    """Send one delivery again, under its own id."""
    named = id_of(delivery_id, "delivery")
    with ask.begin() as db:
        if deliveries.one(db, ask.workspace_id, named) is None:
            raise not_found("delivery")
        deliveries.send_again(db, ask.workspace_id, named, ask.ground.clock())
    return Answer({"id": named}, 202, RINGS)


@desk.route(
    "POST /webhooks/{webhook_id}/resend", scope="manage", takes=shape({"since": TIME}),
    answers={202: shape({"resent": whole(0, 2**31)})},
)  # fmt: skip
def resend_failed(ask: Ask, webhook_id: str) -> Answer:
    """Send all deliveries again that were given up since then."""
    since = _instant(ask.body["since"])
    with ask.begin() as db:
        found = found_in(db, ask, webhook_id)
        again = deliveries.send_failed_again(db, found["id"], since, ask.ground.clock())
    return Answer({"resent": again}, 202, RINGS)


def _one_of(ask: Ask, name: str, known: tuple[str, ...]) -> str:
    given = ask.args.get(name, "")
    if given and given not in known:
        words = f"Use one of: {', '.join(known)}."
        raise Problem("bad-query", f"Correct the {name}.", [(name, words)])
    return given


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise invalid(("since", "Give an instant with its zone, as in 2026-06-10T08:00:00Z."))
    return found
