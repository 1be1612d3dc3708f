"""Listing events: by times, or by sync tokens, page by page, with the tokens' own strictness."""

import base64
import json
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .memory import Calendar, Memory, Row
from .refusals import Refusal

_APART = (
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMin",
    "timeMax",
    "updatedMin",
)
_PASSING = ("pageToken", "syncToken", "fields", "alt", "prettyPrint", "quotaUser")
Query = Mapping[str, str]


@dataclass
class Listings:
    """Listings under way. `generation` makes older tokens worthless; `thin` says that deleted
    events are told by their id alone."""

    memory: Memory
    generation: int = 0
    thin: bool = False
    _pages: OrderedDict[str, tuple[str, list[str], int, str]] = field(default_factory=OrderedDict)
    _made: int = 0

    def page(self, calendar: Calendar, query: Query) -> Row:
        """One page of a calendar. Raises Refusal."""
        with self.memory.lock:
            kind = json.dumps({k: v for k, v in sorted(query.items()) if k not in _PASSING})
            names, number = self._names(calendar, query, kind)
            most = min(int(query.get("maxResults", "250")), 2500)
            rows, left = self._rows(calendar, names, query, most)
            answer = {
                "kind": "calendar#events",
                "etag": f'"p{number}"',
                "summary": calendar.title,
                "updated": calendar.updated or "2020-01-01T00:00:00.000Z",
                "timeZone": calendar.zone,
                "accessRole": calendar.role,
                "defaultReminders": [],
                "items": rows,
            }
            if left:
                return answer | {"nextPageToken": self._keep(calendar, left, number, kind)}
            syncs = not any(name in query for name in _APART if name not in ("timeMin", "timeMax"))
            token = self._token(calendar, number, kind)
            return answer | ({"nextSyncToken": token} if syncs else {})

    def _names(self, calendar: Calendar, query: Query, kind: str) -> tuple[list[str], int]:
        """What is to be listed, as stored ids ("id" or "id occurrence"), and as of which change."""
        if "syncToken" in query:
            apart = [name for name in _APART if name in query]
            if apart or query.get("showDeleted") == "false":
                raise Refusal(400, "invalid", f"Sync token cannot be used with {apart}.")
        if "pageToken" in query:
            held = self._pages.get(query["pageToken"])
            if held is None:
                raise Refusal(400, "invalid", "Invalid page token value.")
            of, names, number, of_kind = held
            if (of, of_kind) != (calendar.id, kind):
                raise Refusal(400, "invalid", "The page token does not fit this request.")
            return names, number
        if "syncToken" in query:
            since = self._read(calendar, query["syncToken"], kind)
            at = bisect_right(calendar.log, (since, "\uffff"))
            changed = dict.fromkeys(name for _, name in calendar.log[at:])
            # In the order of their latest change; one that changes meanwhile comes again.
            return sorted(changed, key=lambda name: calendar.touched[name]), self.memory.number
        return list(calendar.events), self.memory.number

    def _rows(
        self, calendar: Calendar, names: list[str], query: Query, most: int
    ) -> tuple[list[Row], list[str]]:
        found: list[Row] = []
        for at, name in enumerate(names):
            stored, _, after = name.partition(" ")
            skip = int(after or 0)
            shown = list(self._shown(calendar, stored, query))[skip:]
            if len(found) + len(shown) > most:
                room = most - len(found)
                found += shown[:room]
                return found, [f"{stored} {skip + room}", *names[at + 1 :]]
            found += shown
        if query.get("orderBy") == "startTime":
            found.sort(key=lambda row: str(row.get("start")))
        return found, []

    def _shown(self, calendar: Calendar, name: str, query: Query) -> Iterator[Row]:
        deleted = query.get("showDeleted") == "true" or "syncToken" in query
        if query.get("singleEvents") != "true":
            yield calendar.events[name]
            return
        # From the last to the first: the vendor promises no order.
        for row in reversed(list(self.memory.singles(calendar, name))):
            if row["status"] == "cancelled":
                if deleted:
                    yield self._thinned(row)
            elif _within(row, query):
                yield row

    def _thinned(self, row: Row) -> Row:
        # Only a deleted occurrence is sure to be thin; the organiser's copy of others is whole.
        if not (self.thin or "recurringEventId" in row):
            return row
        kept = ("kind", "etag", "id", "status", "recurringEventId", "originalStartTime")
        return {name: row[name] for name in kept if name in row}

    def _keep(self, calendar: Calendar, left: list[str], number: int, kind: str) -> str:
        self._made += 1
        token = f"page-{self.generation}-{self._made}"
        self._pages[token] = (calendar.id, left, number, kind)
        while len(self._pages) > 500:
            self._pages.popitem(last=False)
        return token

    def forget(self) -> None:
        """Every token given so far is too old."""
        self.generation += 1
        self._pages.clear()

    def _token(self, calendar: Calendar, number: int, kind: str) -> str:
        said = json.dumps([self.generation, calendar.id, number, kind]).encode()
        return base64.urlsafe_b64encode(said).decode()

    def _read(self, calendar: Calendar, token: str, kind: str) -> int:
        try:
            generation, of, number, of_kind = json.loads(base64.urlsafe_b64decode(token))
        except (ValueError, TypeError):
            raise Refusal(400, "invalid", "Invalid sync token value.") from None
        if (of, of_kind) != (calendar.id, kind):
            raise Refusal(400, "invalid", "The sync token does not fit this request.")
        if generation != self.generation:
            raise Refusal(
                410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required."
            )
        return int(number)


def _within(row: Row, query: Query) -> bool:
    first, last = query.get("timeMin"), query.get("timeMax")
    starts, ends = (_instant(row[name]) for name in ("start", "end"))
    after = not first or ends > datetime.fromisoformat(first)
    return after and (not last or starts < datetime.fromisoformat(last))


def _instant(when: dict[str, Any]) -> datetime:
    text = when.get("dateTime") or f"{when['date']}T00:00:00+00:00"
    return datetime.fromisoformat(text)
