"""What the hub remembers and the vendor did not say: whose e-mail address it is, what a booking was
of which only the end is told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from hub.contract import Event, Ignored, Parsed, Phone, Pull
from hub.store import bookings, numbers, people
from hub.store.database import Row
from hub.store.sealing import Vault


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


def looked_up(row: Row, parsed: Parsed) -> Iterator[tuple[UUID, str]]:
    """The (workspace, e-mail address) pairs whose number the hub must find."""
    if isinstance(parsed, Ignored | Pull):
        return
    for event in parsed:
        who = event.person
        if who.look_up and who.email and not who.phone:
            yield row["workspace_id"], who.email.lower()


def ended(row: Row, parsed: Parsed) -> Iterator[tuple[UUID, str]]:
    """The (connection, subject) pairs of cancelled bookings whose person is not told any more."""
    if isinstance(parsed, Ignored | Pull) or row["connection_id"] is None:
        return
    for event in parsed:
        if _is_thinly_ended(event):
            yield row["connection_id"], event.subject


def _is_thinly_ended(event: Event) -> bool:
    return event.type == "booking.cancelled" and not event.person.phone


def as_known(event: Event, row: Row, known: Known) -> Event:
    """An event of this intake, completed by what is remembered where that is needed."""
    if not _is_thinly_ended(event):
        return event
    booking = known.bookings.get((row["connection_id"], event.subject))
    whose = (row["workspace_id"], booking["phone"] if booking else "")
    return _remembered(event, booking, known.phones.get(whose))


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
