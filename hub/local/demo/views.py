"""What the page shows: the phone, the record at the chosen system, the roads, the connections."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from babel.dates import format_datetime

from hub.contract import utc_now
from hub.local.demo import agreement, buttons, health, phone, planned, roads
from hub.local.demo.acts import NotOpen
from hub.local.demo.people import RESIDENTS, Resident
from hub.local.demo.street import PARTS
from hub.local.demo.systems import calendar, crm, sales, sheet, shop
from hub.local.demo.systems.shapes import Record
from hub.local.demo.town import Town
from hub.local.demo.words import LANGUAGES, words
from hub.report.road import Road

Shown = dict[str, Any]
_ANSWERS = {"calendar": ("yes", "no", "later")}


@dataclass(frozen=True)
class Asked:
    """What the address asks for: which system, whose phone, which road, in which language."""

    system: str
    person: Resident
    language: str
    road: str
    said: str

    def address(self, path: str = "/demo", **changes: str) -> str:
        """This view's address, with changes; empty values are left out."""
        values = {
            "lang": self.language,
            "system": self.system,
            "person": self.person.slug,
            "road": self.road,
            **changes,
        }
        return f"{path}?{urlencode({k: v for k, v in values.items() if v})}"


def plain(asked: Asked) -> Shown:
    """What every part of the page needs."""
    return {"w": words(asked.language), "asked": asked, "zone": phone.ZONE}


def whole(town: Town, asked: Asked) -> Shown:
    """The page."""
    stand = of_health(town, asked)
    titles = {one.part: one.title for one in stand["standings"]}
    return {
        **plain(asked),
        **of_phone(town, asked),
        **of_record(town, asked),
        **of_roads(town, asked),
        **stand,
        **of_people(town, asked),
        "languages": {code: words(code)["language"] for code in LANGUAGES},
        "tabs": [(part, titles[part]) for part in PARTS],
        "acts": list(buttons.SYSTEMS[asked.system]),
        "answers": _ANSWERS.get(asked.system, ("stop", "start", "yes")),
        "luck": list(buttons.LUCK),
        "clock": f"{utc_now().astimezone(phone.ZONE):%H:%M}",
    }


def of_people(town: Town, asked: Asked) -> Shown:
    """Everybody, with what the hub knows of their wish for offers."""
    return {"people": RESIDENTS, "wishes": agreement.words_by_person(town)}


def of_phone(town: Town, asked: Asked) -> Shown:
    """The conversation."""
    return {"bubbles": phone.conversation(town.phones, asked.person), "agent": town.phones.name}


def of_record(town: Town, asked: Asked) -> Shown:
    """What stands at the chosen system, or why it is not in the town."""
    try:
        return {"record": _record(town, asked), "problem": ""}
    except NotOpen as why:
        return {"record": Record(""), "problem": str(why)}


def _record(town: Town, asked: Asked) -> Record:
    acts, person = town.acts, asked.person
    match asked.system:
        case "crm":
            return crm.shown(acts.crm, person)
        case "sales":
            return sales.shown(acts.sales, person)
        case "calendar":
            return calendar.shown(
                acts.calendar, person, partial(planned.waiting, town), partial(_say, asked)
            )
        case "sheet":
            return sheet.shown(acts.sheet, person)
        case _:
            return shop.shown(town.shop, acts.orders, person)


def _say(asked: Asked, at: datetime) -> str:
    """A moment by the clock in Paris, as the page's language writes it."""
    return str(format_datetime(at, "EEE d MMM, HH:mm", phone.ZONE, locale=asked.language))


def of_roads(town: Town, asked: Asked) -> Shown:
    """The road that is looked at, and the last ones."""
    recent = roads.newest(town)
    chosen = _chosen(town, asked.road) if asked.road else None
    road = chosen or next(iter(recent), None)
    return {"recent": recent, "road": road, "roads": roads}


def of_health(town: Town, asked: Asked) -> Shown:
    """The connections."""
    return {"standings": list(health.standings(town))}


def _chosen(town: Town, found: str) -> Road | None:
    try:
        return roads.one(town, UUID(found))
    except ValueError:
        return None
