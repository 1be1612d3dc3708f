"""People: a number, what is known of its owner, and every word of consent ever said."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from hub.contract import Phone
from hub.intake import by_hand
from hub.store import consent, people
from hub.store.consent import Standing, Word
from hub.store.database import Row
from hub.store.numbers import Number, number_of, phones
from hub.web.api.problems import invalid, not_found
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.rows import phone_of, picked, shop_of
from hub.web.api.schemas import (
    FLAG,
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

desk = Desk("people")

_VERDICTS = ("granted", "withdrawn", "stopped", "resumed")
_AHEAD = timedelta(minutes=5)
_PERSON = {
    "id": ID,
    "phone": text(20),
    **{
        name: text() for name in ("country", "first_name", "last_name", "email", "language", "zone")
    },
    "failures": whole(0, 10**6),
}
_SAID = {"verdict": one_of(*_VERDICTS), "source": text(), "at": TIME}
_WORD = optional(shape(_SAID))
_LINE = shape({**_SAID, "text": text(1000), "connection_id": optional(ID)})
_STANDING = shape(
    {
        "phone": text(20),
        "person": optional(shape(_PERSON)),
        "may_be_marketed_to": FLAG,
        "marketing": _WORD,
        "stop": _WORD,
        "history": listed(_LINE),
    }
)
_TOLD = shape(
    {"verdict": one_of(*_VERDICTS), "source": text(100, empty=False)},
    {"text": text(1000), "at": text(40, empty=False)},
)


@desk.route(
    "GET /people",
    scope="read",
    answers={200: page_of(shape(_PERSON))},
    query=("limit", "cursor"),
)
def listing(ask: Ask) -> Answer:
    """List the people known, oldest first."""
    page = ask.cursors("people").page(ask.args)
    with ask.begin() as db:
        found = people.listed(db, ask.workspace_id, page.start, page.limit + 1)
        who = [(p["workspace_id"], p["phone"]) for p in found] if ask.sees_numbers else []
        known = {token: p for (_, token), p in phones(db, ask.ground.vault, who).items()}
    return Answer(page.of(found, [_shown(person, known) for person in found]))


@desk.route("GET /people/{phone}", scope="read", answers={200: _STANDING})
def one(ask: Ask, phone: str) -> Answer:
    """Look at one number: where it stands, and every word of consent."""
    with ask.begin() as db:
        shown = _whole(ask, db, _number(ask, db, phone))
    if shown["person"] is None and not shown["history"]:
        raise not_found("person")
    return Answer(shown)


@desk.route("POST /people/{phone}/consent", scope="manage", takes=_TOLD, answers={200: _STANDING})
def say(ask: Ask, phone: str) -> Answer:
    """Add a word of consent. STOP also cancels the marketing messages that wait."""
    now = ask.ground.clock()
    said_at = _when(ask.body, now)
    if ask.body["source"].strip().lower() in by_hand.OURS:
        raise invalid(("source", "Only the hub itself writes this source. Name yours."))
    with ask.begin() as db:
        who = by_hand.say(
            db, ask.ground.vault, ask.workspace_id, _number(ask, db, phone).phone,
            verdict=ask.body["verdict"], source=ask.body["source"],
            wording=ask.body.get("text", ""), said_at=said_at, now=now,
        )  # fmt: skip
        return Answer(_whole(ask, db, who))


@desk.route("POST /people/{phone}/lift", scope="manage", answers={200: _STANDING})
def lift(ask: Ask, phone: str) -> Answer:
    """Forget that messages to this number failed, so that it is tried again."""
    with ask.begin() as db:
        who = _number(ask, db, phone)
        if not people.lift(db, ask.workspace_id, who.token, ask.ground.clock()):
            raise not_found("person")
        return Answer(_whole(ask, db, who))


def _number(ask: Ask, db: Connection, phone: str) -> Number:
    given = phone_of(phone, shop_of(db, ask.workspace_id)["country"], "phone")
    return number_of(ask.ground.vault, ask.workspace_id, given)


def _when(body: Mapping[str, Any], now: datetime) -> datetime:
    if "at" not in body:
        return now
    try:
        said = datetime.fromisoformat(body["at"])
    except ValueError:
        said = None
    if said is None or said.tzinfo is None or not 1970 <= said.year <= 2200 or said > now + _AHEAD:
        words = "Give an ISO 8601 time with its zone, not in the future."
        raise invalid(("at", words))
    return said


def _shown(person: Row, known: Mapping[str, Phone]) -> dict[str, Any]:
    """A person, with the whole number where it is among those known; else its token."""
    token = person["phone"]
    return {
        **picked(person, tuple(_PERSON)),
        "phone": known[token].e164 if token in known else token,
    }


def _whole(ask: Ask, db: Connection, who: Number) -> dict[str, Any]:
    number = who.token
    person = people.get(db, ask.workspace_id, number)
    found = consent.standing(db, [ask.workspace_id], [number])
    standing = found.get((ask.workspace_id, number), Standing())
    agreed = standing.marketing is not None and standing.marketing.verdict != "withdrawn"
    return {
        "phone": who.phone.e164,
        "person": _shown(person, {number: who.phone}) if person is not None else None,
        "may_be_marketed_to": agreed and standing.stop is None,
        "marketing": _word(standing.marketing),
        "stop": _word(standing.stop),
        "history": [_line(line) for line in consent.history(db, ask.workspace_id, number)],
    }


def _word(word: Word | None) -> dict[str, Any] | None:
    return picked(vars(word), tuple(_SAID)) if word else None


def _line(line: Any) -> dict[str, Any]:
    kept = picked(line, ("verdict", "source", "connection_id"))
    return {**kept, "at": line["said_at"], "text": line["wording"]}
