"""What was typed into the log's search box: a number, an id or its beginning, an order."""

import re
from urllib.parse import quote
from uuid import UUID

from flask_babel import gettext

from hub.contract import NotAPhone
from hub.report.road import SHORTEST_PREFIX
from hub.store import log_lines
from hub.store.numbers import TOKEN
from hub.web.pages.messages.asked import PATH, about, token_of
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go

_HEX = re.compile(rf"[0-9a-f]{{{SHORTEST_PREFIX},32}}")
_PHONE = re.compile(r"(\+|00|0)[\d\s./()-]{8,24}")
_PATHS = {"message": "/messages", "decision": "/decisions", "event": "/events"}


def found(visit: Visit, typed: str) -> Go:
    """Where it leads: to the one thing it names, or to the log of what it names."""
    typed = typed.strip()[:100]
    if not typed:
        return Go(PATH)
    if TOKEN.fullmatch(typed):
        return Go(f"{PATH}?person={typed}")
    person = _person(visit, typed)
    if person:
        return Go(f"{PATH}?person={person}")
    return _by_id(visit, typed.replace("-", "").lower()) or _about(visit, typed)


def _person(visit: Visit, typed: str) -> str:
    if not _PHONE.fullmatch(typed):
        return ""
    try:
        with visit.begin() as db:
            return token_of(visit, db, typed)
    except NotAPhone:
        return ""


def _by_id(visit: Visit, digits: str) -> Go | None:
    """The one thing whose id begins so, messages before what they came of."""
    if not _HEX.fullmatch(digits):
        return None
    low, high = UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
    with visit.begin() as db:
        known = log_lines.ids_between(db, visit.workspace_id, low, high)
    for noun, path in _PATHS.items():
        named = [id for of, id in known if of == noun]
        if len(named) == 1:
            return Go(f"{path}/{named[0]}")
        if named:  # ids made in the same minute begin alike
            above = UUID(int=named[0].int + 1)
            words = gettext("Several begin so: these were made in the same minute.")
            return Go(f"{PATH}?before={above}" if noun == "message" else f"{path}/{named[0]}",
                      said=words)  # fmt: skip
    return None


def _about(visit: Visit, typed: str) -> Go:
    noun, _, name = typed.partition(" ")
    if name.strip() and noun.isalpha():  # «order 1043»
        typed = name.strip()
    subject = typed.lstrip("#")
    with visit.begin() as db:
        events = about(visit, db, subject)["events"]
    if not events:
        words = gettext(
            "Nothing was found for «%(typed)s». Type a phone number, an order's number, or an id.",
            typed=typed,
        )
        return Go(PATH, said=words)
    return Go(f"{PATH}?about={quote(subject)}")
