"""What can be done about one person: a word of consent noted, a block lifted, everything handed
over, everything forgotten."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

import orjson
from flask_babel import gettext, ngettext

from hub.intake import by_hand
from hub.report.whole_person import everything
from hub.store import forgetting, people, person_past
from hub.store.database import row
from hub.web.pages import written
from hub.web.pages.people.desk import ONE, PATH, found, phone_of, seen, shop_of, wing
from hub.web.pages.people.one import page
from hub.web.pages.visits import Visit
from hub.web.pages.wings import File, Go, Shown

_VERDICTS = ("granted", "withdrawn", "stopped")
_DIGITS = 4


@wing.way(f"POST {ONE}/consent", may="manage")
def say(visit: Visit, person_id: UUID) -> Shown | Go:
    """Note what they said, where, and when."""
    form, now = visit.form, visit.ground.clock()
    at, wrong = _given(visit, now)
    if wrong or at is None:
        return page(visit, person_id, form, wrong)
    verdict = form["verdict"]
    with visit.begin() as db:
        person = found(visit, db, person_id)
        phone = phone_of(visit, db, person)
        by_hand.say(
            db, visit.ground.vault, visit.workspace_id, phone, verdict=verdict,
            source=form["source"].strip()[:100], wording=form.get("wording", "").strip()[:1000],
            said_at=at, now=now,
        )  # fmt: skip
        visit.note(db, "person.consent_noted", person_id, verdict=verdict)
    return Go(f"{PATH}/{person_id}", said=gettext("It is noted, with where it comes from."))


def _given(visit: Visit, now: datetime) -> tuple[datetime | None, dict[str, str]]:
    """When it was said, and what is wrong with the form."""
    form, wrong = visit.form, dict[str, str]()
    source = form.get("source", "").strip()
    if form.get("verdict") not in _VERDICTS:
        wrong["verdict"] = gettext("Choose what they said.")
    if not source:
        wrong["source"] = gettext("Say where they said it: without that it is no evidence.")
    elif source.lower() in by_hand.OURS:
        wrong["source"] = gettext("Only the hub itself writes this source. Name yours.")
    at = _moment(form.get("day", ""), now)
    if at is None:
        wrong["day"] = gettext("Give the day on which they said it, not one in the future.")
    return at, wrong


def _moment(typed: str, now: datetime) -> datetime | None:
    """A day in the workspace's zone: today is this moment, another day its noon."""
    zone = written.zone()
    try:
        day = datetime.fromisoformat(typed).date()
    except ValueError:
        return None
    today = now.astimezone(zone).date()
    if day == today:
        return now
    return datetime.combine(day, time(12), zone) if day.year >= 1970 and day < today else None


@wing.way(f"POST {ONE}/lift", may="manage")
def lift(visit: Visit, person_id: UUID) -> Go:
    """Try the number again."""
    with visit.begin() as db:
        person = found(visit, db, person_id)
        people.lift(db, visit.workspace_id, person["phone"], visit.ground.clock())
        visit.note(db, "person.block_lifted", person_id)
    said = gettext("The block is lifted: the next message to this number is tried.")
    return Go(f"{PATH}/{person_id}", said=said)


@wing.way(f"GET {ONE}/everything.json", may="manage", fresh=True)
def hand_over(visit: Visit, person_id: UUID) -> File:
    """Everything the hub keeps of them, for whoever asks for theirs."""
    with visit.begin() as db:
        person = found(visit, db, person_id)
        phone, shop = phone_of(visit, db, person), shop_of(visit, db)
        kept = everything(db, visit.ground.vault, shop, person["phone"], phone.e164)
        visit.note(db, "person.exported", person_id)
    body = orjson.dumps(kept, default=str, option=orjson.OPT_INDENT_2)
    return File(f"person-{phone.e164[-_DIGITS:]}.json", "application/json", body)


@wing.way(f"GET {ONE}/erase", may="manage", fresh=True)
def ask_erase(visit: Visit, person_id: UUID) -> Shown:
    """What erasing them does, and what it leaves."""
    return _before(visit, person_id, {})


@wing.way(f"POST {ONE}/erase", may="manage", fresh=True)
def erase(visit: Visit, person_id: UUID) -> Shown | Go:
    """Forget them, for ever, once the end of their number was typed."""
    with visit.begin() as db:
        person = found(visit, db, person_id)
        phone = phone_of(visit, db, person)
    if visit.form.get("digits", "").strip() != phone.e164[-_DIGITS:]:
        words = gettext("These are not the last four digits of their number. Nothing was erased.")
        return _before(visit, person_id, {"digits": words})
    proof = forgetting.erase(
        visit.ground.database, visit.workspace_id, person["phone"], visit.ground.clock(),
        f"user:{visit.user_id}",
    )  # fmt: skip
    said = gettext("They are forgotten. The proof is %(proof)s.", proof=proof["id"])
    return Go(PATH, said=said)


def _before(visit: Visit, person_id: UUID, wrong: dict[str, str]) -> Shown:
    with visit.begin() as db:
        person = found(visit, db, person_id)
        values: dict[str, Any] = {
            "person": person,
            "number": seen(visit, db, [person]).get(person["phone"], ""),
            "messages": _messages(db, visit.workspace_id, person["phone"]),
            "known_from": person_past.known_from(db, visit.workspace_id, person["phone"]),
        }
    values |= {"wrong": wrong, "form": {}, "here": PATH}
    return Shown("people/erase.html", values, 422 if wrong else 200)


def _messages(db: Any, workspace_id: UUID, phone: str) -> str:
    counted = row(
        db,
        """SELECT count(*) AS n FROM (SELECT 1 FROM messages
           WHERE workspace_id = :workspace_id AND phone = :phone LIMIT 10000) m""",
        workspace_id=workspace_id,
        phone=phone,
    )
    return str(ngettext("%(num)s message", "%(num)s messages", counted["n"] if counted else 0))
