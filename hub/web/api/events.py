"""Events: told to the hub over HTTP, in the vocabulary that connectors use."""

import hashlib
from typing import Any

from psycopg.rows import dict_row
from sqlalchemy import Connection

from hub.contract import VOCABULARY, Event
from hub.intake.posted import BadEvent, read_event
from hub.store import decisions, events, intakes
from hub.store.database import Row, row
from hub.web.api.problems import invalid, not_found
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.rows import id_of, picked
from hub.web.api.schemas import (
    COUNTRY,
    FLAG,
    ID,
    LANGUAGE,
    TIME,
    listed,
    one_of,
    optional,
    shape,
    text,
)

desk = Desk("events")

_YEARS = range(1970, 2201)
_MOMENT = text(40, empty=False)
_CONSENT = shape(
    {"granted": FLAG, "source": text(200, empty=False), "at": _MOMENT}, {"text": text(1000)}
)
_NAMES = ("first_name", "last_name", "email", "zone", "record")
_PERSON = shape(
    {},
    {
        "phone": text(64),
        "country": COUNTRY,
        "language": LANGUAGE,
        **{name: text() for name in _NAMES},
        "consent": _CONSENT,
    },
)
_EVENT = shape(
    {
        "type": one_of(*VOCABULARY),
        "key": text(300, empty=False),
        "subject": text(300, empty=False),
        "occurred_at": _MOMENT,
    },
    {"cart": text(), "person": _PERSON, "data": {"type": "object"}},
)
_TAKEN = shape({"intake_id": ID, "known": FLAG})
_INTAKE = {"id": ID, "state": text(), "reason": text(1000), "source": text(), "received_at": TIME}
_KNOWN = {
    "id": ID, "intake_id": ID, "connection_id": optional(ID), "type": text(), "key": text(),
    "subject": text(), "cart": text(), "occurred_at": TIME, "received_at": TIME, "state": text(),
    "reason": text(1000), "data": {"type": "object"},
}  # fmt: skip
_DECIDED = {
    "id": ID,
    "automation": optional(text()),
    "action": one_of("send", "skip"),
    "reason": text(),
    "message_id": optional(ID),
}


@desk.route("POST /events", scope="events", takes=_EVENT, answers={202: _TAKEN}, idempotent=True)
def tell(ask: Ask) -> Answer:
    """Tell the hub of an event. The same key and type again is one event, however often told."""
    event = _read(ask.body)
    raw = intakes.Raw(
        workspace_id=ask.workspace_id,
        connection_id=None,
        road="events",
        source="api",
        key=f"{event.type}:{event.key}",
        method="POST",
        headers={"content-type": "application/json"},
        query={},
        body=ask.raw,
        received_at=ask.ground.clock(),
    )
    kept = _keep(ask, raw)
    if kept is None:
        return Answer({"intake_id": _earlier(ask.transaction, raw), "known": True}, 202)
    return Answer({"intake_id": kept, "known": False}, 202, rings=("open",))


@desk.route(
    "GET /events/{event_id}",
    scope="read",
    answers={200: shape({**_KNOWN, "decisions": listed(shape(_DECIDED))})},
)
def one(ask: Ask, event_id: str) -> Answer:
    """Look at one event, and at what each automation answered."""
    with ask.begin() as db:
        found = events.get(db, ask.workspace_id, id_of(event_id, "event"))
        if found is None:
            raise not_found("event")
        answered = decisions.of_event(db, found["id"])
    made = [picked(decision, tuple(_DECIDED)) for decision in answered]
    return Answer({**picked(found, tuple(_KNOWN)), "decisions": made})


@desk.route(
    "GET /intakes/{intake_id}",
    scope="read",
    answers={200: shape({**_INTAKE, "events": listed(ID)})},
)
def intake(ask: Ask, intake_id: str) -> Answer:
    """Look at what was taken in: whether it was opened, why not, and the events it gave."""
    with ask.begin() as db:
        found = intakes.get(db, id_of(intake_id, "intake"))
        if found is None or found["workspace_id"] != ask.workspace_id:
            raise not_found("intake")
        meant = [event["id"] for event in events.of_intake(db, found["id"])]
    return Answer({**picked(found, tuple(_INTAKE)), "events": meant})


def _read(body: Any) -> Event:
    try:
        event = read_event(body)
    except BadEvent as bad:
        raise invalid(*bad.problems) from None
    except ValueError as error:
        raise invalid(("data", f"A value cannot be read: {error}.")) from None
    consent = event.person.consent
    moments = [("occurred_at", event.occurred_at)]
    moments += [("person.consent.at", consent.at)] if consent else []
    wrong = [
        (name, "This year is not one of ours.") for name, at in moments if at.year not in _YEARS
    ]
    if wrong:
        raise invalid(*wrong)
    return event


def _keep(ask: Ask, raw: intakes.Raw) -> Any:
    """On the bare driver, inside the transaction that keeps the answer."""
    driver: Any = ask.transaction.connection.driver_connection
    with driver.cursor(row_factory=dict_row) as cursor:
        return intakes.keep(cursor, ask.ground.vault, [raw])[0]


def _earlier(db: Connection, raw: intakes.Raw) -> Any:
    found: Row | None = row(
        db,
        """SELECT id FROM intakes WHERE workspace_id = :workspace_id AND connection_id IS NULL
           AND dedupe_key = :key""",
        workspace_id=raw.workspace_id,
        key=hashlib.sha256(raw.key.encode()).digest(),
    )
    return found["id"] if found is not None else None
