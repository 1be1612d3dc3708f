"""What the settings would read, shown while installing; and the calendars one can choose."""

from collections.abc import Mapping, Sequence

from hub.contract import Context, NotAPhone, Phone, Preview

from . import bookings, client, phones
from .documents import Row, text

COLUMNS = ("When", "Title", "Phone found in", "Phone")
MOST = 10
_NAMES = {
    "description": "description",
    "location": "place",
    "summary": "title",
    "property": "property",
    "attendee": "guest's e-mail",
}


def preview(ctx: Context) -> Preview:
    """The ten events of the chosen calendars that were touched last, as they would be read."""
    found: list[tuple[str, Row, str]] = []
    for calendar in client.calendars(ctx.settings):
        listed = client.recent(ctx, calendar)
        found += [(text(e.get("updated"), 40), e, listed.zone) for e in listed.events]
    found.sort(key=lambda one: one[0], reverse=True)
    read = [_row(event, zone, ctx.settings) for _, event, zone in found[:MOST]]
    return Preview(COLUMNS, tuple(read), _words(read))


def options(ctx: Context, field: str) -> Sequence[tuple[str, str]]:
    """The choices of a live field: the calendars of the account."""
    return client.known_calendars(ctx) if field == "calendars" else ()


def _row(event: Row, zone: str, settings: Mapping[str, str]) -> tuple[str, str, str, str]:
    booking = bookings.read(event, zone, settings)
    if isinstance(booking, str):
        return "", text(event.get("summary"), 80), booking, ""
    place, raw = phones.find(event, settings)
    when = f"{booking.starts_at:%Y-%m-%d %H:%M} {booking.zone}"
    return when, booking.title[:80], _NAMES.get(place, "nowhere"), _masked(raw, settings)


def _masked(raw: str, settings: Mapping[str, str]) -> str:
    if not raw:
        return ""
    try:
        return Phone.parse(raw, settings.get("country", "")).masked
    except NotAPhone as error:
        return str(error)


def _words(read: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    if not read:
        return ("There is no event in the last and the next sixty days.",)
    booked = [one for one in read if one[0]]
    without = sum(one[2] == "nowhere" for one in booked)
    said = []
    if without:
        said.append(f"{without} of {len(read)} events have no phone: nobody is texted for them.")
    if len(booked) < len(read):
        said.append(f"{len(read) - len(booked)} of {len(read)} events are no bookings.")
    return tuple(said)
