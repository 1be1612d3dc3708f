"""People and messages that were typed: a number, a name, an address, an id, an order."""

import re
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import NotAPhone
from hub.report.road import SHORTEST_PREFIX
from hub.store import finding, log_lines, people_list
from hub.store.numbers import TOKEN
from hub.store.people_list import Wanted
from hub.web.pages.find.titles import Hit
from hub.web.pages.messages.asked import NOUNS, token_of
from hub.web.pages.messages.rows import lines_of, opened, person_of
from hub.web.pages.messages.words import name_of
from hub.web.pages.states import state_of
from hub.web.pages.visits import Visit

EACH = 5
_HEX = re.compile(rf"[0-9a-f]{{{SHORTEST_PREFIX},32}}")
_PHONE = re.compile(r"(\+|00|0)[\d\s./()-]{8,24}")
_LONGEST_NUMBER = 40  # characters of an order's number


def as_token(visit: Visit, db: Connection, typed: str) -> str:
    """A number that was typed as what stands for it; anything else as it is."""
    if not _PHONE.fullmatch(typed):
        return typed
    try:
        return token_of(visit, db, typed)
    except NotAPhone:
        return typed


def people(visit: Visit, db: Connection, typed: str) -> list[Hit]:
    """By number (as its token), by e-mail address, by how one or two names begin."""
    found = people_list.whole(db, visit.workspace_id, _ids(visit, db, typed))
    known = opened(visit, db, found)
    return [
        Hit(f"/people/{one['id']}", name_of(one) or person_of(one, known),
            person_of(one, known) if name_of(one) else "")
        for one in found
    ]  # fmt: skip


def _ids(visit: Visit, db: Connection, typed: str) -> list[UUID]:
    first, _, last = typed.partition(" ")
    if TOKEN.fullmatch(typed):
        wanted = Wanted(phone=typed)
    elif "@" in typed:
        wanted = Wanted(email=typed)
    elif last.strip():
        wanted = Wanted(first=first, last=last.strip())
    else:
        return finding.people_named(db, visit.workspace_id, typed, EACH)
    return people_list.page(db, visit.workspace_id, wanted, limit=EACH).ids


def messages(visit: Visit, db: Connection, typed: str) -> list[Hit]:
    """By id or how it begins, by the number of an order, a booking, a deal."""
    ids = [*_by_id(visit, db, typed), *_about(visit, db, typed)]
    lines = lines_of(visit, db, log_lines.whole(db, [(id, "messages") for id in ids[:EACH]]))
    return [
        Hit(line.path, " · ".join(filter(None, (line.who, line.about, line.what))),
            str(state_of(line.state).words))
        for line in lines
    ]  # fmt: skip


def _by_id(visit: Visit, db: Connection, typed: str) -> list[UUID]:
    digits = typed.replace("-", "").lower()
    if not _HEX.fullmatch(digits):
        return []
    low, high = UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
    known = log_lines.ids_between(db, visit.workspace_id, low, high)
    return [id for noun, id in known if noun == "message"]


def _about(visit: Visit, db: Connection, typed: str) -> list[UUID]:
    noun, _, name = typed.partition(" ")
    number = (name.strip() if noun.isalpha() and name.strip() else typed).lstrip("#")
    if not number or len(number) > _LONGEST_NUMBER or not any(sign.isdigit() for sign in number):
        return []
    subjects = [f"{of}:{number}" for of in NOUNS]
    found = finding.messages_about(db, visit.workspace_id, subjects, EACH)
    return [one["id"] for one in found]
