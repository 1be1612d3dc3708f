"""One person: who they are, whether they may be written to, what they said, what happened."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import Connection

from hub.store import consent, log, log_lines, people, person_past
from hub.store.consent import Standing
from hub.store.database import Row
from hub.store.people_list import DEAD_AFTER
from hub.web.pages.messages.one import shower
from hub.web.pages.messages.rows import lines_of
from hub.web.pages.messages.words import happening_of, name_of, record_of
from hub.web.pages.people.desk import ONE, PATH, found, seen, wing
from hub.web.pages.people.words import VERDICTS, marketing_of, source_of, transactional_of
from hub.web.pages.templates.showing import names_of_languages
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Shown

_LATEST, _WORDS = 8, 50


@wing.way(f"GET {ONE}", may="see")
def one(visit: Visit, person_id: UUID) -> Shown:
    """Their page."""
    return page(visit, person_id, {}, {})


@wing.way(f"GET {PATH}/of/<phone>", may="see")
def of_number(visit: Visit, phone: str) -> Go:
    """The page of whom a number is, by its token: where messages and bookings lead to. Of somebody
    who was erased there are only the messages that went."""
    with visit.begin() as db:
        known = people.get(db, visit.workspace_id, phone)
    return Go(f"{PATH}/{known['id']}" if known else f"/messages?person={quote(phone)}")


def page(visit: Visit, person_id: UUID, form: Any, wrong: Any) -> Shown:
    """Their page, with what was typed and what is wrong with it."""
    with visit.begin() as db:
        person = found(visit, db, person_id)
        values = _values(visit, db, person)
    values |= {"form": form, "wrong": wrong, "here": PATH, "languages_named": names_of_languages()}
    return Shown("people/one.html", values, 422 if wrong else 200)


def _values(visit: Visit, db: Connection, person: Row) -> dict[str, Any]:
    shop, phone = visit.workspace_id, person["phone"]
    number = seen(visit, db, [person]).get(phone, gettext("a number that was erased"))
    stands = consent.standing(db, [shop], [phone]).get((shop, phone), Standing())
    ids = log.page(db, shop, log.Wanted(phone=phone), limit=_LATEST).ids
    show = shower(visit, db)
    answers = person_past.replies(db, shop, phone, _LATEST)
    return {
        "person": person, "number": number, "title": name_of(person) or number,
        "marketing": marketing_of(visit, person, stands),
        "transactional": transactional_of(person, stands),
        "stopped": stands.stop is not None, "blocked": person["failures"] >= DEAD_AFTER,
        "lines": lines_of(visit, db, log_lines.whole(db, ids)),
        "replies": [{**one, "body": show(one["body"])} for one in answers],
        "bookings": person_past.bookings(db, shop, phone, _LATEST),
        "events": [_event(one) for one in person_past.events(db, shop, phone, _LATEST)],
        **_words(visit, db, phone),
    }  # fmt: skip


def _words(visit: Visit, db: Connection, phone: str) -> dict[str, Any]:
    """What they said of consent, where from, and who was told; where their number is known from."""
    said = consent.history(db, visit.workspace_id, phone)
    known = person_past.known_from(db, visit.workspace_id, phone)
    told = person_past.told(db, [one["id"] for one in said[:_WORDS]], known)
    words = [
        {**one, "shown": VERDICTS[one["verdict"]], "from": source_of(visit, one["source"]),
         "told": told.get(one["id"], [])}
        for one in said[:_WORDS]
    ]  # fmt: skip
    return {"words": words, "known_from": [_place(visit, one) for one in known]}


def _place(visit: Visit, one: Row) -> Row:
    connector = visit.ground.connectors.get(one["connector"])
    return {**one, "title": connector.title if connector else one["label"]}


def _event(one: Row) -> Row:
    about = record_of(one["subject"], one["number"])
    return {**one, "happened": happening_of(one["type"]), "about": about}
