"""Messages: ask for one, list them, and read the whole road of one."""

from typing import Any

from sqlalchemy import Connection

from hub.automations.direct import NoSuchTemplate, ask_for
from hub.automations.facts import Verdict
from hub.report.road import NAMES, road_of
from hub.store import messages, numbers, people
from hub.store.database import new_id
from hub.store.messages import RANK
from hub.store.numbers import Number
from hub.web.api.problems import Problem, invalid, not_found
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.rows import id_of, phone_of, picked, shop_of
from hub.web.api.schemas import (
    ANY,
    CHECK,
    COUNTRY,
    ID,
    LANGUAGE,
    SLUG,
    TIME,
    by_name,
    labelled,
    listed,
    one_of,
    optional,
    page_of,
    shape,
    text,
    whole,
)

desk = Desk("messages")

_WANTED = shape(
    {"template": SLUG, "to": shape({"phone": text(64, empty=False)}, {"country": COUNTRY})},
    {"variables": by_name(ANY), "language": LANGUAGE, "subject": text(300)},
)
_ANSWER = shape(
    {
        "message_id": optional(ID),
        "decision_id": ID,
        "action": one_of("send", "skip"),
        "reason": text(),
        "sentence": text(1000),
        "checks": listed(CHECK),
    }
)
_COLUMNS = {
    "id": ID, "decision_id": optional(ID), "event_id": optional(ID),
    "kind": one_of("marketing", "transactional"), "channel": text(), "language": text(),
    "state": one_of(*RANK), "reason": text(), "sentence": text(1000), "parts": whole(0, 100),
    "due_at": TIME, "created_at": TIME, "sent_at": optional(TIME), "changed_at": TIME,
    "stands_in_for": optional(ID), "variant": text(), "clicks": whole(0, 10**9),
    "clicked_at": optional(TIME),
}  # fmt: skip
_BRIEF = {**_COLUMNS, "to": text(20)}
_LISTED = {**_BRIEF, "template": text(), "automation": optional(text())}
_STATION = shape(
    {
        "name": one_of(*NAMES),
        "state": one_of("done", "waiting", "stopped", "ahead"),
        "at": optional(TIME),
        "sentence": text(2000),
        "details": listed(labelled(["label", "text"])),
    }
)
_ROAD = shape(
    {
        "id": ID,
        "title": text(),
        "state": text(),
        "person": text(),
        "stations": listed(_STATION),
        "actions": listed(labelled(["name", "words"])),
        "ids": by_name(ID),
    }
)


@desk.route(
    "POST /messages", scope="messages", takes=_WANTED, answers={202: _ANSWER}, idempotent=True
)
def send(ask: Ask) -> Answer:
    """Ask for a message. It passes the same checks as any other; the answer has them all."""
    db, body = ask.transaction, ask.body
    shop = shop_of(db, ask.workspace_id)
    to = body["to"]
    phone = phone_of(to["phone"], to.get("country") or shop["country"], "to.phone")
    number = numbers.keep(db, ask.ground.vault, ask.workspace_id, phone)
    try:
        decision_id, message_id, verdict = ask_for(
            db,
            ask.workspace_id,
            template=body["template"],
            number=number,
            variables=body.get("variables", {}),
            language=body.get("language", ""),
            now=ask.ground.clock(),
            subject=body.get("subject", ""),
        )
    except NoSuchTemplate as unknown:
        raise invalid(("template", str(unknown))) from None
    _remember(ask, db, number)
    message = messages.get(db, ask.workspace_id, message_id) if message_id else None
    answer = {"message_id": message_id, "decision_id": decision_id, **_verdict(verdict)}
    return Answer(answer, 202, rings=(f"send_{message['kind']}",) if message else ())


@desk.route(
    "GET /messages",
    scope="read",
    answers={200: page_of(shape(_LISTED))},
    query=("state", "limit", "cursor"),
)
def listing(ask: Ask) -> Answer:
    """List messages, newest first."""
    state = ask.args.get("state", "")
    if state and state not in RANK:
        words = f"Choose one of: {', '.join(RANK)}."
        raise Problem("bad-query", "Correct the state.", [("state", words)])
    page = ask.cursors(f"messages:{state}").page(ask.args)
    with ask.begin() as db:
        found = messages.listed(db, ask.workspace_id, page.start, page.limit + 1, state)
    shown = [{**_shown(m), **picked(m, ("template", "automation"))} for m in found]
    return Answer(page.of(found, shown))


@desk.route(
    "GET /messages/{message_id}",
    scope="read",
    answers={200: shape({**_BRIEF, "body": text(4000), "road": _ROAD})},
)
def one(ask: Ask, message_id: str) -> Answer:
    """Look at one message: its text and its whole road, each station with a sentence."""
    wanted = id_of(message_id, "message")
    with ask.begin() as db:
        found = messages.get(db, ask.workspace_id, wanted)
        road = road_of(db, wanted, ask.workspace_id, now=ask.ground.clock())
    if found is None or road is None:
        raise not_found("message")
    return Answer({**_shown(found), "body": found["body"], "road": road.as_json()})


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "action": verdict.action,
        "reason": verdict.reason,
        "sentence": verdict.sentence,
        "checks": [check._asdict() for check in verdict.checks],
    }


def _remember(ask: Ask, db: Connection, number: Number) -> None:
    """Whoever is written to is a person from then on: the last look, the failures and the STOP
    of this number all hang on that row."""
    given = ask.body.get("variables", {})
    names = {n: v for n in ("first_name", "last_name") if isinstance(v := given.get(n), str)}
    person = {
        "id": new_id(),
        "workspace_id": ask.workspace_id,
        "phone": number.token,
        "country": number.country,
        **dict.fromkeys(("first_name", "last_name", "email", "language", "zone"), ""),
        **{name: value[:300] for name, value in names.items()},
    }
    people.keep_all(db, [person])


def _shown(message: Any) -> dict[str, Any]:
    return {**picked(message, tuple(_COLUMNS)), "to": message["phone"]}
