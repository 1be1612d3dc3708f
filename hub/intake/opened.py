"""What a batch of intakes turned into, before it is written; and the writing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from hub.contract import Event, Ignored, NotAPhone, Parsed, Person, Phone, Pull, Target
from hub.contract.events import TELLS_OF_UPCOMING, faults_of
from hub.intake.plain import plain
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
class Known:
    """What the hub knows and the vendor did not say: tokens by e-mail address, bookings of which
    only the end is told, and the numbers of both by (workspace, token)."""

    tokens: Mapping[tuple[UUID, str], Sequence[str]] = field(default_factory=dict)
    bookings: Mapping[tuple[UUID, str], Row] = field(default_factory=dict)
    phones: Mapping[numbers.Who, Phone] = field(default_factory=dict)


def known_of(
    db: Connection,
    vault: Vault,
    emails: Sequence[tuple[UUID, str]],
    gone: Sequence[tuple[UUID, str]],
) -> Known:
    """What is known under these e-mail addresses, and of these bookings."""
    tokens, ended = people.by_emails(db, emails), bookings.by_subjects(db, gone)
    who = {(workspace, token) for (workspace, _), found in tokens.items() for token in found}
    who |= {(b["workspace_id"], b["phone"]) for b in ended.values() if b["phone"]}
    return Known(tokens, ended, numbers.phones(db, vault, who))


@dataclass(frozen=True)
class Source:
    """What came with an intake: its row, its merchant, where its people's records are told, and
    whether a workflow there asks for itself."""

    row: Row
    shop: Row
    target: Target | None = None
    tells: bool = True


@dataclass
class Opened:
    """The rows to be, gathered over a batch."""

    vault: Vault
    named: dict[numbers.Who, Number] = field(default_factory=dict)
    verdicts: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    people: dict[tuple[UUID, str], dict[str, Any]] = field(default_factory=dict)
    records: list[dict[str, Any]] = field(default_factory=list)
    words: list[dict[str, Any]] = field(default_factory=list)
    callbacks: list[dict[str, Any]] = field(default_factory=list)
    doorbells: list[UUID] = field(default_factory=list)


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
            for event in parsed:
                _add(opened, source, event, known)


def looked_up(source: Source, parsed: Parsed) -> Iterator[tuple[UUID, str]]:
    """The (workspace, e-mail address) pairs whose number the hub must find."""
    if isinstance(parsed, Ignored | Pull):
        return
    for event in parsed:
        who = event.person
        if who.look_up and who.email and not who.phone:
            yield source.row["workspace_id"], who.email.lower()


def ended(source: Source, parsed: Parsed) -> Iterator[tuple[UUID, str]]:
    """The (connection, subject) pairs of cancelled bookings whose person is not told any more."""
    if isinstance(parsed, Ignored | Pull) or source.row["connection_id"] is None:
        return
    for event in parsed:
        if _is_thinly_ended(event):
            yield source.row["connection_id"], event.subject


def _is_thinly_ended(event: Event) -> bool:
    return event.type == "booking.cancelled" and not event.person.phone


def _remembered(event: Event, booking: Row | None, phone: Phone | None) -> Event:
    """A cancelled booking as it was known, where the vendor says no more than that it is gone."""
    if booking is None:
        return event
    data = {"title": booking["title"], "zone": booking["zone"]}
    if booking["starts_at"]:
        zone = _zone(booking["zone"])
        data["starts_at"] = booking["starts_at"].astimezone(zone).isoformat()
    told = {name: value for name, value in event.data.items() if value}
    person = replace(event.person, phone=phone.e164 if phone else "", look_up=False)
    return replace(event, person=person, data={**data, **told})


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return UTC


def _add(opened: Opened, source: Source, event: Event, known: Known) -> None:
    row = source.row
    if _is_thinly_ended(event):
        booking = known.bookings.get((row["connection_id"], event.subject))
        whose = (row["workspace_id"], booking["phone"] if booking else "")
        event = _remembered(event, booking, known.phones.get(whose))
    who = event.person
    phone, problem = _phone(who, source, known)
    number = _named(opened, row["workspace_id"], phone) if phone else None
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
        "person": person,
        "phone": number.token if number else "",
    })  # fmt: skip
    opened.events.append(found)
    if event.callback:
        _wait(opened, source, event, found["id"])
    if number:
        _remember(opened, source, who, number)


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
        return Phone.parse(who.phone, who.country or source.shop["country"]), ""
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
    numbers.keep_all(db, opened.vault, ((who, n) for (who, _), n in opened.named.items()))
    people.keep_all(db, list(opened.people.values()))
    records.keep_all(db, opened.records, now)
    records.spread(db, consent.add_all(db, opened.words), now)
    news = events.add_all(db, opened.events)
    fresh = [e for e in opened.events if e["id"] in news]
    bookings.keep_all(db, [_booking(e) for e in fresh if e["type"] in _OF_BOOKINGS])
    callbacks.add_all(db, [c for c in opened.callbacks if c["event_id"] in news])
    health.heard_from(db, [e["connection_id"] for e in fresh if e["connection_id"]], now)
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
