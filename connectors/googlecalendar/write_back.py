"""Outcomes → the event's title mark, its colour and its private properties; one patch an event.

The event is read with its etag and changed only while it is still as read; guests are never
written to and never invited again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from hub.contract import Context, Outcome, Refused, Throttled, Written

from . import bookings, client
from .bookings import Booking
from .documents import Row, moment, private, row, text

COLOURS = {
    "confirmed": ("confirmed_colour", "10"),
    "declined": ("declined_colour", "11"),
    "postponed": ("postponed_colour", "5"),
}
_TRIES = 4
_KEPT = 24  # markers; a property takes 1024 characters
# What may follow what within one second, so that a repeated "sent" never hides a "delivered".
_RANK = (
    *("skipped", "sent", "failed", "delivered", "read"),
    *("clicked", "bought", "replied", "opted_out"),
)


@dataclass
class _Patch:
    """What is to be changed on one event, gathered from the outcomes in their order."""

    noted: dict[str, str]
    fields: dict[str, Any] = field(default_factory=dict)


def write(ctx: Context, outcomes: Sequence[Outcome]) -> list[Written]:
    """Answers in the outcomes' order; all outcomes of one event share one patch."""
    written: dict[int, Written] = {}
    by_event: dict[tuple[str, str], list[int]] = {}
    known = {bookings.calendar_key(c): c for c in client.calendars(ctx.settings)}
    for index, outcome in enumerate(outcomes):
        key, _, name = outcome.subject.removeprefix("booking:").partition("/")
        if outcome.subject.startswith("booking:") and name and key in known:
            by_event.setdefault((known[key], name), []).append(index)
        else:
            written[index] = Written(refused="The booking is in no calendar of this connection.")
    for (calendar, name), indexes in by_event.items():
        answer = _tell(ctx, calendar, name, [outcomes[i] for i in indexes])
        written.update(dict.fromkeys(indexes, answer))
    return [written[index] for index in range(len(outcomes))]


def _tell(ctx: Context, calendar: str, name: str, outcomes: Sequence[Outcome]) -> Written:
    for _ in range(_TRIES):
        try:
            event = client.event(ctx, calendar, name)
            return _change(ctx, calendar, event, outcomes)
        except Refused as error:
            if error.code == "412":
                continue  # somebody changed it meanwhile: their words stand, ours are put anew
            gone = error.code in ("404", "410")
            return Written(refused="The event is not in the calendar." if gone else error.words)
    raise Throttled("The event is being changed over and over.", retry_after=30.0)


def _change(ctx: Context, calendar: str, event: Row, outcomes: Sequence[Outcome]) -> Written:
    reference = f"event:{text(event.get('id'), 1024)}"
    standing = _markers(private(event))
    fresh = [o for o in outcomes if sign_of(o.marker) not in standing]
    if not fresh:
        return Written(reference)
    if event.get("status") == "cancelled":
        return Written(refused="The event was deleted from the calendar.")
    body = body_of(event, fresh, ctx.settings, ctx.clock())
    client.patch(ctx, calendar, text(event.get("id"), 1024), text(event.get("etag"), 200), body)
    return Written(reference)


def body_of(
    event: Row, outcomes: Sequence[Outcome], settings: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """The patch that tells these outcomes on an event as it was read; pure."""
    properties = row(event.get("extendedProperties"))
    patch = _Patch({k: v for k, v in row(properties.get("private")).items() if isinstance(v, str)})
    for outcome in sorted(outcomes, key=_stamp):
        _note(patch, outcome)
        if outcome.kind in COLOURS:
            _answer(patch, outcome, event, settings, now)
    markers = [*_markers(patch.noted), *(sign_of(o.marker) for o in outcomes)]
    patch.noted["relaisMarkers"] = " ".join(markers[-_KEPT:])
    booking = bookings.read(event, "", settings)
    # What it said when we wrote on it: so that our own writing is never taken for a change.
    patch.noted["relaisDigest"] = booking.digest if isinstance(booking, Booking) else ""
    # All properties are sent, not ours alone: whether a patch joins or replaces them, they stay.
    return {**patch.fields, "extendedProperties": {**properties, "private": patch.noted}}


def sign_of(marker: str) -> str:
    """An outcome's marker as it stands in a property."""
    plain = marker.isascii() and marker.isalnum() and len(marker) <= 40
    return marker if plain else sha256(marker.encode()).hexdigest()[:32]


def _markers(noted: Mapping[str, str]) -> list[str]:
    return noted.get("relaisMarkers", "").split()


def _note(patch: _Patch, outcome: Outcome) -> None:
    at = outcome.at.astimezone(UTC)
    newest = moment(patch.noted.get("relaisAt"))
    before = (newest, _rank(patch.noted.get("relaisStatus", ""))) if newest else None
    if outcome.kind not in COLOURS and (before is None or _stamp(outcome) >= before):
        patch.noted["relaisStatus"] = outcome.kind
        patch.noted["relaisAt"] = at.isoformat(timespec="seconds")
    if outcome.kind == "replied":
        patch.noted["relaisReply"] = outcome.text[:500]


def _answer(
    patch: _Patch, outcome: Outcome, event: Row, settings: Mapping[str, str], now: datetime
) -> None:
    answered = moment(patch.noted.get("relaisAnsweredAt"))
    if answered and answered > outcome.at:
        return
    patch.noted["relaisAnswer"] = outcome.kind
    patch.noted["relaisAnsweredAt"] = outcome.at.astimezone(UTC).isoformat(timespec="seconds")
    mark = bookings.mark_of(settings, outcome.kind)
    patch.fields["summary"] = mark + bookings.unmarked(event, settings)
    patch.noted["relaisMark"] = mark.strip()
    setting, default = COLOURS[outcome.kind]
    colour = settings.get(setting, default)
    if colour:
        patch.fields["colorId"] = colour
    patch.fields.pop("status", None)
    if outcome.kind == "declined" and settings.get("on_no") == "cancel":
        patch.fields["status"] = "cancelled"
        patch.noted["relaisFreed"] = now.astimezone(UTC).isoformat(timespec="seconds")


def _stamp(outcome: Outcome) -> tuple[datetime, int]:
    return outcome.at.replace(microsecond=0), _rank(outcome.kind)


def _rank(kind: str) -> int:
    return _RANK.index(kind) if kind in _RANK else -1
