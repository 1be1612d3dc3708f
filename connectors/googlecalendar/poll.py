"""Reconciliation: what changed in each calendar, by sync tokens; the doorbell only asks for it.

What an event says is compared with what it said when last seen, so that our own marks, a guest's
answer or a colour are no change.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hub.contract import Context, Page, Refused, Request

from . import bookings, client, events
from .bookings import Booking
from .client import Listed
from .cursor import Cursor, Memory, Place
from .documents import Row, moment, private, row, text, whole

OVERLAP = timedelta(minutes=5)
SKEW = timedelta(minutes=2)
_NOT, _CANCELLED = "-", "x"
_NO_BOOKING = (_NOT, _CANCELLED)


def pull(ctx: Context, kept: str) -> Page:
    """One page of one calendar. An empty cursor means "from now"."""
    chosen = client.calendars(ctx.settings)
    if not kept:
        return Page((), Cursor({c: _begin(ctx, c) for c in chosen}).dump())
    at = Cursor.load(kept)
    todo = [c for c in at.todo if c in chosen] or chosen
    calendar, places = todo[0], {c: p for c, p in at.places.items() if c in chosen}
    if calendar in places:
        requests, place = _read(ctx, calendar, places[calendar])
    else:
        requests, place = (), _begin(ctx, calendar)
    left = todo if place.page or not place.sync else todo[1:]
    if calendar not in at.places:
        left = todo[1:]  # a calendar chosen later begins now, and is read in the next round
    following = Cursor(places | {calendar: place}, tuple(left))
    return Page(requests, following.dump(), more=bool(left))


def rewind(settings: Mapping[str, str], kept: str, at: datetime) -> str:
    """A cursor that lists everything again and tells what changed since then; what was told
    already stays known, so that it is not told twice."""
    known, start = Cursor.load(kept).places if kept else {}, _stamp(at)
    anew = Place(since=start, seen=start, high=start)
    places = {
        c: replace(anew, known=known[c].known, forgot=known[c].forgot) if c in known else anew
        for c in client.calendars(settings)
    }
    return Cursor(places).dump()


def _begin(ctx: Context, calendar: str) -> Place:
    # The calendar's last change is "now" by the vendor's own clock; ours bounds how old it is.
    head = client.events(ctx, calendar, maxResults=1, fields="updated,timeZone,accessRole")
    floor = ctx.clock() - SKEW
    start = _stamp(max(moment(head.updated) or floor, floor))
    return Place(since=start, seen=start, high=start, zone=head.zone)


def _read(ctx: Context, calendar: str, place: Place) -> tuple[tuple[Request, ...], Place]:
    try:
        listed = client.listing(ctx, calendar, place.sync, place.page)
    except Refused as error:
        # 410: the token is too old. 400 with a token: it is no longer understood. All is listed
        # again then, and told only where it changed since what was seen.
        if error.code not in ("410", "400") or not (place.sync or place.page):
            raise
        return (), replace(place, sync="", page="")
    reading = _Reading(ctx, calendar, replace(place, zone=listed.zone or place.zone))
    return reading.requests(listed), reading.place_after(listed)


class _Reading:
    """One page being read: what of it is told, and what is remembered."""

    def __init__(self, ctx: Context, calendar: str, place: Place) -> None:
        self.ctx, self.calendar, self.place = ctx, calendar, place
        self.high, self.fresh = place.high or place.seen, dict[str, Memory]()
        seen = moment(place.seen) or ctx.clock()
        self._old = seen if place.first else seen - OVERLAP

    def requests(self, listed: Listed) -> tuple[Request, ...]:
        """What is told of the page, a series' occurrences in time."""
        return tuple(r for event in bookings.in_time(listed.events) for r in self._of(event))

    def place_after(self, listed: Listed) -> Place:
        """Where reading stands after it: nothing is committed before the hub keeps both."""
        place = replace(self.place, high=self.high, page=listed.page).remembering(self.fresh)
        if listed.page:
            return place
        return replace(place, sync=listed.sync, seen=self.high, first=False)

    def _of(self, event: Row) -> Iterator[Request]:
        name = _short(bookings.stable_id(event))
        known = self.fresh.get(name) or self.place.known.get(name)
        digest = self._digest(event, known)
        updated = moment(event.get("updated"))
        self.high = max(self.high, _stamp(updated)) if updated else self.high
        if known is not None and known.digest == digest:
            self.fresh[name] = known
            return
        sequence = whole(event.get("sequence"))
        now = known.next(digest, sequence) if known else Memory(digest, sequence)
        told = self._is_news(event, updated, known)
        if told or (digest not in _NO_BOOKING and self._is_ahead(event)):
            self.fresh[name] = now
        if told and not self._is_ours(event, digest, known):
            yield self._request(event, known, now)

    def _request(self, event: Row, known: Memory | None, now: Memory) -> Request:
        return events.polled(
            event,
            self.calendar,
            self.place.zone,
            sight=self._sight(event, known, now),
            turn=now.turn,
            since=self.place.since,
            read_at=self.ctx.clock().isoformat(),
        )

    def _sight(self, event: Row, known: Memory | None, now: Memory) -> str:
        if known is not None and known.digest == _NOT:
            return events.OLD
        if known is not None:
            was_one = known.digest != _CANCELLED
            return events.GONE if was_one and now.digest in _NO_BOOKING else events.AGAIN
        surely = not self.place.forgot or events.is_new(event, self.place.forgot)
        return events.FIRST if surely and self._is_new(event) else events.OLD

    def _is_new(self, event: Row) -> bool:
        return events.is_new(event, self.place.since)

    def _digest(self, event: Row, known: Memory | None) -> str:
        if event.get("status") == "cancelled":
            return _CANCELLED
        found = bookings.read(event, self.place.zone, self.ctx.settings)
        if isinstance(found, Booking):
            return found.digest
        # A booking that is none any more is as good as cancelled.
        return _NOT if known is None or known.digest == _NOT else _CANCELLED

    def _is_news(self, event: Row, updated: datetime | None, known: Memory | None) -> bool:
        """A sync token gives news only; in a listing of everything, most of it is old."""
        if self.place.sync or (updated is not None and updated > self._old):
            return True
        thin = updated is None and event.get("status") == "cancelled"
        return thin and known is not None

    def _is_ours(self, event: Row, digest: str, known: Memory | None) -> bool:
        noted = private(event)
        if digest == _CANCELLED:
            if known is not None and known.digest == _NOT:
                return True  # it was no booking, so none is cancelled
            freed, changed = moment(noted.get("relaisFreed")), moment(event.get("updated"))
            return bool(freed and changed and abs(changed - freed) <= SKEW)
        # Forgotten by us, but it says what it said when we last wrote on it.
        return known is None and noted.get("relaisDigest") == digest

    def _is_ahead(self, event: Row) -> bool:
        end = row(event.get("end")) or row(event.get("start"))
        ends = moment(end.get("dateTime")) or moment(f"{text(end.get('date'), 10)}T23:59:59Z")
        return ends is None or ends > self.ctx.clock()


def _short(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "ignore")).hexdigest()[:10]


def _stamp(at: datetime) -> str:
    """In a form whose order as text is its order in time."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
