"""The lines of the log: who, what, how it stands and why, when, what it cost, how far it came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import blake2b
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import Connection

from hub.contract import Phone
from hub.store import log_lines, numbers
from hub.store.database import Row
from hub.web.pages.messages import dots
from hub.web.pages.messages.words import happening_of, name_of, reason_of, record_of
from hub.web.pages.visits import Visit

MICROS = Decimal(1_000_000)


@dataclass(frozen=True)
class Line:
    """One line. `person` is a number as the reader may see it; `cost` is with its `currency`, and
    None where nothing was paid."""

    id: UUID
    path: str
    who: str
    person: str
    what: str
    about: str
    state: str
    reason: str
    at: datetime
    dots: Sequence[dots.Dot]
    cost: Decimal | None = None
    currency: str = ""
    token: str = ""
    row: Row | None = None

    @property
    def first_name(self) -> str:
        """As a title calls them; the number where nobody told a name."""
        return str((self.row or {}).get("first_name") or self.person)


def lines_of(visit: Visit, db: Connection, found: Sequence[Row]) -> list[Line]:
    """Rows of hub.store.log_lines as lines."""
    known = opened(visit, db, found)
    return [
        _message(one, known) if one["table"] == "messages" else _decision(one, known)
        for one in found
    ]


def opened(visit: Visit, db: Connection, found: Sequence[Row]) -> Mapping[str, str]:
    """Their numbers by token: whole for whom may see them, else the middle hidden."""
    who = {(one["workspace_id"], one["phone"]) for one in found if one["phone"]}
    seen = numbers.phones(db, visit.ground.vault, who)
    whole = visit.may("numbers")
    return {token: number_words(phone, whole) for (_, token), phone in seen.items()}


def number_words(phone: Phone, whole: bool) -> str:
    """A number for whoever reads it."""
    return phone.e164 if whole else phone.masked


def person_of(row: Row, known: Mapping[str, str]) -> str:
    """Their number; words where it was erased, or never there."""
    if not row["phone"]:
        return str(gettext("no number"))
    return known.get(row["phone"]) or str(gettext("a number that was erased"))


def cost_of(row: Row) -> tuple[Decimal | None, str]:
    """What the carrier says it cost, else what the ledger has."""
    if row["micros"]:
        return Decimal(row["micros"]) / MICROS, row["in_currency"]
    if row["price"] is not None and row["currency"]:
        return row["price"], row["currency"]
    return None, ""


def mark_of(found: Sequence[Line]) -> str:
    """Changes with anything that a list of lines shows; begins with the newest line's id."""
    said = "|".join(
        f"{one.id}{one.state}{one.reason}{one.cost}{[dot.state for dot in one.dots]}"
        for one in found
    )
    newest = found[0].id.hex if found else "0" * 32
    return newest + blake2b(said.encode(), digest_size=8).hexdigest()


def since_of(mark: str) -> UUID | None:
    """The newest line's id of an earlier mark; None for what is none."""
    try:
        return UUID(hex=mark[:32])
    except ValueError:
        return None


def _message(row: Row, known: Mapping[str, str]) -> Line:
    cost, currency = cost_of(row)
    person = person_of(row, known)
    return Line(
        row["id"], f"/messages/{row['id']}", name_of(row) or person, person, row["title"],
        record_of(row["subject"], row["number"]) or happening_of(row["type"]), row["state"],
        reason_of(row), row["sending_at"] or row["created_at"], dots.dots_of(row), cost, currency,
        row["phone"], row,
    )  # fmt: skip


def _decision(row: Row, known: Mapping[str, str]) -> Line:
    person = person_of(row, known)
    return Line(
        row["id"], f"/decisions/{row['id']}", name_of(row) or person, person,
        row["named"] or row["template"] or "",
        record_of(row["subject"] or "", row["number"]) or happening_of(row["type"]), "skipped",
        reason_of(row), row["decided_at"], dots.of_decision(),
        token=row["phone"], row=row,
    )  # fmt: skip


def recent_roads(visit: Visit, db: Connection, limit: int = 20) -> list[Line]:
    """What arrived last, each with how far it came: for Home, in three questions."""
    found = log_lines.recent_events(db, visit.workspace_id, limit)
    came: dict[UUID, Row] = {}
    for message in log_lines.of_events(db, [one["id"] for one in found]):
        came.setdefault(message["event_id"], message)
    known = opened(visit, db, found)
    return [_event(one, came.get(one["id"]), known) for one in found]


def _event(event: Row, message: Row | None, known: Mapping[str, str]) -> Line:
    person = person_of(event, known)
    who = name_of(event) or person
    about = record_of(event["subject"], event["number"])
    road = dots.of_event(event, message)
    if message is not None:
        cost, currency = cost_of(message)
        return Line(
            event["id"], f"/messages/{message['id']}", who, person, happening_of(event["type"]),
            about, message["state"], reason_of(message), event["received_at"], road, cost, currency,
        )  # fmt: skip
    state = {"new": "waiting", "dead": "dead"}.get(event["state"], "skipped")
    named = event["decision_id"] is not None and state == "skipped"
    path = f"/decisions/{event['decision_id']}" if named else f"/events/{event['id']}"
    reason = reason_of({**event, "state": state}) if named else ""
    if state == "skipped" and not named:
        state, reason = "ignored", gettext("No automation listens to this")
    return Line(event["id"], path, who, person, happening_of(event["type"]), about, state, reason,
                event["received_at"], road)  # fmt: skip
