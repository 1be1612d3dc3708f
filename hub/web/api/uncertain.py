"""Uncertain messages: those that nobody knows whether they arrived. Listed, exported, settled."""

from typing import Any
from uuid import UUID

from hub.report.uncertain import carrier_of, exported
from hub.report.uncertain import page as read
from hub.send.settled import settle_as
from hub.store.database import Row
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.rows import id_of, picked
from hub.web.api.schemas import (
    CSV,
    ID,
    TIME,
    listed,
    one_of,
    optional,
    page_of,
    shape,
    text,
    whole,
)

desk = Desk("uncertain")

VERDICTS = {"arrived": "arrived", "not_arrived": "not_arrived", "send_again": "sent_again"}
_COLUMNS = {
    "id": ID, "kind": one_of("marketing", "transactional"), "channel": text(), "reason": text(),
    "sentence": text(1000), "template": text(), "automation": optional(text()),
    "tries": whole(0, 10**6), "sending_at": optional(TIME), "final_at": optional(TIME),
    "due_at": TIME,
}  # fmt: skip
_SHOWN = shape({**_COLUMNS, "to": text(40), "carrier": text()})
_SETTLE = shape({"ids": {**listed(ID), "minItems": 1, "maxItems": 200}, "as": one_of(*VERDICTS)})
_SETTLED = shape({"settled": listed(ID), "left": listed(ID)})


@desk.route(
    "GET /uncertain", scope="read", answers={200: page_of(_SHOWN)}, query=("limit", "cursor")
)
def listing(ask: Ask) -> Answer:
    """List the messages that nobody knows whether they arrived, newest first."""
    page = ask.cursors("uncertain").page(ask.args)
    with ask.begin() as db:
        found = read(
            db,
            ask.ground.vault,
            ask.workspace_id,
            page.start,
            page.limit + 1,
            masked=not ask.sees_numbers,
        )
    return Answer(page.of(found, [_shown(m) for m in found]))


@desk.route("GET /uncertain.csv", scope="read", answers={200: CSV})
def export(ask: Ask) -> Answer:
    """Export the list as a CSV file, at most 10,000 lines."""
    with ask.begin() as db:
        vault, masked = ask.ground.vault, not ask.sees_numbers
        return Answer(exported(db, vault, ask.workspace_id, masked=masked))


@desk.route(
    "POST /uncertain/settle",
    scope="manage",
    takes=_SETTLE,
    answers={200: _SETTLED},
    idempotent=True,
)
def settle(ask: Ask) -> Answer:
    """Settle them: arrived, not arrived, or sent again as new messages. What is certain is left."""
    ids = [id_of(one, "message") for one in ask.body["ids"]]
    verdict, now = VERDICTS[ask.body["as"]], ask.ground.clock()
    changed = settle_as(ask.transaction, verdict, ids, ask.workspace_id, "the API", now)
    done = {row["id"] for row in changed}
    left = [one for one in ids if one not in done]
    return Answer({"settled": _in_order(ids, done), "left": left}, rings=_wakes(verdict, changed))


def _in_order(ids: list[UUID], done: set[UUID]) -> list[UUID]:
    return [one for one in dict.fromkeys(ids) if one in done]


def _wakes(verdict: str, changed: Any) -> tuple[str, ...]:
    if verdict != "sent_again":
        return ("write_back",) if changed else ()
    return tuple(sorted({f"send_{row['kind']}" for row in changed}))


def _shown(message: Row) -> dict[str, Any]:
    return {
        **picked(message, tuple(_COLUMNS)),
        "to": message["to"],
        "carrier": carrier_of(message),
    }
