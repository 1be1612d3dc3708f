"""A message to one person: a template that says nothing but who they are, by the same road and the
same checks as any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import Connection

from hub.automations.direct import ask_for
from hub.automations.facts import Verdict
from hub.send.previewing import preview
from hub.store import messages, prices, templates
from hub.store.database import Row
from hub.store.numbers import number_of
from hub.web.pages.people.desk import ONE, PATH, found, phone_of, shop_of, wing
from hub.web.pages.templates.showing import spoken
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Shown

_OF_THEM = frozenset({"first_name", "last_name", "brand"})


@dataclass(frozen=True)
class Letter:
    """A template as this person would get it; `micros` is what it costs, None where no price is
    known."""

    row: Row
    language: str
    made: Mapping[str, Any]
    micros: int | None
    currency: str

    @property
    def problem(self) -> str:
        """Why it cannot be written; empty where it can."""
        return str(self.made["sms"]["problem"])


@wing.way(f"GET {ONE}/write", may="send")
def ask(visit: Visit, person_id: UUID) -> Shown:
    """Which template, how it looks on their phone, and what it costs."""
    return _page(visit, person_id, visit.args.get("template", ""), None)


@wing.way(f"POST {ONE}/write", may="send")
def send(visit: Visit, person_id: UUID) -> Shown | Go:
    """Ask every check, and plan the message where all of them say yes."""
    slug, verdict, message = visit.form.get("template", ""), None, None
    with visit.begin() as db:
        person = found(visit, db, person_id)
        chosen = _chosen(visit, db, person, _fitting(db, visit.workspace_id), slug)
        if chosen is not None and not chosen.problem:
            verdict, message = _sent(visit, db, person, chosen)
    if message is None:
        return _page(visit, person_id, slug, verdict)
    visit.ring(f"send_{message['kind']}")
    return Go(f"/messages/{message['id']}", said=gettext("It is on its way."))


def _sent(visit: Visit, db: Connection, person: Row, chosen: Letter) -> tuple[Verdict, Row | None]:
    phone = phone_of(visit, db, person)
    _, message_id, verdict = ask_for(
        db,
        visit.workspace_id,
        template=chosen.row["slug"],
        number=number_of(visit.ground.vault, visit.workspace_id, phone),
        variables=_names(person),
        language=chosen.language,
        now=visit.ground.clock(),
    )
    found_message = messages.get(db, visit.workspace_id, message_id) if message_id else None
    if message_id:
        visit.note(db, "person.written_to", message_id, template=chosen.row["slug"])
    return verdict, found_message


def _page(visit: Visit, person_id: UUID, slug: str, verdict: Verdict | None) -> Shown:
    with visit.begin() as db:
        person = found(visit, db, person_id)
        fitting = _fitting(db, visit.workspace_id)
        chosen = _chosen(visit, db, person, fitting, slug)
        phone = phone_of(visit, db, person)
    values = {
        "person": person, "fitting": fitting, "chosen": chosen, "verdict": verdict, "here": PATH,
        "number": phone.e164 if visit.may("numbers") else phone.masked,
    }  # fmt: skip
    return Shown("people/write.html", values, 422 if verdict else 200)


def _fitting(db: Connection, workspace_id: UUID) -> Sequence[Row]:
    """The templates that need nothing but who the person is: no order, no cart, no page."""
    return [
        one
        for one in templates.listed(db, workspace_id)
        if spoken(one) - set(one["defaults"]) <= _OF_THEM and not one["coupon"] and not one["page"]
    ]


def _chosen(
    visit: Visit, db: Connection, person: Row, fitting: Sequence[Row], slug: str
) -> Letter | None:
    known = next((one for one in fitting if one["slug"] == slug), next(iter(fitting), None))
    if known is None:
        return None
    usual = shop_of(visit, db)["language"]
    wanted = [one for one in (person["language"][:2], usual) if one in known["texts"]]
    language = wanted[0] if wanted else next(iter(known["texts"]))
    made = preview(
        visit.ground, db, visit.workspace_id, known, language=language, given=_names(person)
    )
    micros, currency = _price(db, visit.workspace_id, person["country"], made)
    return Letter(known, language, made, micros, currency)


def _price(
    db: Connection, workspace_id: UUID, country: str, made: Mapping[str, Any]
) -> tuple[int | None, str]:
    known = prices.prices_of(db, workspace_id)
    price = known.get(("sms", country)) or known.get(("sms", ""))
    if price is None:
        return None, ""
    return price[0] * max(1, len(made["sms"]["parts"])), price[1]


def _names(person: Row) -> dict[str, str]:
    return {n: person[n] for n in ("first_name", "last_name") if person[n]}
