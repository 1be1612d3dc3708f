"""Sending one message to a phone at hand, by the same road as any other."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from sqlalchemy import Connection

from hub.automations.direct import ask_for
from hub.automations.facts import Verdict
from hub.compose.lint import Figure
from hub.contract import NotAPhone, Phone
from hub.send.glance import Glance
from hub.send.sheets import Sheet
from hub.store import messages, numbers, people
from hub.store.database import new_id
from hub.store.numbers import Number
from hub.web.pages.retold import told
from hub.web.pages.templates import form, showing
from hub.web.pages.templates.entry import found, shop_of, wing
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Shown


@wing.way("GET /templates/<template>/try", may="send")
def ask(visit: Visit, template: str) -> Shown:
    """Which number, and what it costs."""
    return _page(visit, template, {}, None)


@wing.way("POST /templates/<template>/try", may="send")
def send(visit: Visit, template: str) -> Shown | Go:
    """Send what is published, with the values that were chosen; every check is asked."""
    with visit.begin() as db:
        sheet, shop = found(visit, db, template), shop_of(visit, db)
        phone, wrong = _phone(visit, shop["country"])
        if phone is not None and sheet.version:
            verdict, message = _sent(visit, db, sheet, phone)
    if phone is None or not sheet.version:
        return _page(visit, template, {"phone": wrong or gettext("Publish it first.")}, None)
    if message is None:
        return _page(visit, template, {}, verdict)
    visit.ring(f"send_{message['kind']}")
    said = gettext("It is on its way to %(phone)s.", phone=phone.masked)
    return Go(f"/messages/{message['id']}", said=said)


def _phone(visit: Visit, country: str) -> tuple[Phone | None, str]:
    """The number that was typed, or what is wrong with it."""
    try:
        return Phone.parse(visit.form.get("phone", ""), country), ""
    except NotAPhone as why:
        return None, told(str(why))


def _sent(
    visit: Visit, db: Connection, sheet: Sheet, phone: Phone
) -> tuple[Verdict, Mapping[str, Any] | None]:
    place = form.place_of(visit.form, sheet.published or sheet.document, "")
    number = numbers.keep(db, visit.ground.vault, visit.workspace_id, phone)
    _, message_id, verdict = ask_for(
        db,
        visit.workspace_id,
        template=sheet.slug,
        number=number,
        variables=_values(visit, db, sheet, place),
        language=place.language,
        now=visit.ground.clock(),
    )
    people.keep_all(db, [_person(visit, number)])
    return verdict, messages.get(db, visit.workspace_id, message_id) if message_id else None


def _values(visit: Visit, db: Connection, sheet: Sheet, place: form.Place) -> dict[str, Any]:
    """The values that the phone beside the text was filled with, but for what the hub makes."""
    look: Glance = showing.look(visit, db, sheet.published or sheet.document, place)
    made = ("page_url", "coupon", "coupon_until", "brand")
    return {name: value for name, value in look.made["values"].items() if name not in made}


def _person(visit: Visit, number: Number) -> dict[str, Any]:
    """Whoever is written to is a person from then on: a STOP of theirs hangs on that row."""
    nothing = dict.fromkeys(("first_name", "last_name", "email", "language", "zone"), "")
    return {
        "id": new_id(), "workspace_id": visit.workspace_id, "phone": number.token,
        "country": number.country, **nothing,
    }  # fmt: skip


def _price(seen: Glance) -> Figure | None:
    """What it costs at most, by the channel it may go; None where no price is known."""
    known = [one.median for one in seen.report.bills if one.median.micros is not None]
    return max(known, key=lambda one: one.micros or 0, default=None)


def _page(visit: Visit, template: str, wrong: Mapping[str, str], verdict: Verdict | None) -> Shown:
    with visit.begin() as db:
        sheet, shop = found(visit, db, template), shop_of(visit, db)
        document = sheet.published or sheet.document
        given = visit.form or visit.args
        place = form.place_of(given, document, shop["language"])
        seen = showing.look(visit, db, document, place)
    values = {
        "sheet": sheet, "shop": shop, "place": place, "seen": seen, "wrong": wrong,
        "form": {"phone": given.get("phone", "")}, "verdict": verdict, "document": document,
        "price": _price(seen),
        "names": showing.names_of_languages(), "here": "/templates",
    }  # fmt: skip
    return Shown("templates/try.html", values, 422 if wrong else 200)
