"""An answer by hand as a message like any other: its template, its price, whether it may go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import Connection

from hub.automations.direct import ask_for
from hub.automations.facts import Verdict
from hub.send.previewing import preview
from hub.store import consent, messages, numbers, prices, templates
from hub.store.database import Row
from hub.store.numbers import Number
from hub.web.pages.messages.rows import MICROS
from hub.web.pages.visits import Visit

# The answer's own template: one free value. A merchant may add a signature to it.
SLUG = "inbox-answer"
LONGEST = 480  # characters: a value of a template holds 500
_MOST_PARTS = 4
_OPEN_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Weight:
    """What a text costs to send: its parts, what fits in the last, the price where one is known;
    `problem` is why it cannot be sent."""

    parts: int
    left: int
    price: Decimal | None
    currency: str
    problem: str
    dear: bool


def closed(visit: Visit, db: Connection, phone: str, last: datetime) -> str:
    """Why no answer can be sent to this person, in words; "" where one can.

    A STOP ends marketing; free text cannot be told from it, so it is not sent either.
    """
    who = (visit.workspace_id, phone)
    known = consent.standing(db, [visit.workspace_id], [phone]).get(who)
    if known is not None and known.stop is not None:
        return str(gettext("They said STOP, so no answer goes from here. "
                           "They can come back by writing START."))  # fmt: skip
    if last < visit.ground.clock() - _OPEN_FOR:
        return str(gettext("They last wrote more than 30 days ago, so this is no answer any more. "
                           "Wait until they write again."))  # fmt: skip
    if who not in numbers.phones(db, visit.ground.vault, [who]):
        return str(gettext("Their number was erased, so nothing can be sent to it."))
    return ""


def weigh(visit: Visit, db: Connection, phone: str, text: str) -> Weight:
    """What this text takes, as the sender would count it."""
    words = _words(visit, db)
    sms = preview(visit.ground, db, visit.workspace_id, words, given={"text_1": text})["sms"]
    parts, who = len(sms["parts"]), (visit.workspace_id, phone)
    found = numbers.phones(db, visit.ground.vault, [who]).get(who)
    known = prices.prices_of(db, visit.workspace_id)
    price = known.get(("sms", found.country if found else "")) or known.get(("sms", ""))
    return Weight(
        parts, sms["left"], Decimal(price[0] * parts) / MICROS if price else None,
        price[1] if price else "", _problem(text, parts, words["max_parts"], sms["problem"]),
        sms["encoding"] == "UCS2",
    )  # fmt: skip


def send(visit: Visit, db: Connection, phone: str, text: str) -> tuple[Verdict, Row | None]:
    """Ask for it by the usual road, with every check: (verdict, the message or None)."""
    who = (visit.workspace_id, phone)
    number = Number(phone, numbers.phones(db, visit.ground.vault, [who])[who])
    last = messages.last_to(db, [who]).get(who)
    if templates.get(db, visit.workspace_id, SLUG) is None:
        _plant(visit, db)
    _, message_id, verdict = ask_for(
        db,
        visit.workspace_id,
        template=SLUG,
        number=number,
        variables={"text_1": numbers.tokened(visit.ground.vault, visit.workspace_id, text)},
        language=last["language"] if last else "",
        now=visit.ground.clock(),
    )
    return verdict, _made(db, visit.workspace_id, message_id)


def _made(db: Connection, workspace_id: UUID, message_id: UUID | None) -> Row | None:
    return messages.get(db, workspace_id, message_id) if message_id else None


def _problem(text: str, parts: int, most: int, problem: str) -> str:
    if not text:
        return str(gettext("Write an answer first."))
    if len(text) > LONGEST or parts > most:
        return str(gettext("It is too long for one answer. Shorten it."))
    return str(gettext("It cannot be written: %(why)s", why=problem)) if problem else ""


def _words(visit: Visit, db: Connection) -> Mapping[str, Any]:
    found = templates.get(db, visit.workspace_id, SLUG)
    return found or {**templates.USUAL, **_own(), "kind": "transactional"}


def _own() -> dict[str, Any]:
    return {
        "title": str(gettext("Answer from the inbox")), "texts": {"en": "{{ text_1 }}"},
        "max_parts": _MOST_PARTS, "expects_replies": True,
    }  # fmt: skip


def _plant(visit: Visit, db: Connection) -> None:
    templates.save(db, visit.workspace_id, SLUG, kind="transactional", **_own())
