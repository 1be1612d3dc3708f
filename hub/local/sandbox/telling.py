"""Telling: how a town stands, as plain JSON: who lives there, one person's phone, which systems are
connected, what came back to their records, and what is going wrong."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from hub.local.cast import CAST
from hub.local.demo.acts import NotOpen
from hub.local.demo.people import RESIDENTS, Resident
from hub.local.demo.phone import ZONE, Bubble, conversation
from hub.local.demo.street import PARTS
from hub.local.demo.systems import calendar, crm, sales, sheet, shop
from hub.local.demo.systems.shapes import Record
from hub.local.sandbox.doing import SYSTEMS
from hub.local.sandbox.town import Town

Told = dict[str, Any]
_MOST = 30  # bubbles of a conversation


def state_of(town: Town, person: Resident, part: str) -> Told:
    """Everything that a page shows of one person and one system."""
    return {
        "life": town.life,
        "is_anew": town.is_anew,
        "now": town.now.isoformat(),
        "person": person.slug,
        "people": [_resident(one) for one in RESIDENTS],
        "sender": town.acts.phones.name,
        "bubbles": [_bubble(one) for one in conversation(town.acts.phones, person)[-_MOST:]],
        "parts": [_part(town, one) for one in (*PARTS, "phones")],
        "acts": list(SYSTEMS.get(part, {})),
        "record": _record(town, person, part),
        "luck": sorted(_luck(town)),
    }


def _resident(one: Resident) -> Told:
    return {
        "slug": one.slug,
        "name": f"{one.first_name} {one.last_name}",
        "first_name": one.first_name,
        "number": one.number,
        "language": one.language,
        "agrees": one.consent,
        "is_mobile": one.mobile,
        "has_rcs": one.handset == "reachable",
    }


def _bubble(one: Bubble) -> Told:
    return {
        "key": one.key,
        "mine": one.mine,
        "parts": list(one.parts),
        "at": one.at.isoformat(),
        "sender": one.sender,
        "rich": one.rich.as_json() if one.rich else None,
    }


def _part(town: Town, part: str) -> Told:
    slug = CAST[part]
    stand = town.stands.get(slug)
    return {
        "part": part,
        "slug": slug,
        "title": _title(town, slug),
        "is_open": bool(stand and stand.connection_id),
        "connection_id": stand.connection_id if stand else "",
    }


def _title(town: Town, slug: str) -> str:
    entry = town.found.entry(slug)
    return entry.connector.title if entry.connector else slug


def _luck(town: Town) -> set[str]:
    found = set(town.luck)
    if town.stand(CAST["phones"]).mood.is_down:
        found.add("down")
    return found


def _record(town: Town, person: Resident, part: str) -> Told:
    try:
        found = asdict(_read(town, person, part))
    except (NotOpen, LookupError):
        return {"name": "", "blocks": []}
    found["blocks"] = [b for b in found["blocks"] if b["facts"] or b["lines"] or b["rows"]]
    return found


def _read(town: Town, person: Resident, part: str) -> Record:
    acts = town.acts
    match part:
        case "crm":
            return crm.shown(acts.crm, person)
        case "sales":
            return sales.shown(acts.sales, person)
        case "calendar":
            return calendar.shown(acts.calendar, person, lambda subject: (), _say)
        case "sheet":
            return sheet.shown(acts.sheet, person)
        case _:
            return shop.shown(acts.shop, acts.orders, person)


def _say(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"
