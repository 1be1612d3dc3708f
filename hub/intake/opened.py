"""What a batch of intakes turned into, before it is written; and the writing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import Event, Ignored, NotAPhone, Parsed, Person, Phone, Pull, Target
from hub.contract.events import TELLS_OF_UPCOMING, faults_of
from hub.intake.plain import plain
from hub.intake.remembered import Known, as_known
from hub.store import (
    bookings,
    callbacks,
    connections,
    consent,
    events,
    health,
    intakes,
    numbers,
    people,
    records,
)
from hub.store.database import Row, new_id
from hub.store.numbers import Number, number_of
from hub.store.sealing import Vault

_OF_BOOKINGS = (*TELLS_OF_UPCOMING, "booking.cancelled")


@dataclass(frozen=True)
class Source:
    """What came with an intake: its row, its connection, where its people's records are told, and
    whether a workflow there asks for itself."""

    row: Row
    connection: Row | None
    target: Target | None = None
    tells: bool = True


@dataclass
class Opened:
    """The rows to be, gathered over a batch. `silent` are connections that nothing was heard from
    for a while."""

    vault: Vault
    named: dict[numbers.Who, Number] = field(default_factory=dict)
    verdicts: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    people: dict[tuple[UUID, str], dict[str, Any]] = field(default_factory=dict)
    records: list[dict[str, Any]] = field(default_factory=list)
    words: list[dict[str, Any]] = field(default_factory=list)
    callbacks: list[dict[str, Any]] = field(default_factory=list)
    doorbells: list[UUID] = field(default_factory=list)
    silent: set[UUID] = field(default_factory=set)


def sort(opened: Opened, source: Source, parsed: Parsed, known: Known) -> None:
    """Put what one intake means where it belongs."""
    row = source.row
    match parsed:
        case Ignored(reason):
            opened.verdicts[row["id"]] = ("ignored", reason)
        case Pull():
            opened.verdicts[row["id"]] = ("opened", "a doorbell: polled")
            opened.doorbells.append(row["connection_id"])
        case _:
            broken = [fault for event in parsed for fault in faults_of(event)]
            if broken:
                opened.verdicts[row["id"]] = ("bad", " ".join(broken)[:500])
                return
            opened.verdicts[row["id"]] = ("opened", "")
            _sort(opened, source, [as_known(event, row, known) for event in parsed], known)


def _sort(opened: Opened, source: Source, told: Sequence[Event], known: Known) -> None:
    people: dict[Person, _Whose] = {}
    for event in told:
        who = event.person
        whose = people.get(who) or people.setdefault(who, _whose(opened, source, who, known))
        _add(opened, source, event, whose)


@dataclass(frozen=True)
class _Whose:
    """Whom an event is about: the number, where one can be read, and what the row says of them."""

    number: Number | None
    person: dict[str, Any]


def _add(opened: Opened, source: Source, event: Event, whose: _Whose) -> None:
    row = source.row
    found = plain({
        "id": new_id(),
        "workspace_id": row["workspace_id"],
        "connection_id": row["connection_id"],
        "intake_id": row["id"],
        "type": event.type,
        "key": event.key,
        "subject": event.subject,
        "cart": event.cart,
        "occurred_at": event.occurred_at,
        "received_at": row["received_at"],
        "data": dict(event.data),
        "person": whose.person,
        "phone": whose.number.token if whose.number else "",
    })  # fmt: skip
    opened.events.append(found)
    if event.callback:
        _wait(opened, source, event, found["id"])


def _whose(opened: Opened, source: Source, who: Person, known: Known) -> _Whose:
    """The person, named and remembered; all events of one intake are mostly about the same."""
    phone, problem = _phone(who, source, known)
    number = _named(opened, source.row["workspace_id"], phone) if phone else None
    if number:
        _remember(opened, source, who, number)
    person = {
        "country": phone.country if phone else who.country,
        "kind": phone.kind if phone else "",
        "phone_problem": problem,
        "first_name": who.first_name,
        "last_name": who.last_name,
        "email": who.email,
        "language": who.language,
        "zone": who.zone,
        "record": who.record,
    }
    return _Whose(number, person)


def _named(opened: Opened, workspace_id: UUID, phone: Phone) -> Number:
    number = number_of(opened.vault, workspace_id, phone)
    opened.named[workspace_id, number.token] = number
    return number


def _phone(who: Person, source: Source, known: Known) -> tuple[Phone | None, str]:
    workspace_id = source.row["workspace_id"]
    if who.look_up and not who.phone and who.email:
        tokens = known.tokens.get((workspace_id, who.email.lower()), ())
        found = [p for token in tokens if (p := known.phones.get((workspace_id, token)))]
        if len(found) == 1:
            return found[0], ""
        many = "Several people have this e-mail address." if found else ""
        return None, many or "Nobody with this e-mail address and a phone number is known."
    try:
        return Phone.parse(who.phone, who.country or source.row["country"]), ""
    except NotAPhone as problem:
        return None, str(problem)


def _wait(opened: Opened, source: Source, event: Event, event_id: UUID) -> None:
    row, callback = source.row, event.callback
    if callback is None or row["connection_id"] is None:
        return
    opened.callbacks.append(
        {
            "id": new_id(),
            "workspace_id": row["workspace_id"],
            "connection_id": row["connection_id"],
            "event_id": event_id,
            "door": row["door"],
            "reference": callback.reference[:300].replace("\x00", ""),
            "waits_for": callback.waits_for,
            "deadline_at": row["received_at"] + callback.within,
            "state": "waiting" if source.tells else "asked_for",
            "due_at": row["received_at"],
        }
    )


def _remember(opened: Opened, source: Source, who: Person, number: Number) -> None:
    row = source.row
    key = (row["workspace_id"], number.token)
    known = opened.people.get(key)
    fresh = {
        "first_name": who.first_name,
        "last_name": who.last_name,
        "email": who.email,
        "language": who.language,
        "zone": who.zone,
    }
    base = {"id": new_id(), "workspace_id": key[0], "phone": key[1], "country": number.country}
    merged = {**(known or base), **{k: v or (known or {}).get(k, "") for k, v in fresh.items()}}
    opened.people[key] = plain(merged)
    if who.record and source.target and source.target.takes(who.record):
        where = {"workspace_id": key[0], "connection_id": row["connection_id"], "phone": key[1]}
        opened.records.append(plain({**where, "record": who.record}))
    if who.consent:
        opened.words.append(
            plain({
                "id": new_id(),
                "workspace_id": key[0],
                "phone": key[1],
                "verdict": "granted" if who.consent.granted else "withdrawn",
                "source": who.consent.source,
                "connection_id": row["connection_id"],
                "said_at": who.consent.at,
                "wording": who.consent.text,
            })
        )  # fmt: skip


def write(db: Connection, opened: Opened, now: datetime) -> None:
    """All of it, in the transaction that closes the intakes."""
    named = ((workspace, number) for (workspace, _), number in opened.named.items())
    people.keep_named(db, opened.vault, named, list(opened.people.values()))
    records.keep_all(db, opened.records, now)
    records.spread(db, consent.add_all(db, opened.words), now)
    news = events.add_all(db, opened.events)
    fresh = [e for e in opened.events if e["id"] in news]
    bookings.keep_all(db, [_booking(e) for e in fresh if e["type"] in _OF_BOOKINGS])
    callbacks.add_all(db, [c for c in opened.callbacks if c["event_id"] in news])
    heard = {e["connection_id"] for e in fresh} & opened.silent
    health.heard_from(db, sorted(heard), now)
    for intake_id in _told_before(opened, {e["intake_id"] for e in fresh}):
        opened.verdicts[intake_id] = ("ignored", "Nothing new: all of it was known.")
    intakes.close(db, opened.verdicts)
    for connection_id in opened.doorbells:
        connections.ring(db, connection_id, now)


def _booking(event: Mapping[str, Any]) -> dict[str, Any]:
    data = event["data"]
    return {
        "workspace_id": event["workspace_id"],
        "connection_id": event["connection_id"],
        "subject": event["subject"],
        "event_id": event["id"],
        "occurred_at": event["occurred_at"],
        "phone": event["phone"],
        "title": data.get("title", ""),
        "starts_at": data.get("starts_at"),
        "zone": data.get("zone", ""),
        "state": "cancelled" if event["type"] == "booking.cancelled" else "booked",
    }


def _told_before(opened: Opened, with_news: set[UUID]) -> Iterator[UUID]:
    for intake_id, (state, reason) in list(opened.verdicts.items()):
        if state == "opened" and not reason and intake_id not in with_news:
            yield intake_id
