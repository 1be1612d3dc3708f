"""Doorbells and polled records: whose they are, what they are called, what they say. Pure."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from hub.contract import Event, Ignored, Parsed, Pull, Rejected, Request

from . import bookings
from .bookings import Booking
from .documents import Row, document, moment, row, text, whole

FIRST, AGAIN, OLD, GONE = "first", "again", "old", "gone"
_HEADER = "x-relais-calendar"


def verify(request: Request, secrets: Mapping[str, str]) -> None:
    """A push carries our own token and no body; its token is all that proves it."""
    ours = secrets.get("webhook_secret", "").encode()
    token = request.header("x-goog-channel-token").encode("utf-8", "surrogateescape")
    if not ours or not hmac.compare_digest(token, ours):
        raise Rejected("The push does not carry this connection's token.")
    if request.body:
        raise Rejected("A calendar's push has no body, and this one has.")
    if request.method != "POST" or not request.header("x-goog-channel-id"):
        raise Rejected("This is no calendar's push.")


def dedupe(request: Request) -> str:
    """A push by its channel and number; a polled record by what it says."""
    if request.header(_HEADER):
        return f"event:{hashlib.sha256(_lasting(request.body)).hexdigest()[:32]}"
    names = ("x-goog-channel-id", "x-goog-resource-state", "x-goog-message-number")
    return "push:" + ":".join(text(request.header(name), 64) for name in names)


def _lasting(body: bytes) -> bytes:
    # When it was read is left out: a page read again after a crash must have the same names.
    try:
        found = document(body)
    except ValueError:
        return body
    return json.dumps({k: v for k, v in found.items() if k != "read_at"}, sort_keys=True).encode()


def polled(
    event: Row, calendar: str, zone: str, sight: str, turn: int, since: str, read_at: str
) -> Request:
    """An event as `pull` gives it, with what the poll alone knows of it.

    `sight`: "first" seen, seen before and changed ("again"), perhaps seen ("old"), a booking that
    is one no more ("gone"). `turn` counts changes that the event's own `sequence` does not.
    """
    told: dict[str, Any] = {"event": event, "calendar": calendar, "zone": zone, "sight": sight}
    told |= {"turn": turn, "since": since, "read_at": read_at}
    body = json.dumps(told, separators=(",", ":")).encode()
    return Request.of("POST", {"Content-Type": "application/json", _HEADER: "event"}, body)


def parse(request: Request, settings: Mapping[str, str]) -> Parsed:
    """A push rings the bell; a polled record is a booking made, changed or cancelled."""
    if not request.header(_HEADER):
        if request.header("x-goog-resource-state") == "sync":
            return Ignored("The calendar's channel is open.")
        return Pull()
    told = document(request.body)
    event = row(told.get("event"))
    name = bookings.stable_id(event)
    if not name:
        raise ValueError("The calendar's event has no id.")
    subject = f"booking:{_calendar(told)}/{name}"
    booking = bookings.read(event, text(told.get("zone")), settings)
    # A deleted event keeps what it said, or is no more than an id.
    is_thin = event.get("status") == "cancelled" and "start" not in event
    if isinstance(booking, str) and told.get("sight") != GONE and not is_thin:
        return Ignored(booking)
    if isinstance(booking, str) or event.get("status") == "cancelled":
        return [_cancelled(told, subject, booking)]
    return _told(told, subject, booking)


def _told(told: Row, subject: str, booking: Booking) -> list[Event]:
    event, sight = row(told.get("event")), told.get("sight")
    data, found = _data(told, subject, booking), []
    is_made = sight == FIRST or (sight == OLD and is_new(event, text(told.get("since"))))
    if is_made:
        at = moment(event.get("created")) or _changed_at(told)
        key = f"{subject}:created"
        found.append(Event("booking.created", key, subject, at, booking.person, data))
    if not is_made or (sight == OLD and _is_touched(event)):
        key = f"{subject}:{booking.digest}:{_stage(told)}"
        at = _changed_at(told)
        found.append(Event("booking.changed", key, subject, at, booking.person, data))
    return found


def _cancelled(told: Row, subject: str, booking: Booking | str) -> Event:
    key, at = f"{subject}:cancelled:{_stage(told)}", _changed_at(told)
    if isinstance(booking, Booking):
        data = _data(told, subject, booking)
        return Event("booking.cancelled", key, subject, at, booking.person, data)
    data = {"booking_id": subject.rpartition("/")[2], "series": _series(told)}
    return Event("booking.cancelled", key, subject, at, data=data)


def is_new(event: Row, since: str) -> bool:
    """Whether the event was made after the connection; `created` is in whole seconds."""
    made, start = moment(event.get("created")), moment(since)
    return made is not None and start is not None and made >= start - timedelta(seconds=1)


def _is_touched(event: Row) -> bool:
    made, changed = moment(event.get("created")), moment(event.get("updated"))
    late = made is not None and changed is not None and changed - made > timedelta(minutes=1)
    return late or whole(event.get("sequence")) > 0


def _stage(told: Row) -> str:
    turn = whole(told.get("turn"))
    sequence = whole(row(told.get("event")).get("sequence"))
    return f"{sequence}.{turn}" if turn else str(sequence)


def _changed_at(told: Row) -> datetime:
    # A deleted event may be no more than an id: then it is the moment we learned of it.
    changed = moment(row(told.get("event")).get("updated"))
    return changed or moment(told.get("read_at")) or datetime(1970, 1, 1, tzinfo=UTC)


def _series(told: Row) -> str:
    name = bookings.series_of(row(told.get("event")))
    return f"{_calendar(told)}/{name}" if name else ""


def _calendar(told: Row) -> str:
    return bookings.calendar_key(text(told.get("calendar")))


def _data(told: Row, subject: str, booking: Booking) -> dict[str, Any]:
    return {
        "booking_id": subject.rpartition("/")[2],
        "title": booking.title,
        "starts_at": booking.starts_at.isoformat(),
        "ends_at": booking.ends_at.isoformat(),
        "place": booking.place,
        "zone": booking.zone,
        "series": _series(told),
        "booking_url": booking.url,
    }
